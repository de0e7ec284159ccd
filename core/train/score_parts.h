/* SPDX-License-Identifier: MIT
 *
 * score_parts.h - a metric by the values of attributes.
 */
#ifndef TFU_CORE_TRAIN_SCORE_PARTS_H
#define TFU_CORE_TRAIN_SCORE_PARTS_H

#include "core/train/score_put.h"

/* The kept examples of each value of item `by` of a metric: those of value v are
 * (*member)[(*begin)[v]] to [(*begin)[v + 1]]. Both to be freed. */
enum tfu_status tfu_scorer_members(const struct tfu_scored_metric *m, int64_t by, int64_t **member,
                                   int64_t **begin, struct tfu_error *e);
/* The key of the gap of the number that the metric calls `own`: "auc.by.sex.gap.class.3". */
void tfu_score_gap_key(const struct tfu_scored_metric *m, int64_t by, const char *own,
                       struct tfu_text *out);
/* The numbers of a metric for each value of the items of its `by`, and the gaps between them. */
enum tfu_status tfu_scorer_parts(struct tfu_scored_metric *m, struct tfu_error *e);

#endif
