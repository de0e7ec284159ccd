/* SPDX-License-Identifier: MIT
 *
 * rung_score.h - what a run scored when it came to a step, as its metrics.csv says; and the rungs
 * of a sweep in the record of a case.
 */
#ifndef TFU_CORE_SWEEP_RUNG_SCORE_H
#define TFU_CORE_SWEEP_RUNG_SCORE_H

#include <stdint.h>

#include "core/sweep/case_folder.h"

/* At the last evaluation up to that step. NaN: there was none, or it was not defined there. */
double tfu_rung_score(const char *run, int64_t step, const char *split, const char *metric);

/* Rungs are those of a sweep: leaves those that are its own, not what another one wrote down. */
void tfu_case_record_check_rungs(struct tfu_case_record *r, const struct tfu_sweep *s);
/* The next rung, which `run` has come to. */
void tfu_case_record_add_rung(struct tfu_case_record *r, const struct tfu_sweep *s,
                              const char *run);
/* All that are not known yet, of a run that is finished, whoever trained it. */
void tfu_case_record_add_rungs(struct tfu_case_record *r, const struct tfu_sweep *s,
                               const char *run);

#endif
