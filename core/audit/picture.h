/* SPDX-License-Identifier: MIT
 *
 * picture.h - one example as a picture of a given size: its image, and over it what lies in it.
 */
#ifndef TFU_CORE_AUDIT_PICTURE_H
#define TFU_CORE_AUDIT_PICTURE_H

#include "core/io/preprocessing.h"
#include "core/result/image.h"

#include <transfuse/example.h>

/* As large as fits into side x side, into `out` at (top, left). Numbers of 0 to 1 are black to
 * white; with `undo` the image was normalised by it, which is taken back first. Masks tint, boxes
 * and points are drawn in the colour of their class. `height` and `width` get those of the image.
 */
enum tfu_status tfu_picture_draw(struct tfu_image *out, int64_t top, int64_t left, int64_t side,
                                 const struct tfu_example *x, const struct tfu_preprocessing *undo,
                                 int64_t *height, int64_t *width, struct tfu_error *e);

#endif
