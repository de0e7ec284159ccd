/* SPDX-License-Identifier: MIT
 *
 * threshold.h - the number "valid/steps_to_threshold", which a run has once, and not at all where
 * it ends before `train.threshold` is reached. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_THRESHOLD_H
#define TFU_CORE_REPORT_THRESHOLD_H

#include "core/report/cases.h"

bool tfu_report_is_threshold(const char *series);
/* Which of the cases that are done and have no such number (`there`) might have one: which have a
 * threshold that is read from these data? */
void tfu_report_threshold_missed(const struct tfu_report_cases *c, const char *series,
                                 const bool *there, bool *missed);

#endif
