/* SPDX-License-Identifier: MIT
 *
 * run_sets.h - the sets of runs that the numbers of a report rest on, each once, with a name that a
 * link can have: a digest of what its runs are called, which stays when other runs come.
 */
#ifndef TFU_CORE_REPORT_RUN_SETS_H
#define TFU_CORE_REPORT_RUN_SETS_H

#include "core/report/report.h"

enum { TFU_RUN_SET_NAME = 24 };

struct tfu_run_set {
    char name[TFU_RUN_SET_NAME]; /* "runs-5f0c8a1b22" */
    const size_t *run;
    size_t runs;
    bool together; /* its runs follow each other in the report, and no other such set has them */
};

struct tfu_run_sets {
    struct tfu_run_set *set; /* those that are together by their first run, then the others */
    size_t count;
};

/* Where a link to these runs leads: one run alone is "run-17", its place from 1. "" where there is
 * none. */
void tfu_run_set_name(const struct tfu_report *r, const size_t *run, size_t runs,
                      char name[TFU_RUN_SET_NAME]);
/* All sets of two runs and more. They borrow from the report. */
enum tfu_status tfu_run_sets_collect(struct tfu_run_sets *out, const struct tfu_report *r,
                                     struct tfu_error *e);
void tfu_run_sets_free(struct tfu_run_sets *s);

#endif
