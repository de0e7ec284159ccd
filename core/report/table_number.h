/* SPDX-License-Identifier: MIT
 *
 * table_number.h - what several cases come to as one number: mean, deviation and interval over
 * those that have it, and what is missing. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_TABLE_NUMBER_H
#define TFU_CORE_REPORT_TABLE_NUMBER_H

#include "core/report/cases_value.h"
#include "core/report/report.h"

/* Over `count` cases; `over` names them in what is said of holes. `*hole` gets why fewer have the
 * number than asked, or NULL. */
enum tfu_status tfu_report_number_make(struct tfu_report_numbers *n,
                                       const struct tfu_report_series *s,
                                       const struct tfu_report_axes *over, const size_t *item,
                                       size_t count, int64_t digits, struct tfu_report_number *out,
                                       const char **hole, struct tfu_error *e);
/* There is none, for that reason. */
struct tfu_report_number tfu_report_number_none(const char *why);
/* "seed=3", or the case's whole name. */
const char *tfu_report_case_name(struct tfu_report_cases *c, const struct tfu_report_axes *over,
                                 size_t item);

#endif
