/* SPDX-License-Identifier: MIT
 *
 * rung_score.h - what a run scored when it came to a step, as its metrics.csv says.
 */
#ifndef TFU_CORE_SWEEP_RUNG_SCORE_H
#define TFU_CORE_SWEEP_RUNG_SCORE_H

#include <stdint.h>

/* At the last evaluation up to that step. NaN: there was none, or it was not defined there. */
double tfu_rung_score(const char *run, int64_t step, const char *split, const char *metric);

#endif
