/* SPDX-License-Identifier: MIT
 *
 * samples.h - a report with all that one can hold, and with odd texts in every place.
 */
#ifndef TFU_TESTS_REPORT_SAMPLES_H
#define TFU_TESTS_REPORT_SAMPLES_H

#include "core/report/report.h"

extern const struct tfu_report sample_report;
/* Two runs, both done, one table: the smallest that makes sense. */
extern const struct tfu_report sample_small;

#endif
