/* SPDX-License-Identifier: MIT
 *
 * cases_value.h - one number of all cases: a metric out of the index, or what a case costs.
 */
#ifndef TFU_CORE_REPORT_CASES_VALUE_H
#define TFU_CORE_REPORT_CASES_VALUE_H

#include "core/report/cost.h"
#include "core/report/section.h"

struct tfu_report_series {
    struct tfu_report_value value;
    double *number;        /* of each case; NaN: none */
    double *low, *high;    /* of a metric that has an interval of its own; NULL */
    bool *there;           /* the run has it, defined or not */
    bool *missed;          /* steps to a threshold: it ended before that was reached */
    const char **why;      /* COST: why a case has none; NULL */
    const char *unit;      /* NULL: none */
    int digits;            /* by default */
    bool lower;            /* is better */
    bool unknown;          /* no run has it at all */
    const char *processor; /* that times were measured on; \"\": on several; NULL: no matter */
    struct tfu_report_series *next;
};

/* Numbers that were asked for already are kept. */
struct tfu_report_numbers {
    struct tfu_report_cases *cases;
    struct tfu_report_costs_of costs;
    struct tfu_registry *registry;
    struct tfu_report_series *first;
    const char *measured_by; /* the command that measures latency; NULL: not known */
    bool unmeasured;         /* a latency was asked for that nobody measured */
};

enum tfu_status tfu_report_series_get(struct tfu_report_numbers *n,
                                      const struct tfu_report_value *value,
                                      const struct tfu_report_series **out, struct tfu_error *e);
/* Why the case has no number: "failed: ...", "the run has no test/auc". The arena's; NULL when
 * memory ran out. */
const char *tfu_report_series_why(struct tfu_report_numbers *n, const struct tfu_report_series *s,
                                  size_t item);

#endif
