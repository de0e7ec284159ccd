/* SPDX-License-Identifier: MIT
 *
 * launch_case.h - a case of a sweep begins in a free slot, and ends.
 */
#ifndef TFU_CORE_LAUNCH_LAUNCH_CASE_H
#define TFU_CORE_LAUNCH_LAUNCH_CASE_H

#include "core/launch/launch_work.h"

/* One that may begin, where a slot is free. That it cannot is told; only a store that cannot be
 * written to, and want of memory, are errors. */
enum tfu_status tfu_launch_begin(struct tfu_launch_work *l, size_t index, struct tfu_error *error);
/* Empties the slots of processes that have ended. */
void tfu_launch_reap(struct tfu_launch_work *l);

#endif
