/* SPDX-License-Identifier: MIT
 *
 * cost_kept.h - <store>/.cost/KEY.json: how long a network of one kind took to answer, on which
 * processor. A time is measured once, so that the same store gives the same report. Private to this
 * folder.
 */
#ifndef TFU_CORE_REPORT_COST_KEPT_H
#define TFU_CORE_REPORT_COST_KEPT_H

#include "core/base/arena.h"
#include "core/base/error.h"

struct tfu_cost_times {
    double latency_1, latency_8; /* ms; NaN: not measured */
    const char *processor;       /* NULL: not known */
};

/* What is there of the network `key`; nothing: all NaN. The memory is the arena's. */
void tfu_cost_times_read(struct tfu_cost_times *out, const char *store, const char *key,
                         struct tfu_arena *arena);
enum tfu_status tfu_cost_times_write(const struct tfu_cost_times *t, const char *store,
                                     const char *key, struct tfu_error *e);

#endif
