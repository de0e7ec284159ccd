/* SPDX-License-Identifier: MIT
 *
 * compare_predictions.h - several runs against the first by what they said of the same examples,
 * class by class, with p values corrected for all of these tests.
 */
#ifndef TFU_CORE_INDEX_COMPARE_PREDICTIONS_H
#define TFU_CORE_INDEX_COMPARE_PREDICTIONS_H

#include "core/index/compare_scored.h"
#include "core/stats/family.h"

struct tfu_prediction_test {
    size_t run;
    const struct tfu_scored_class *of;
    double p_holm; /* NaN: there is no p */
};

struct tfu_predictions_comparison {
    size_t runs;
    struct tfu_scored_file *file;        /* of each run */
    struct tfu_scored_comparison *found; /* of each run but the first */
    struct tfu_error *why;               /* TFU_OK, or why a run cannot be held against the first */
    struct tfu_prediction_test *test;
    size_t tests;
    struct tfu_family family;
    size_t examples, groups; /* of the tests; groups 0: examples have none */
};

/* The file number i is that of the run i. TFU_ENOTFOUND, TFU_ECORRUPT: one that cannot be read. To
 * be freed in any case. */
enum tfu_status tfu_compare_predictions(struct tfu_predictions_comparison *out,
                                        const char *const *path, size_t runs, struct tfu_error *e);
void tfu_predictions_comparison_free(struct tfu_predictions_comparison *c);

#endif
