/* SPDX-License-Identifier: MIT
 *
 * rung_score.h - what a run scored when it came to a step, as its metrics.csv says; and the rungs
 * of a sweep in the record of a case.
 */
#ifndef TFU_CORE_SWEEP_RUNG_SCORE_H
#define TFU_CORE_SWEEP_RUNG_SCORE_H

#include <stdint.h>

#include "core/sweep/case_folder.h"

/* At the last evaluation up to that step; NaN: it was not defined there. False: there was none of
 * this metric, and nothing is known of the case by it. */
bool tfu_rung_score(const char *run, int64_t step, const char *split, const char *metric,
                    double *score);

/* Scores are known by the metric and the step, so that sweeps that share a case, and stop it by
 * other rules, do not take each other's. Of the rungs of `s` the first that a record has scores of,
 * without a gap; these go into `score`, which may be NULL. 0 where `s` stops none early. */
size_t tfu_case_record_rungs(const struct tfu_case_record *r, const struct tfu_sweep *s,
                             double score[TFU_RUNGS_MAX]);
/* The first rung of `s` that it came to without a score; SIZE_MAX: there is none. */
size_t tfu_case_record_unscored(const struct tfu_case_record *r, const struct tfu_sweep *s);
/* The next rung of `s`, which `run` has come to. */
void tfu_case_record_add_rung(struct tfu_case_record *r, const struct tfu_sweep *s,
                              const char *run);
/* All up to a step that are not known yet, of a run that came so far, whoever trained it. Were
 * there any? */
bool tfu_case_record_add_rungs(struct tfu_case_record *r, const struct tfu_sweep *s,
                               const char *run, int64_t step);
/* The same of a run that is begun and of which no record is left, as far as its lease says that it
 * came: evaluations up to there are behind it. */
bool tfu_case_record_recover_rungs(struct tfu_case_record *r, const struct tfu_sweep *s,
                                   const char *run);

#endif
