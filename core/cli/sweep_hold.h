/* SPDX-License-Identifier: MIT
 *
 * sweep_hold.h - what cases that are paused at a rung wait for, in words.
 */
#ifndef TFU_CORE_CLI_SWEEP_HOLD_H
#define TFU_CORE_CLI_SWEEP_HOLD_H

#include "core/base/text.h"
#include "core/sweep/state.h"

/* "seed=3", and where nothing will come of it by itself why, and what to do. */
void tfu_sweep_hold_put(struct tfu_text *out, const struct tfu_sweep *s,
                        const struct tfu_case_status *status, size_t index);
/* A line on standard error for each case that failed and that others wait for, of those that are
 * `chosen` (NULL: all). Returns how many there are. */
size_t tfu_sweep_hold_tell(const struct tfu_sweep *s, const bool *chosen);

#endif
