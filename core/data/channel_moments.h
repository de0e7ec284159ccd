/* SPDX-License-Identifier: MIT
 *
 * channel_moments.h - mean and deviation of the channels of images, each image of the same weight
 * whatever its size.
 */
#ifndef TFU_CORE_DATA_CHANNEL_MOMENTS_H
#define TFU_CORE_DATA_CHANNEL_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TFU_MOMENTS_CHANNELS = 4 };

/* Of one image, and, added up, of many: the means of the numbers of its first channels and of their
 * squares. */
struct tfu_channel_moments {
    double mean[TFU_MOMENTS_CHANNELS], square[TFU_MOMENTS_CHANNELS];
};

/* Of an image of `pixels` x `channels` numbers. */
void tfu_channel_moments_take(struct tfu_channel_moments *out, const float *image, int64_t pixels,
                              int64_t channels);
/* Sums depend on their order: added in that of the images, they are always the same. */
void tfu_channel_moments_add(struct tfu_channel_moments *sum,
                             const struct tfu_channel_moments *image);
/* Of `images` that were added, rounded to the six digits in which they are shown and pasted. */
void tfu_channel_moments_numbers(const struct tfu_channel_moments *sum, int64_t images,
                                 size_t channel, double *mean, double *deviation);

#endif
