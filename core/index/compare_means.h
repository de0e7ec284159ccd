/* SPDX-License-Identifier: MIT
 *
 * compare_means.h - two sides of several runs each by what they said of the same examples: is the
 * mean area under the ROC curve another? What varies are the examples, the runs being given.
 */
#ifndef TFU_CORE_INDEX_COMPARE_MEANS_H
#define TFU_CORE_INDEX_COMPARE_MEANS_H

#include "core/index/scored_file.h"
#include "core/stats/auc.h"
#include "core/stats/resample.h"

struct tfu_means_request {
    const struct tfu_scored_file *a, *b; /* `runs` of each; all of the same examples */
    size_t runs;
    int64_t output; /* whose curve; -1: the one that there is, of the second of two classes */
    int64_t draws;  /* of a bootstrap by group, or by example where they have none; 0: none */
    uint64_t seed;
};

struct tfu_means_comparison {
    struct tfu_auc_test test; /* DeLong's */
    struct tfu_resample resample;
    size_t groups; /* 0: examples have none */
};

/* TFU_EINVAL, with why: they are not of the same examples, or there is no such curve. */
enum tfu_status tfu_compare_means(struct tfu_means_comparison *out,
                                  const struct tfu_means_request *r, struct tfu_error *e);

#endif
