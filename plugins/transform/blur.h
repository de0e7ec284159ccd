/* SPDX-License-Identifier: MIT
 *
 * blur.h - a Gaussian over an image of floats, first along rows, then along columns, as
 * torchvision's gaussian_blur() with a kernel of 2 ceil(3 sigma) + 1; beyond the edges the image is
 * mirrored.
 */
#ifndef TFU_PLUGINS_TRANSFORM_BLUR_H
#define TFU_PLUGINS_TRANSFORM_BLUR_H

#include "exact.h"
#include "pixels.h"
#include "reflect.h"

#include <transfuse/transform.h>

/* exp(-i^2 / (2 sigma^2)) for i from 0 to `reach`, so that the whole kernel sums to 1. */
static inline void blur_weights(double *weight, int64_t reach, double sigma)
{
    double sum = 0;
    for (int64_t i = 0; i <= reach; i++) {
        const double t = (double)i / sigma;
        weight[i] = t < 37 ? exact_exp(-t * t / 2) : 0;
        sum += (i ? 2 : 1) * weight[i];
    }
    for (int64_t i = 0; i <= reach; i++)
        weight[i] /= sum;
}

/* Of `length` pixels, each `step` numbers behind the one before; `line` has room for all of them
 * and `reach` at both ends. */
static inline void blur_line(const float *from, float *to, int64_t length, int64_t step,
                             const double *weight, int64_t reach, double *line)
{
    for (int64_t i = -reach; i < length + reach; i++)
        line[i + reach] = (double)from[reflect(i, length) * step];
    for (int64_t i = 0; i < length; i++) {
        const double *middle = line + i + reach;
        double sum = weight[0] * middle[0];
        for (int64_t k = 1; k <= reach; k++)
            sum += weight[k] * (middle[-k] + middle[k]);
        to[i * step] = (float)sum;
    }
}

/* The image blurred, in new memory; NULL: there is none. `sigma` is above 0, in pixels. */
static inline float *blur_make(const struct tfu_tensor *image, double sigma,
                               struct tfu_example_host *h)
{
    const int64_t height = image->shape.dim[0], width = image->shape.dim[1];
    const int64_t channels = image->shape.dim[2], row = width * channels;
    const int64_t longer = height > width ? height : width;
    const double three = ceil(3 * sigma);
    /* farther than that a mirrored image repeats itself: what is left of the kernel is cut off */
    const int64_t reach = three < 8.0 * (double)longer ? (int64_t)three : 8 * longer;
    float *to = h->alloc(h, (size_t)(height * row) * sizeof *to);
    double *weight = h->alloc(h, (size_t)(3 * (reach + 1) + longer) * sizeof *weight);
    if (!to || !weight)
        return NULL;
    double *line = weight + reach + 1;
    blur_weights(weight, reach, sigma);
    for (int64_t y = 0; y < height; y++)
        for (int64_t c = 0; c < channels; c++)
            blur_line((const float *)image->data + y * row + c, to + y * row + c, width, channels,
                      weight, reach, line);
    for (int64_t i = 0; i < row; i++)
        blur_line(to + i, to + i, height, row, weight, reach, line);
    return to;
}

/* The example's image blurred. */
static inline enum tfu_status blur_image(const struct tfu_example *x, double sigma,
                                         struct tfu_example_host *h)
{
    enum tfu_status st;
    struct tfu_tensor *image = pixel_floats(x, h, &st);
    float *blurred = image ? blur_make(image, sigma, h) : NULL;
    if (!blurred)
        return image ? TFU_ENOMEM : st;
    image->data = blurred;
    return TFU_OK;
}

#endif
