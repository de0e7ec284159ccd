/* SPDX-License-Identifier: MIT
 *
 * halving.h - successive halving: which cases go on from a rung, which wait there for the others of
 * their group, and which are stopped. It follows from scores alone, so that whoever looks, and
 * whenever, comes to the same.
 *
 * Of n cases of a group that came to a rung the best n / factor go on, rounded down, but one at
 * least; of equal ones the earlier. A score that is not defined is the worst, and so is a case that
 * failed. (Jamieson and Talwalkar 2016, Non-stochastic best arm identification.)
 */
#ifndef TFU_CORE_SWEEP_HALVING_H
#define TFU_CORE_SWEEP_HALVING_H

#include "core/sweep/sweep.h"

enum tfu_halving_verdict {
    TFU_HALVING_ON,   /* to the next rung, or behind the last one to the end */
    TFU_HALVING_WAIT, /* for the others of its group */
    TFU_HALVING_STOP
};

struct tfu_halving_entry {
    bool gone;           /* it failed, or cannot begin */
    size_t reached;      /* rungs */
    const double *score; /* at each of those; NaN: not defined */
};

/* Is the case one of those that halving is about? */
bool tfu_halving_takes(const struct tfu_sweep *s, size_t index);
/* Fills `verdict`, for each case of `s`: ON for those that it is not about. */
enum tfu_status tfu_halving_judge(const struct tfu_sweep *s, const struct tfu_halving_entry *entry,
                                  enum tfu_halving_verdict *verdict, struct tfu_error *e);

#endif
