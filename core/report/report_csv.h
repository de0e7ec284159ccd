/* SPDX-License-Identifier: MIT
 *
 * report_csv.h - the numbers of a report for other programs: every digit, a line a number.
 */
#ifndef TFU_CORE_REPORT_REPORT_CSV_H
#define TFU_CORE_REPORT_REPORT_CSV_H

#include "core/base/text.h"
#include "core/report/report.h"

/* A line for each cell that is no head: what it stands beside and under, its number with all that
 * is known of it, and why it is empty. */
enum tfu_status tfu_report_table_csv(struct tfu_text *out, const struct tfu_report_table *t,
                                     struct tfu_error *e);
/* A line for each run. */
enum tfu_status tfu_report_runs_csv(struct tfu_text *out, const struct tfu_report *r,
                                    struct tfu_error *e);

#endif
