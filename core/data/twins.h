/* SPDX-License-Identifier: MIT
 *
 * twins.h - images that are in two splits, to the last pixel. It takes a pass over both.
 */
#ifndef TFU_CORE_DATA_TWINS_H
#define TFU_CORE_DATA_TWINS_H

#include "core/data/dataset.h"

struct tfu_twins {
    int64_t count;      /* images of `b` that `a` has too */
    int64_t in_a, in_b; /* one of them, as tfu_dataset_get() counts */
};

/* Is the pass so short that it can be made before every training? */
bool tfu_twins_are_cheap(const struct tfu_dataset *a, const struct tfu_dataset *b);
/* Compares pixels as the plugins have them, by a digest of 64 bits each. Constant images, which are
 * all alike, do not count. */
enum tfu_status tfu_twins_find(struct tfu_twins *out, const struct tfu_dataset *a,
                               const struct tfu_dataset *b, struct tfu_error *e);

#endif
