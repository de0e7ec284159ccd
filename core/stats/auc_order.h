/* SPDX-License-Identifier: MIT
 *
 * auc_order.h - examples in the order of their score, sorted once: the area under the ROC curve of
 * any resample of them is one walk. For resample.h.
 */
#ifndef TFU_CORE_STATS_AUC_ORDER_H
#define TFU_CORE_STATS_AUC_ORDER_H

#include "core/stats/auc.h"

struct tfu_auc_order; /* keeps nothing of what it was made of */

/* TFU_EINVAL when a score is not a number. */
enum tfu_status tfu_auc_order_new(struct tfu_auc_order **out, struct tfu_auc_examples s,
                                  struct tfu_error *e);
void tfu_auc_order_free(struct tfu_auc_order *o);

/* The area with example i counted times[i] times; NaN: no positive or no negative is left. Has the
 * type of struct tfu_resampled's `value`, with `order` a struct tfu_auc_order *. [any thread] */
double tfu_auc_order_area(void *order, const uint32_t *times, int64_t n);

#endif
