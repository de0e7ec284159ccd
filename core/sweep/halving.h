/* SPDX-License-Identifier: MIT
 *
 * halving.h - successive halving: which cases go on from a rung, which wait there for the others of
 * their group, and which are stopped. It follows from the scores alone that the cases have at the
 * rung, so that whoever looks, and whenever, comes to the same: a verdict that was given stays,
 * whatever else becomes known.
 *
 * Of n cases of a group that are sent to a rung the best n / factor go on, rounded down, but one at
 * least; of equal ones the earlier. A score that is not defined is the worst; only a case that
 * diverges before it comes there, which it would do again, is worse still. Any other that has not
 * come is waited for, whatever keeps it; so is one that came there without a score. (Jamieson and
 * Talwalkar 2016, Non-stochastic best arm identification.)
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
    size_t reached;      /* rungs */
    const double *score; /* at each of those; NaN: not defined */
    size_t unscored;     /* the first of those that it has no score at; SIZE_MAX: there is none */
    size_t diverged;     /* from this rung on it counts as the worst; SIZE_MAX: it does nowhere */
    bool held;           /* nothing becomes of it unless somebody does something */
};

struct tfu_halving_judgement {
    enum tfu_halving_verdict verdict;
    size_t waits_for; /* WAIT: the first case that has not come, or without a score, which may be
                         the case itself, of those that are held before all others; else SIZE_MAX */
};

/* Is the case one of those that halving is about? */
bool tfu_halving_takes(const struct tfu_sweep *s, size_t index);
/* Fills `out`, for each case of `s`: ON for those that it is not about, or that are on their way.
 */
enum tfu_status tfu_halving_judge(const struct tfu_sweep *s, const struct tfu_halving_entry *entry,
                                  struct tfu_halving_judgement *out, struct tfu_error *e);

#endif
