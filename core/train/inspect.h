/* SPDX-License-Identifier: MIT
 *
 * inspect.h - what a look at the data tells before any of them is used: splits prepared in
 * different ways, pixels that do not fit the preprocessing, examples in two splits, classes without
 * any.
 */
#ifndef TFU_CORE_TRAIN_INSPECT_H
#define TFU_CORE_TRAIN_INSPECT_H

#include "core/train/assemble.h"

/* What a split does otherwise than data.train, as a sentence; nothing for the same. */
void tfu_inspect_unlike(const struct tfu_experiment *x, enum tfu_split split, struct tfu_text *out);

/* Looks at the pixels of an opened split; warnings go to the log. With `strict`, pixels that are
 * absurd for the preprocessing are TFU_EINVAL. */
enum tfu_status tfu_inspect_split(const struct tfu_context *c, enum tfu_split split,
                                  const struct tfu_dataset *d, bool strict, struct tfu_error *e);

struct tfu_inspected_training {
    const struct tfu_context *context;
    struct tfu_dataset *const *data; /* per split; NULL: not in the configuration */
    const struct tfu_graph *graph;
    int64_t steps, batches_per_epoch;
};
/* Looks at all that a training has. A batch of the epoch that the network cannot be trained on is
 * TFU_EINVAL; the rest are warnings. */
enum tfu_status tfu_inspect_training(const struct tfu_inspected_training *t, struct tfu_error *e);

/* Images of a whole pass over a split that were constant: a warning, when there are any. */
void tfu_inspect_constant(struct tfu_log *log, enum tfu_split split, const struct tfu_dataset *d,
                          int64_t constant, int64_t first);

#endif
