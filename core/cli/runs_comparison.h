/* SPDX-License-Identifier: MIT
 *
 * runs_comparison.h - the two ways of `transfuse runs compare`: runs side by side, and groups of
 * them.
 */
#ifndef TFU_CORE_CLI_RUNS_COMPARISON_H
#define TFU_CORE_CLI_RUNS_COMPARISON_H

#include "core/cli/runs.h"
#include "core/result/result.h"

struct tfu_runs_compare_options {
    const char *store;
    struct tfu_string_list over, metric, predictions;
    double ratio;
    int32_t all, json;
};

/* Each adds what it finds to the result. */
enum tfu_status tfu_runs_compare_sides(struct tfu_runs *r, const struct tfu_runs_compare_options *o,
                                       struct tfu_result *out, struct tfu_error *e);
enum tfu_status tfu_runs_compare_groups(struct tfu_runs *r,
                                        const struct tfu_runs_compare_options *o,
                                        struct tfu_result *out, struct tfu_error *e);

/* The series that are asked for, or those of the test data (else the validation's) that all the
 * chosen runs have; without --all those of single classes and their intervals are left out. */
enum tfu_status tfu_runs_compare_series(struct tfu_runs *r,
                                        const struct tfu_runs_compare_options *o, const char ***out,
                                        size_t *count, struct tfu_error *e);

#endif
