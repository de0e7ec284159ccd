/* SPDX-License-Identifier: MIT
 *
 * odds.h - what metrics rank by: the logarithm of the odds of each output, in double, from logits.
 */
#ifndef TFU_CORE_TASK_ODDS_H
#define TFU_CORE_TASK_ODDS_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/threads.h"

/* Doubles of `room` that a row of so many outputs needs. */
size_t tfu_log_odds_room(int64_t outputs);

/* `logits` and `odds` rows x outputs. Of outputs of which one is right: z_k - log(sum of exp(z_j)
 * over the others), infinite where there are none. Logits that are finite give odds that are. A
 * number depends on z_k and on the others as a set, and on differences alone: what has to be equal
 * is equal to the bit. [any thread] */
typedef void tfu_log_odds_rows(int64_t rows, int64_t outputs, const float *logits, double *odds,
                               double *room);
tfu_log_odds_rows tfu_log_odds_softmax;
/* Of outputs each of which is by itself: z_k. */
tfu_log_odds_rows tfu_log_odds_plain;

/* One of these, in pieces of a fixed number of rows. `room` is one for each of `threads` (NULL:
 * one). [one thread] */
void tfu_log_odds(tfu_log_odds_rows *of_rows, struct tfu_threads *threads, int64_t rows,
                  int64_t outputs, const float *logits, double *odds, double *room);

#endif
