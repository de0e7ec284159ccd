/* SPDX-License-Identifier: MIT
 *
 * explain_image.h - an example of the data as a picture, with a map of what a network sees in it
 * laid over.
 */
#ifndef TFU_CORE_ANALYSIS_EXPLAIN_IMAGE_H
#define TFU_CORE_ANALYSIS_EXPLAIN_IMAGE_H

#include "core/data/dataset.h"
#include "core/result/image.h"

struct tfu_explain_map {
    const float *number; /* height x width, none below 0 */
    int64_t height, width;
    double share; /* of its colour, 0 to 1; the rest is the image */
};

/* `pixels` as tfu_dataset_get() gives them: what was done to them is undone; where that is not
 * known, black is the least number and white the largest. `map` may be NULL; it is resized to the
 * image, and its largest number becomes the brightest colour. */
enum tfu_status tfu_explain_image(struct tfu_image *out, const struct tfu_dataset *data,
                                  const float *pixels, const struct tfu_explain_map *map,
                                  struct tfu_error *e);

#endif
