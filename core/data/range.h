/* SPDX-License-Identifier: MIT
 *
 * range.h - the numbers that pixels are, of some images: before and after `normalise`, and whether
 * the one fits the other.
 */
#ifndef TFU_CORE_DATA_RANGE_H
#define TFU_CORE_DATA_RANGE_H

#include "core/data/dataset.h"

struct tfu_range_numbers {
    double min, max, mean, deviation;
};

struct tfu_range {
    int64_t images;                    /* that were looked at */
    int64_t constant, first_constant;  /* images whose pixels are all alike, and one of them */
    struct tfu_range_numbers raw;      /* as the plugin has them */
    struct tfu_range_numbers prepared; /* as a network sees them */
};

/* Looks at up to `images` of a split, evenly spread over it. */
enum tfu_status tfu_range_take(struct tfu_range *out, const struct tfu_dataset *d, int64_t images,
                               struct tfu_error *e);

/* Are all of an image's pixels alike? One of a single pixel is not looked at that way. */
bool tfu_range_is_constant(const float *pixels, size_t numbers, size_t channels);

enum tfu_range_verdict { TFU_RANGE_FITS, TFU_RANGE_ODD, TFU_RANGE_ABSURD };

/* Do the pixels fit the `normalise` that the split has? Published preprocessings are for pixels of
 * 0 to 1; numbers of one's own bring the pixels near 0, with a deviation near 1. Absurd is a
 * thousand times beyond that. What is wrong, and what to do, is put in `out`. Without `normalise`
 * all fits.
 */
enum tfu_range_verdict tfu_range_judge(const struct tfu_range *r, const struct tfu_dataset *d,
                                       struct tfu_text *out);

#endif
