/* SPDX-License-Identifier: MIT
 *
 * order.h - which examples come when: the order of an epoch depends on (seed, epoch) alone.
 */
#ifndef TFU_CORE_DATA_ORDER_H
#define TFU_CORE_DATA_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

struct tfu_order {
    int64_t count;  /* examples */
    uint64_t key;   /* of all epochs' orders */
    int64_t *index; /* of `epoch`; NULL: examples come as they are numbered */
    int64_t epoch;  /* -1: none yet */
};

/* Without `shuffle` every epoch is 0..count-1. A failed one is freed already. */
enum tfu_status tfu_order_init(struct tfu_order *o, int64_t count, bool shuffle, uint64_t seed,
                               struct tfu_error *e);
void tfu_order_free(struct tfu_order *o);

/* Places first..first+rows-1 of an epoch's order. One epoch is remembered: going through them one
 * after the other makes each once. [one thread] */
void tfu_order_take(struct tfu_order *o, int64_t epoch, int64_t first, int64_t rows, int64_t *out);

#endif
