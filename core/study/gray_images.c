/* SPDX-License-Identifier: MIT */
#include "core/study/gray_images.h"

#include <math.h>
#include <stdlib.h>

static bool is_gray(const float *pixel, int64_t pixels, const struct tfu_preprocessing *p)
{
    const double rounding = 1.5 / 255;
    for (int64_t i = 0; i < pixels; i++, pixel += p->channels)
        for (size_t c = 1; c < p->channels; c++) {
            const double first = (double)pixel[0] * p->deviation[0] + p->mean[0];
            const double other = (double)pixel[c] * p->deviation[c] + p->mean[c];
            if (!(fabs(other - first) <= rounding))
                return false;
        }
    return true;
}

enum tfu_status tfu_images_are_gray(const struct tfu_dataset *d, bool *out, struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    const struct tfu_preprocessing *p = tfu_dataset_preprocessing(d);
    const int64_t pixels = info->height * info->width;
    *out = p->channels > 1 && (int64_t)p->channels == info->channels && pixels > 0;
    if (!*out)
        return TFU_OK;
    const size_t n = (size_t)(pixels * info->channels);
    float *image = calloc(n, sizeof *image);
    enum tfu_status st =
        image ? TFU_OK : tfu_error_memory(e, "looking at images", n * sizeof *image);
    for (int64_t i = 0; st == TFU_OK && *out && i < TFU_GRAY_LOOKED_AT; i++) {
        st = tfu_dataset_get(d, i * (info->count - 1) / (TFU_GRAY_LOOKED_AT - 1), image, NULL, e);
        if (st == TFU_OK)
            *out = is_gray(image, pixels, p);
    }
    free(image);
    return st;
}
