/* SPDX-License-Identifier: MIT
 *
 * bright.h - what is dark in an image: each pixel by the largest of its channels, in 256 steps.
 */
#ifndef TFU_PLUGINS_TRANSFORM_BRIGHT_H
#define TFU_PLUGINS_TRANSFORM_BRIGHT_H

#include <transfuse/transform.h>

static inline double bright_number(const struct tfu_tensor *t, int64_t at)
{
    const double x = t->dtype == TFU_U8    ? (double)((const uint8_t *)t->data)[at] / 255
                     : t->dtype == TFU_U16 ? (double)((const uint16_t *)t->data)[at] / 65535
                                           : (double)((const float *)t->data)[at];
    return x > 0 ? x < 1 ? x : 1 : 0;
}

/* One number a pixel, in memory of the example; NULL: there is none. */
static inline uint8_t *bright_of(const struct tfu_tensor *image, struct tfu_example_host *h)
{
    const int64_t pixels = image->shape.dim[0] * image->shape.dim[1];
    const int64_t channels = image->shape.dim[2];
    uint8_t *out = h->alloc(h, (size_t)pixels);
    for (int64_t i = 0; out && i < pixels; i++) {
        double most = 0;
        for (int64_t c = 0; c < channels; c++) {
            const double x = bright_number(image, i * channels + c);
            most = x > most ? x : most;
        }
        out[i] = (uint8_t)(most * 255 + 0.5);
    }
    return out;
}

#endif
