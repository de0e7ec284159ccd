/* SPDX-License-Identifier: MIT
 *
 * cost.h - what cases will take: memory and room on the disk, by building the network of one case
 * of each kind without training it; and time, by what finished cases took.
 */
#ifndef TFU_CORE_SWEEP_COST_H
#define TFU_CORE_SWEEP_COST_H

#include "core/sweep/state.h"

struct tfu_case_cost {
    int64_t parameters; /* numbers that its checkpoints hold; 0: not known */
    size_t memory;      /* bytes planned */
    size_t disk;        /* bytes of all its checkpoints at the end */
    double seconds;     /* that it will take; NaN: no case that is like it is done */
    /* why its data cannot be opened, or its network be built; NULL: they can, or nobody tried.
     * Lives as long as the sweep. Cases of one kind have the same text. */
    const char *refused;
};

/* Of each case of `s`, for which `status` says how far it is. Cases whose data cannot be opened,
 * and those of kinds beyond a number that would take long to build, have no memory and no disk. */
enum tfu_status tfu_sweep_costs(struct tfu_sweep *s, const struct tfu_case_status *status,
                                struct tfu_case_cost *cost, struct tfu_error *e);

#endif
