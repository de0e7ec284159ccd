/* SPDX-License-Identifier: MIT */
#include "core/audit/perceptual.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/resize.h"

enum { SIDE = 64, KEPT = 16 };

/* ITU-R 601 of three channels or more, else the first. */
static float *to_gray(const float *pixels, int64_t count, int64_t channels)
{
    float *gray = malloc((size_t)count * sizeof *gray);
    for (int64_t i = 0; gray && i < count; i++) {
        const float *p = pixels + i * channels;
        gray[i] = channels < 3 ? p[0] : 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2];
    }
    return gray;
}

static enum tfu_status shrink(const float *gray, int64_t height, int64_t width, float *out,
                              struct tfu_error *e)
{
    struct tfu_resize *r;
    enum tfu_status st = tfu_resize_new(&r, height, width, SIDE, SIDE, 1, e);
    if (st != TFU_OK)
        return st;
    void *scratch = malloc(tfu_resize_scratch(r) + 1);
    if (scratch)
        tfu_resize_run(r, TFU_F32, gray, scratch, out);
    else
        st = tfu_error_memory(e, "comparing images", 0);
    free(scratch);
    tfu_resize_free(r);
    return st;
}

/* cos(pi i / 2 SIDE) of a whole turn. */
static void fill_turn(double turn[4 * SIDE])
{
    for (size_t i = 0; i < (size_t)4 * SIDE; i++)
        turn[i] = cos(3.14159265358979323846 * (double)i / (2 * SIDE));
}

/* out[k] = sum of in[x] cos(pi (2x + 1) k / 2 SIDE) for the lowest KEPT k, of `lines` lines. */
static void cosines(const double *turn, const double *in, size_t lines, size_t next, size_t line,
                    double *out)
{
    for (size_t l = 0; l < lines; l++)
        for (size_t k = 0; k < KEPT; k++) {
            double sum = 0;
            for (size_t x = 0; x < SIDE; x++)
                sum += in[l * line + x * next] * turn[(2 * x + 1) * k % (4 * SIDE)];
            out[l * KEPT + k] = sum;
        }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void hash(const float *small, struct tfu_perceptual_hash *out)
{
    double turn[4 * SIDE], image[SIDE * SIDE], rows[SIDE * KEPT], low[KEPT * KEPT],
        sorted[KEPT * KEPT];
    for (size_t i = 0; i < SIDE * SIDE; i++)
        image[i] = (double)small[i];
    fill_turn(turn);
    cosines(turn, image, SIDE, 1, SIDE, rows);
    cosines(turn, rows, KEPT, KEPT, 1, low);
    memcpy(sorted, low, sizeof low);
    qsort(sorted, KEPT * KEPT, sizeof *sorted, ascending);
    const double median = (sorted[KEPT * KEPT / 2 - 1] + sorted[KEPT * KEPT / 2]) / 2;
    *out = (struct tfu_perceptual_hash){.word = {0}};
    for (size_t i = 0; i < KEPT * KEPT; i++)
        out->word[i / 64] |= (uint64_t)(low[i] > median) << i % 64;
}

enum tfu_status tfu_perceptual_take(struct tfu_perceptual_hash *out, const float *pixels,
                                    int64_t height, int64_t width, int64_t channels,
                                    struct tfu_error *e)
{
    float small[SIDE * SIDE];
    float *gray = to_gray(pixels, height * width, channels);
    if (!gray)
        return tfu_error_memory(e, "comparing images", (size_t)(height * width) * sizeof *gray);
    const enum tfu_status st = shrink(gray, height, width, small, e);
    if (st == TFU_OK)
        hash(small, out);
    free(gray);
    return st;
}

int tfu_perceptual_distance(const struct tfu_perceptual_hash *a,
                            const struct tfu_perceptual_hash *b)
{
    int bits = 0;
    for (size_t i = 0; i < TFU_PERCEPTUAL_WORDS; i++)
        bits += __builtin_popcountll(a->word[i] ^ b->word[i]);
    return bits;
}
