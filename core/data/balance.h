/* SPDX-License-Identifier: MIT
 *
 * balance.h - how many threads have to read so that whoever computes with the batches does not
 * wait, by what the last batches took.
 */
#ifndef TFU_CORE_DATA_BALANCE_H
#define TFU_CORE_DATA_BALANCE_H

#include <stdbool.h>
#include <stdint.h>

enum { TFU_BALANCE_KEPT = 9 };

/* All zeros is one that knows nothing. */
struct tfu_balance {
    double reading[TFU_BALANCE_KEPT];   /* seconds that one thread read a batch */
    double computing[TFU_BALANCE_KEPT]; /* that the caller had one, until it asked for the next */
    int64_t batches;                    /* so far */
};

void tfu_balance_add(struct tfu_balance *b, double reading, double computing);
/* Is it time to ask? After 4 batches, and each time that there are four times as many: to change
 * the number of threads costs what they read ahead. */
bool tfu_balance_is_due(const struct tfu_balance *b);
/* 1 to `most`. It goes by medians: an evaluation between two batches is no computing. */
uint32_t tfu_balance_workers(const struct tfu_balance *b, uint32_t most);

#endif
