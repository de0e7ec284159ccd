/* SPDX-License-Identifier: MIT
 *
 * needs.h - what chosen cases of a sweep need.
 */
#ifndef TFU_CORE_SWEEP_NEEDS_H
#define TFU_CORE_SWEEP_NEEDS_H

#include "core/sweep/sweep.h"

/* Sets meant[i] of each case: is it `chosen` (NULL: all are), or needed by one that is meant? */
void tfu_sweep_add_needs(const struct tfu_sweep *s, const bool *chosen, bool *meant);

#endif
