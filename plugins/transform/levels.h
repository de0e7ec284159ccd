/* SPDX-License-Identifier: MIT
 *
 * levels.h - what histograms are made of: an image's numbers from 0 to 1 in so many levels, each
 * channel on its own, or the largest of a pixel's channels (the value of HSV), by whose change all
 * of them are then scaled, so that hue and saturation stay.
 */
#ifndef TFU_PLUGINS_TRANSFORM_LEVELS_H
#define TFU_PLUGINS_TRANSFORM_LEVELS_H

#include <math.h>
#include <string.h>

#include "pixels.h"

enum { LEVELS_EACH = 0, LEVELS_VALUE = 1 };
static const char *const levels_choices[] = {"each", "value", NULL};

#define LEVELS_HELP                                                                                \
    "each: every channel on its own; value: the largest of a pixel's channels, by which all of "   \
    "them are scaled, so that hue and saturation stay"

/* Makes new numbers, 0 to 1, of the levels of H,W pixels. */
typedef enum tfu_status levels_work(const void *how, const uint16_t *level, int64_t height,
                                    int64_t width, float *out, struct tfu_example_host *h);

/* The number that is looked at, of channel `c` of a pixel. */
static inline double levels_number(const float *pixel, int64_t channels, int64_t c, int32_t by)
{
    double x = pixel_cut((double)pixel[by == LEVELS_EACH ? c : 0]);
    for (int64_t k = 1; by == LEVELS_VALUE && k < channels; k++)
        x = fmax(x, pixel_cut((double)pixel[k]));
    return x;
}

/* Of a pixel whose value was `from`: black becomes gray. */
static inline void levels_scale(float *pixel, int64_t channels, double from, double to)
{
    for (int64_t k = 0; k < channels; k++)
        pixel[k] = (float)(from > 0 ? pixel_cut((double)pixel[k]) * to / from : to);
}

/* Runs `work` on each channel, or on the value. `levels` is from 2 to 65536. */
static inline enum tfu_status levels_run(const struct tfu_example *x, int64_t levels, int32_t by,
                                         levels_work *work, const void *how,
                                         struct tfu_example_host *h)
{
    enum tfu_status st;
    struct tfu_tensor *image = pixel_floats(x, h, &st);
    if (!image)
        return st;
    const int64_t height = image->shape.dim[0], width = image->shape.dim[1];
    const int64_t channels = image->shape.dim[2], pixels = height * width;
    uint16_t *level = h->alloc(h, (size_t)pixels * sizeof *level);
    float *out = h->alloc(h, (size_t)pixels * sizeof *out);
    if (!level || !out)
        return TFU_ENOMEM;
    for (int64_t c = 0; st == TFU_OK && c < (by == LEVELS_EACH ? channels : 1); c++) {
        float *pixel = image->data;
        for (int64_t i = 0; i < pixels; i++)
            level[i] = (uint16_t)(levels_number(pixel + i * channels, channels, c, by) *
                                      (double)(levels - 1) +
                                  0.5);
        st = work(how, level, height, width, out, h);
        for (int64_t i = 0; st == TFU_OK && i < pixels; i++, pixel += channels)
            if (by == LEVELS_EACH)
                pixel[c] = out[i];
            else
                levels_scale(pixel, channels, levels_number(pixel, channels, 0, by),
                             (double)out[i]);
    }
    return st;
}

#endif
