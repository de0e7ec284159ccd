/* SPDX-License-Identifier: MIT
 *
 * anew.h - is a case that was done still done? Its run is another one when its data or the weights
 * that it begins with are others, and then `sweep run` trains it again.
 */
#ifndef TFU_CORE_SWEEP_ANEW_H
#define TFU_CORE_SWEEP_ANEW_H

#include "core/sweep/state.h"

/* `status[index]` says DONE by its record; those that it needs were checked before. Where it is to
 * be trained anew it becomes QUEUED. What can be told no more, as data or a checkpoint are gone,
 * leaves it done with a remark. */
enum tfu_status tfu_case_check_done(struct tfu_case_status *status, struct tfu_sweep *s,
                                    size_t index, struct tfu_error *e);

#endif
