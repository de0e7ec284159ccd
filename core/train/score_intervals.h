/* SPDX-License-Identifier: MIT
 *
 * score_intervals.h - intervals by bootstrap for the numbers of a split.
 */
#ifndef TFU_CORE_TRAIN_SCORE_INTERVALS_H
#define TFU_CORE_TRAIN_SCORE_INTERVALS_H

#include "core/train/score_put.h"

/* After a finish: intervals for the numbers of metrics with the key `bootstrap`, as scores
 * "<key>.low" and "<key>.high", or "<key>.bootstrap.low" and "<key>.bootstrap.high" where the
 * metric has an interval of its own. Borrowed until the next call. `interrupted`, which may be
 * NULL, ends it. */
enum tfu_status tfu_scorer_intervals(struct tfu_scorer *s, bool (*interrupted)(void *arg),
                                     void *arg, const struct tfu_score **score, size_t *count,
                                     struct tfu_error *e);

#endif
