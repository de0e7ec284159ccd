/* SPDX-License-Identifier: MIT
 *
 * rung_score.h - what a run scored at a step, as its metrics.csv says.
 */
#ifndef TFU_CORE_SWEEP_RUNG_SCORE_H
#define TFU_CORE_SWEEP_RUNG_SCORE_H

#include <stdint.h>

/* NaN: not evaluated at that step, or not defined there. */
double tfu_rung_score(const char *run, int64_t step, const char *split, const char *metric);

#endif
