/* SPDX-License-Identifier: MIT
 *
 * kept_rows.h - the results of a split, kept until its end: for numbers of a part of its examples,
 * or of examples drawn again. 20 bytes an output, 24 and 4 a label, of each row.
 */
#ifndef TFU_CORE_TRAIN_KEPT_ROWS_H
#define TFU_CORE_TRAIN_KEPT_ROWS_H

#include <stdbool.h>

#include "core/base/error.h"

#include <transfuse/metric.h>

struct tfu_kept_rows {
    int64_t outputs, label_columns;
    int64_t positions; /* rows of an example; 0: there are none yet */
    int64_t examples, capacity;
    float *logits, *scores, *labels;
    double *odds, *losses, *weights;
    int64_t *example; /* as tfu_dataset_get() counts */
};

/* All 0 but for the sizes is empty. */
void tfu_kept_rows_free(struct tfu_kept_rows *k);
void tfu_kept_rows_clear(struct tfu_kept_rows *k);
/* Bytes that it takes with so many examples of `positions` rows each. */
size_t tfu_kept_rows_bytes(const struct tfu_kept_rows *k, int64_t examples, int64_t positions);
/* `example` has a number for each example of the batch; NULL: they are counted. */
enum tfu_status tfu_kept_rows_add(struct tfu_kept_rows *k, const struct tfu_batch *b,
                                  const int64_t *example, struct tfu_error *e);
/* All of it as one batch, without a copy. */
struct tfu_batch tfu_kept_rows_batch(const struct tfu_kept_rows *k, enum tfu_part part);

/* Calls take() with batches of the examples number pick[0..count-1] of `k`, in that order, until it
 * fails. `room` is empty, or what it was after an earlier call for the same `k`: batches are put
 * together in it. */
enum tfu_status tfu_kept_rows_pick(const struct tfu_kept_rows *k, const int64_t *pick,
                                   int64_t count, struct tfu_kept_rows *room,
                                   enum tfu_status (*take)(void *arg, const struct tfu_batch *b,
                                                           struct tfu_error *e),
                                   void *arg, struct tfu_error *e);

#endif
