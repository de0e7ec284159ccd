/* SPDX-License-Identifier: MIT
 *
 * rehearse.h - metrics over a few made-up predictions: which numbers will they report?
 */
#ifndef TFU_CORE_TRAIN_REHEARSE_H
#define TFU_CORE_TRAIN_REHEARSE_H

#include "core/task/task.h"
#include "core/train/score.h"

struct tfu_rehearsal {
    const struct tfu_task_kind *task;
    struct tfu_loss_rule rule;
    int64_t outputs;
};

/* Leaves the scorer to be reset. The values mean nothing, the keys are those of any split: either
 * answer occurs, and every class of a few hundred; and where metrics have the key `by`, every value
 * that the scorer's data have. One metric that refuses the made-up numbers, or of whose `by` no
 * data are known, leaves `*count` 0. */
enum tfu_status tfu_rehearse(struct tfu_scorer *s, const struct tfu_rehearsal *r,
                             const struct tfu_score **score, size_t *count, struct tfu_error *e);

#endif
