/* SPDX-License-Identifier: MIT
 *
 * cost.h - what the networks of cases cost: parameters, multiply-adds and planned memory out of
 * their configurations, size and time out of their runs. Latency is measured, once for each
 * architecture, and kept in <store>/.cost/KEY.json: a report only reads it.
 */
#ifndef TFU_CORE_REPORT_COST_H
#define TFU_CORE_REPORT_COST_H

#include "core/plugin/registry.h"
#include "core/report/section.h"

struct tfu_report_cost {
    bool known;
    const char *why; /* why it is not */
    double parameters, multiply_adds, peak_memory;
    double latency_1, latency_8; /* ms; NaN: not measured */
    const char *processor;       /* that the latencies were measured on */
};

/* Costs that were found: cases whose networks are alike have one. */
struct tfu_report_costs_of {
    struct tfu_registry *registry;
    struct tfu_log *log;
    const char *store;
    bool measure;                      /* what was not measured yet */
    struct tfu_cost_kept *first, **of; /* all, and that of each case that was asked */
};

/* Of the network of a case that is not done, from its configuration: what follows from that alone.
 * Not known where it needs a run that is not done. Borrowed. */
enum tfu_status tfu_report_cost_plan(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                                     size_t item, const struct tfu_report_cost **out,
                                     struct tfu_error *e);
/* Of the network of a case; borrowed. */
enum tfu_status tfu_report_cost_get(struct tfu_report_costs_of *c, struct tfu_report_cases *cases,
                                    size_t item, const struct tfu_report_cost **out,
                                    struct tfu_error *e);
/* Says what the data of the networks had to note, each once, with of how many cases it is true.
 * What was found is borrowed no more. */
enum tfu_status tfu_report_costs_end(struct tfu_report_costs_of *c,
                                     const struct tfu_report_cases *cases, struct tfu_error *e);

#endif
