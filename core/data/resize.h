/* SPDX-License-Identifier: MIT
 *
 * resize.h - bilinear resizing with antialiasing: a triangle filter that widens when the image
 * shrinks, half-pixel centres. The same numbers as PIL's BILINEAR on float images and PyTorch's
 * interpolate(antialias=True).
 */
#ifndef TFU_CORE_DATA_RESIZE_H
#define TFU_CORE_DATA_RESIZE_H

#include "core/base/error.h"

struct tfu_resize;

/* From height x width to new_height x new_width. */
enum tfu_status tfu_resize_new(struct tfu_resize **out, int64_t height, int64_t width,
                               int64_t new_height, int64_t new_width, int64_t channels,
                               struct tfu_error *e);
void tfu_resize_free(struct tfu_resize *r);
/* Floats of scratch that one call needs. */
size_t tfu_resize_scratch(const struct tfu_resize *r);
/* (H,W,C) to (new H,new W,C). [any thread, with scratch of its own] */
void tfu_resize_run(const struct tfu_resize *r, const float *in, float *scratch, float *out);

#endif
