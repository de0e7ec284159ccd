/* SPDX-License-Identifier: MIT
 *
 * pixels.h - an example's image as floats from 0 to 1, of any number of channels.
 */
#ifndef TFU_PLUGINS_TRANSFORM_PIXELS_H
#define TFU_PLUGINS_TRANSFORM_PIXELS_H

#include <transfuse/transform.h>

static inline double pixel_cut(double x)
{
    return x > 0 ? x < 1 ? x : 1 : 0;
}

/* An image that may be changed where it lies; NULL: h->fail() has said why not. */
static inline struct tfu_tensor *pixel_floats(const struct tfu_example *x,
                                              struct tfu_example_host *h, enum tfu_status *st)
{
    struct tfu_tensor *image = tfu_example_find(x, TFU_FIELD_IMAGE);
    *st = image ? h->to_floats(h, image)
                : h->fail(h, TFU_EINVAL, "the example has no image; the dataset is to add one");
    return *st == TFU_OK ? image : NULL;
}

#endif
