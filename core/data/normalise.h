/* SPDX-License-Identifier: MIT
 *
 * normalise.h - the last step of an image: a gray one repeated in more channels, channels in the
 * order that weights want them, and (x - mean) / deviation for each.
 */
#ifndef TFU_CORE_NORMALISE_H
#define TFU_CORE_NORMALISE_H

#include "core/config/experiment.h"
#include "core/io/preprocessing.h"

struct tfu_normalise {
    int64_t from, channels; /* before and after */
    bool reverse;           /* blue first */
    bool scales;
    /* What weights that are trained on it have to be told; no channels: more than it can say. */
    struct tfu_preprocessing preprocessing;
};

/* For images of `from` channels. What does not fit them is TFU_EINVAL. */
enum tfu_status tfu_normalise_init(struct tfu_normalise *n, const struct tfu_data_select *select,
                                   int64_t from, struct tfu_error *e);
/* `image` holds `pixels` times `from` numbers, and has room for `channels`. [any thread] */
void tfu_normalise_run(const struct tfu_normalise *n, int64_t pixels, float *image);

#endif
