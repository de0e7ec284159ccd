/* SPDX-License-Identifier: MIT
 *
 * build_runs.h - the runs that a report is over, with what is known of each. Private to this
 * folder.
 */
#ifndef TFU_CORE_REPORT_BUILD_RUNS_H
#define TFU_CORE_REPORT_BUILD_RUNS_H

#include "core/report/build_parts.h"

/* Fills `run` and `column` of the report. */
enum tfu_status tfu_report_list_runs(struct tfu_report_builder *b, struct tfu_error *e);

/* Metrics of the test data, or else the validation's, that any run has, without those of single
 * classes and their intervals. */
enum tfu_status tfu_report_common_series(struct tfu_report_builder *b, const char ***out,
                                         size_t *count, struct tfu_error *e);

#endif
