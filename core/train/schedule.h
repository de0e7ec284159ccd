/* SPDX-License-Identifier: MIT
 *
 * schedule.h - the learning rate's course.
 */
#ifndef TFU_CORE_TRAIN_SCHEDULE_H
#define TFU_CORE_TRAIN_SCHEDULE_H

#include "core/config/experiment.h"

/* The factor on the optimizer's own learning rate at step `step` (1, 2, ... `steps`): the product
 * of the warm-up, which rises linearly and is 1 from step `warmup` on, and of one of
 *
 *     constant   1
 *     step       gamma to the number of milestones already passed (step > milestone)
 *     cosine     half a cosine from 1 at the first step after the warm-up towards `floor`
 *
 * With steps numbered from 0, the last two are PyTorch's MultiStepLR and CosineAnnealingLR. */
double tfu_schedule_factor(const struct tfu_train_config *config, int64_t step, int64_t steps);

#endif
