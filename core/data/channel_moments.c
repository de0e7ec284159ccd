/* SPDX-License-Identifier: MIT */
#include "core/data/channel_moments.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void tfu_channel_moments_take(struct tfu_channel_moments *out, const float *image, int64_t pixels,
                              int64_t channels)
{
    *out = (struct tfu_channel_moments){.mean = {0}};
    for (int64_t c = 0; c < channels && c < TFU_MOMENTS_CHANNELS; c++) {
        double sum = 0, squares = 0;
        for (int64_t i = 0; i < pixels; i++) {
            const double v = (double)image[i * channels + c];
            sum += v;
            squares += v * v;
        }
        out->mean[c] = sum / (double)pixels;
        out->square[c] = squares / (double)pixels;
    }
}

void tfu_channel_moments_add(struct tfu_channel_moments *sum,
                             const struct tfu_channel_moments *image)
{
    for (size_t c = 0; c < TFU_MOMENTS_CHANNELS; c++) {
        sum->mean[c] += image->mean[c];
        sum->square[c] += image->square[c];
    }
}

static double rounded(double v)
{
    char text[32];
    snprintf(text, sizeof text, "%.6g", v);
    return strtod(text, NULL);
}

void tfu_channel_moments_numbers(const struct tfu_channel_moments *sum, int64_t images,
                                 size_t channel, double *mean, double *deviation)
{
    const double m = sum->mean[channel] / (double)images;
    const double variance = sum->square[channel] / (double)images - m * m;
    *mean = rounded(m);
    *deviation = variance > 0 ? rounded(sqrt(variance)) : 0;
}
