/* SPDX-License-Identifier: MIT
 *
 * tuned.h - what `tune` chose for the cases of a table, for the notes below it. Private to this
 * folder.
 */
#ifndef TFU_CORE_REPORT_TUNED_H
#define TFU_CORE_REPORT_TUNED_H

#include "core/report/cases.h"

/* A line for each group that has its value already, and whether that is the last of its values to
 * one side; nothing of a sweep that tunes nothing. */
enum tfu_status tfu_report_tuned(const struct tfu_report_cases *c, const bool *chosen,
                                 struct tfu_text *notes, struct tfu_error *e);

#endif
