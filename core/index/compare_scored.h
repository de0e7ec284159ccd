/* SPDX-License-Identifier: MIT
 *
 * compare_scored.h - two runs by what they said of the same examples: the areas under the ROC curve
 * of each class, DeLong's test of their difference, and its interval by resampling patients.
 */
#ifndef TFU_CORE_INDEX_COMPARE_SCORED_H
#define TFU_CORE_INDEX_COMPARE_SCORED_H

#include "core/index/scored_file.h"
#include "core/stats/auc.h"
#include "core/stats/resample.h"

struct tfu_scored_class {
    const char *name;             /* of the class or label; lives as long as `a` */
    struct tfu_auc_test test;     /* a - b; `test.why` */
    struct tfu_resample by_group; /* there where examples have groups, or `resampled` is false */
    bool resampled;
};

struct tfu_scored_comparison {
    size_t examples, groups;       /* groups 0: examples have none */
    struct tfu_scored_class *item; /* to be freed */
    size_t count;
};

enum { TFU_SCORED_DRAWS = 2000 };

/* TFU_EINVAL, with why: they are not of the same examples with the same labels, or labels that no
 * ROC curve is of. Draws depend on `seed` alone, and are the same for both. */
enum tfu_status tfu_compare_scored(struct tfu_scored_comparison *out,
                                   const struct tfu_scored_file *a, const struct tfu_scored_file *b,
                                   uint64_t seed, struct tfu_error *e);
void tfu_scored_comparison_free(struct tfu_scored_comparison *c);

#endif
