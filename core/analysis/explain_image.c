/* SPDX-License-Identifier: MIT */
#include "core/analysis/explain_image.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/resize.h"

/* `out` gets the pixels as they were before normalisation, in the order red, green, blue. */
static void undo_preprocessing(const struct tfu_dataset *data, const float *pixels, float *out,
                               double *low, double *high)
{
    const struct tfu_preprocessing *p = tfu_dataset_preprocessing(data);
    const struct tfu_dataset_info *info = tfu_dataset_info(data);
    const int64_t n = info->height * info->width, C = info->channels;
    const bool known = p->channels == (size_t)C;
    const bool reversed = known && C == 3 && p->order && strcmp(p->order, "bgr") == 0;
    *low = known ? 0 : INFINITY;
    *high = known ? 1 : -INFINITY;
    for (int64_t i = 0; i < n * C; i++) {
        const int64_t c = i % C;
        double x = (double)pixels[i];
        if (known)
            x = x * p->deviation[c] + p->mean[c];
        else if (isfinite(x)) {
            *low = fmin(*low, x);
            *high = fmax(*high, x);
        }
        out[i - c + (reversed ? C - 1 - c : c)] = (float)x;
    }
}

/* The map at the image's size, from 0 to 1 by its own largest number; of zeros it stays zeros. */
static enum tfu_status scale_map(const struct tfu_explain_map *map, int64_t height, int64_t width,
                                 float *out, struct tfu_error *e)
{
    struct tfu_resize *resize;
    enum tfu_status st = tfu_resize_new(&resize, map->height, map->width, height, width, 1, e);
    if (st != TFU_OK)
        return st;
    const size_t scratch = tfu_resize_scratch(resize);
    void *room = malloc(scratch + 1);
    if (room)
        tfu_resize_run(resize, TFU_F32, map->number, room, out);
    else
        st = tfu_error_memory(e, "drawing a map", scratch);
    free(room);
    tfu_resize_free(resize);
    float most = 0;
    for (int64_t i = 0; st == TFU_OK && i < height * width; i++)
        most = fmaxf(most, out[i]);
    for (int64_t i = 0; st == TFU_OK && most > 0 && i < height * width; i++)
        out[i] /= most;
    return st;
}

enum tfu_status tfu_explain_image(struct tfu_image *out, const struct tfu_dataset *data,
                                  const float *pixels, const struct tfu_explain_map *map,
                                  struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(data);
    const size_t bytes = (size_t)(info->height * info->width * info->channels) * sizeof(float);
    enum tfu_status st = tfu_image_new(out, info->height, info->width, e);
    if (st != TFU_OK)
        return st;
    float *number = malloc(bytes); /* of the image, then of the map, which has one channel */
    if (!number) {
        tfu_image_free(out);
        return tfu_error_memory(e, "drawing an image", bytes);
    }
    double low, high;
    undo_preprocessing(data, pixels, number, &low, &high);
    tfu_image_from_numbers(out, number, info->channels, low, high);
    if (map)
        st = scale_map(map, info->height, info->width, number, e);
    if (st == TFU_OK && map)
        tfu_image_overlay(out, number, map->share);
    if (st != TFU_OK)
        tfu_image_free(out);
    free(number);
    return st;
}
