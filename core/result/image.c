/* SPDX-License-Identifier: MIT */
#include "core/result/image.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/atomic_file.h"
#include "core/io/image_encode.h"
#include "core/result/viridis.h"

enum { RGB = 3 };

enum tfu_status tfu_image_new(struct tfu_image *out, int64_t height, int64_t width,
                              struct tfu_error *e)
{
    *out = (struct tfu_image){.pixel = NULL};
    if (height < 1 || width < 1 || height > TFU_IMAGE_SIDE_MAX || width > TFU_IMAGE_SIDE_MAX)
        return tfu_error_set(e, TFU_EINVAL,
                             "an image of %lld x %lld pixels cannot be drawn; each side is 1 to %d",
                             (long long)height, (long long)width, TFU_IMAGE_SIDE_MAX);
    const size_t bytes = (size_t)(height * width) * RGB;
    unsigned char *pixel = malloc(bytes);
    if (!pixel)
        return tfu_error_memory(e, "drawing an image", bytes);
    memset(pixel, 255, bytes);
    *out = (struct tfu_image){height, width, pixel};
    return TFU_OK;
}

void tfu_image_free(struct tfu_image *i)
{
    free(i->pixel);
    *i = (struct tfu_image){.pixel = NULL};
}

static unsigned char level(double v, double low, double high)
{
    if (!isfinite(v))
        return 0;
    const double share = high > low ? (v - low) / (high - low) : 0.5;
    return (unsigned char)(fmin(fmax(share, 0), 1) * 255 + 0.5);
}

void tfu_image_from_numbers(struct tfu_image *i, const float *numbers, int64_t channels, double low,
                            double high)
{
    for (int64_t p = 0; p < i->height * i->width; p++) {
        const float *x = numbers + p * channels;
        double mean = 0;
        for (int64_t c = 0; c < channels; c++)
            mean += (double)x[c] / (double)channels;
        for (int64_t c = 0; c < RGB; c++)
            i->pixel[p * RGB + c] = level(channels == RGB ? (double)x[c] : mean, low, high);
    }
}

static double mix(double a, double b, double share)
{
    return a + (b - a) * share;
}

void tfu_image_overlay(struct tfu_image *i, const float *map, double share)
{
    for (int64_t p = 0; p < i->height * i->width; p++) {
        unsigned char *to = i->pixel + p * RGB;
        /* Rec. 601 luma */
        const double gray = 0.299 * to[0] + 0.587 * to[1] + 0.114 * to[2];
        double colour[RGB];
        tfu_viridis_colour((double)map[p], colour);
        for (int c = 0; c < RGB; c++)
            to[c] = (unsigned char)(mix(gray, colour[c], share) + 0.5);
    }
}

static void paste(struct tfu_image *to, const struct tfu_image *tile, int64_t top, int64_t left,
                  int64_t scale)
{
    for (int64_t y = 0; y < tile->height * scale; y++)
        for (int64_t x = 0; x < tile->width * scale; x++)
            memcpy(to->pixel + ((top + y) * to->width + left + x) * RGB,
                   tile->pixel + (y / scale * tile->width + x / scale) * RGB, RGB);
}

static void fill(struct tfu_image *i, const unsigned char colour[RGB])
{
    for (int64_t p = 0; p < i->height * i->width; p++)
        memcpy(i->pixel + p * RGB, colour, RGB);
}

enum tfu_status tfu_image_grid(struct tfu_image *out, const struct tfu_image *tile, int64_t count,
                               int64_t columns, int64_t scale, int64_t gap, struct tfu_error *e)
{
    static const unsigned char between[RGB] = {0xa6, 0xc4, 0xe8};
    const int64_t rows = (count + columns - 1) / columns;
    const int64_t step_y = tile[0].height * scale + gap, step_x = tile[0].width * scale + gap;
    const enum tfu_status st = tfu_image_new(out, rows * step_y + gap, columns * step_x + gap, e);
    if (st != TFU_OK)
        return st;
    fill(out, between);
    for (int64_t i = 0; i < count; i++)
        paste(out, &tile[i], i / columns * step_y + gap, i % columns * step_x + gap, scale);
    return TFU_OK;
}

enum tfu_status tfu_image_write(const struct tfu_image *i, const char *path, struct tfu_error *e)
{
    const struct tfu_pixels pixels = {(int)i->height, (int)i->width, RGB, i->pixel};
    void *bytes;
    size_t n;
    enum tfu_status st = tfu_encode_png(&pixels, &bytes, &n, e);
    if (st != TFU_OK) {
        tfu_error_prefix(e, "%s", path);
        return st;
    }
    st = tfu_atomic_write_file(path, bytes, n, e);
    free(bytes);
    return st;
}
