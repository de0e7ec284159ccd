/* SPDX-License-Identifier: MIT
 *
 * resize.h - resizing with antialiasing: a filter that widens when the image shrinks, half-pixel
 * centres. The same numbers as PIL's BILINEAR and BICUBIC on float images and PyTorch's
 * interpolate(antialias=True, mode="bilinear").
 */
#ifndef TFU_CORE_DATA_RESIZE_H
#define TFU_CORE_DATA_RESIZE_H

#include <stdbool.h>

#include "core/base/error.h"

#include <transfuse/tensor.h>

struct tfu_resize;

/* From height x width to new_height x new_width, by a triangle. */
enum tfu_status tfu_resize_new(struct tfu_resize **out, int64_t height, int64_t width,
                               int64_t new_height, int64_t new_width, int64_t channels,
                               struct tfu_error *e);
/* By cubic convolution, which goes beyond what is beside an edge. With `clip` that is cut at 0 and
 * 1 in each of the two directions, as PIL does with integers. */
enum tfu_status tfu_resize_new_bicubic(struct tfu_resize **out, int64_t height, int64_t width,
                                       int64_t new_height, int64_t new_width, int64_t channels,
                                       bool clip, struct tfu_error *e);
void tfu_resize_free(struct tfu_resize *r);
/* Bytes of scratch that one call needs, aligned as malloc() does: some rows, whatever the height.
 */
size_t tfu_resize_scratch(const struct tfu_resize *r);
/* (H,W,C) to (new H,new W,C). Numbers of 8 and 16 bits (`dtype`) are floats from 0 to 1 first, as
 * tfu_example_copy_floats() makes them. [any thread, with scratch of its own] */
void tfu_resize_run(const struct tfu_resize *r, uint32_t dtype, const void *in, void *scratch,
                    float *out);

#endif
