/* SPDX-License-Identifier: MIT
 *
 * plan.h - what is known of a training when it is built: numbers and words for whoever shows it.
 */
#ifndef TFU_CORE_RUN_PLAN_H
#define TFU_CORE_RUN_PLAN_H

#include "core/train/session.h"

/* Numbers of the network that are trained, and those that would be and are kept as they are. */
struct tfu_plan_parameters {
    int64_t trained, frozen;
};
struct tfu_plan_parameters tfu_plan_parameters(const struct tfu_session *s);

/* What there is of each class or label of a split, in a line; nothing of a split that is not there,
 * or where the task has no word for it. */
enum tfu_status tfu_plan_labels(const struct tfu_session *s, enum tfu_split split,
                                struct tfu_text *out, struct tfu_error *e);

#endif
