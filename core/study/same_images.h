/* SPDX-License-Identifier: MIT
 *
 * same_images.h - may activations of two networks be compared row by row?
 */
#ifndef TFU_CORE_STUDY_SAME_IMAGES_H
#define TFU_CORE_STUDY_SAME_IMAGES_H

#include "core/data/dataset.h"

/* Is example i of both the same example of the same data, whatever was done to it since? */
bool tfu_images_are_same(const struct tfu_dataset *a, const struct tfu_dataset *b);

#endif
