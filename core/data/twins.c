/* SPDX-License-Identifier: MIT */
#include "core/data/twins.h"

#include <stdlib.h>
#include <string.h>

#include "core/data/range.h"

/* Decoding a small image is no work, and neither is it for a few large ones. */
enum { SMALL = 1 << 14, FEW = 1 << 24, MANY = 1 << 26 };

struct digest {
    uint64_t value;
    int64_t index;
};

bool tfu_twins_are_cheap(const struct tfu_dataset *a, const struct tfu_dataset *b)
{
    const int64_t x = (int64_t)tfu_dataset_source_pixels(a);
    const int64_t y = (int64_t)tfu_dataset_source_pixels(b);
    const int64_t most = x <= SMALL && y <= SMALL ? MANY : FEW;
    return tfu_dataset_info(a)->count <= most / x && tfu_dataset_info(b)->count <= most / y;
}

static uint64_t mix(uint64_t x)
{
    x ^= x >> 32;
    x *= UINT64_C(0xd6e8feb86659fd93);
    x ^= x >> 32;
    x *= UINT64_C(0xd6e8feb86659fd93);
    return x ^ x >> 32;
}

static uint64_t digest(const float *pixels, size_t n)
{
    uint64_t value = n;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &pixels[i], sizeof bits);
        value = mix(value + bits + UINT64_C(0x9e3779b97f4a7c15));
    }
    return value;
}

static int by_value(const void *a, const void *b)
{
    const struct digest *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* Sorted; those of images that are not constant, `count` of them. */
static enum tfu_status take(const struct tfu_dataset *d, struct digest **out, int64_t *count,
                            struct tfu_error *e)
{
    const int64_t images = tfu_dataset_info(d)->count;
    *out = calloc((size_t)images, sizeof **out);
    *count = 0;
    enum tfu_status st = *out ? TFU_OK : tfu_error_memory(e, "comparing images", 0);
    for (int64_t i = 0; st == TFU_OK && i < images; i++) {
        struct tfu_dataset_image x;
        st = tfu_dataset_get_images(d, i, &x, NULL, e);
        const size_t channels = (size_t)x.channels, n = (size_t)(x.height * x.width) * channels;
        if (st == TFU_OK && n > channels && !tfu_range_is_constant(x.pixels, n, channels))
            (*out)[(*count)++] = (struct digest){digest(x.pixels, n), i};
        free(x.pixels);
    }
    if (st == TFU_OK)
        qsort(*out, (size_t)*count, sizeof **out, by_value);
    return st;
}

static int by_value_alone(const void *a, const void *b)
{
    const struct digest *x = a, *y = b;
    return x->value < y->value ? -1 : x->value > y->value;
}

enum tfu_status tfu_twins_find(struct tfu_twins *out, const struct tfu_dataset *a,
                               const struct tfu_dataset *b, struct tfu_error *e)
{
    struct digest *x = NULL, *y = NULL;
    int64_t x_count, y_count;
    *out = (struct tfu_twins){.in_b = -1};
    enum tfu_status st = take(a, &x, &x_count, e);
    if (st == TFU_OK)
        st = take(b, &y, &y_count, e);
    for (int64_t i = 0; st == TFU_OK && i < y_count; i++) {
        const struct digest *twin = bsearch(&y[i], x, (size_t)x_count, sizeof *x, by_value_alone);
        if (!twin)
            continue;
        if (out->in_b < 0 || y[i].index < out->in_b) {
            out->in_a = twin->index;
            out->in_b = y[i].index;
        }
        out->count++;
    }
    free(x);
    free(y);
    return st;
}
