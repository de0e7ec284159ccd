/* SPDX-License-Identifier: MIT
 *
 * gray_images.h - are the images that a network sees gray, though it gets colours?
 */
#ifndef TFU_CORE_STUDY_GRAY_IMAGES_H
#define TFU_CORE_STUDY_GRAY_IMAGES_H

#include "core/data/dataset.h"

enum { TFU_GRAY_LOOKED_AT = 16 }; /* images, from first to last */

/* *out: they have several channels, and before their mean and deviation these were equal but for
 * the rounding of a file of 8 bits, in all images that are looked at. */
enum tfu_status tfu_images_are_gray(const struct tfu_dataset *d, bool *out, struct tfu_error *e);

#endif
