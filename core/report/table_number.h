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
/* Mean, deviation and interval of values of `s`, in `out`. */
void tfu_report_number_summarise(struct tfu_report_number *out, const double *value, size_t count,
                                 const struct tfu_report_series *s);
/* Behind the point: as many as show the deviation, `digits` at least; few where it is large. */
int tfu_report_digits_of_spread(double spread, int digits);
/* There is none, for that reason. */
struct tfu_report_number tfu_report_number_none(const char *why);
/* "seed=3", or the case's whole name. */
const char *tfu_report_case_name(struct tfu_report_cases *c, const struct tfu_report_axes *over,
                                 size_t item);

/* What a number does not rest on. */
struct tfu_report_missing {
    size_t item;
    const char *why;
    bool done; /* the run is there, but has no such number */
};
/* "2 of 5 runs are missing: seed=3, seed=4 (queued: nothing was done of it yet)"; those that are
 * done "have no number". `noun`: of one, "run". Sorts `m`. NULL when memory ran out. */
const char *tfu_report_missing_text(struct tfu_report_cases *c, const struct tfu_report_axes *over,
                                    const char *noun, struct tfu_report_missing *m, size_t count,
                                    size_t asked);

#endif
