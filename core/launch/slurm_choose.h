/* SPDX-License-Identifier: MIT
 *
 * slurm_choose.h - which cases of a sweep are to be submitted now: those that are neither done nor
 * queued nor running, and that may begin once the jobs before them have ended well.
 */
#ifndef TFU_CORE_LAUNCH_SLURM_CHOOSE_H
#define TFU_CORE_LAUNCH_SLURM_CHOOSE_H

#include "core/launch/slurm_arrays.h"
#include "core/launch/slurm_look.h"
#include "core/sweep/state.h"

struct tfu_slurm_counts {
    size_t done;      /* or stopped for good */
    size_t queued;    /* in Slurm: they wait or run */
    size_t elsewhere; /* a process outside of Slurm has them */
    size_t failed;
    size_t blocked;   /* need what failed, or what runs elsewhere, or waits at a rung */
    size_t submitted; /* now */
    size_t left;      /* were to be submitted, and were not */
};

struct tfu_slurm_choice {
    struct tfu_arena arena;      /* owns what is below */
    struct tfu_slurm_seen *seen; /* of each case: what Slurm says of its newest job */
    struct tfu_slurm_item *item; /* of each case: is it wanted, and behind which others? */
};

/* `chosen`: these cases alone, and what they need; NULL: all. Two cases that are one piece of work
 * are wanted once. Slurm is asked. To be freed in any case. */
enum tfu_status tfu_slurm_choose(struct tfu_slurm_choice *out, const struct tfu_sweep *s,
                                 const struct tfu_case_status *status,
                                 const struct tfu_slurm_record *record, const bool *chosen,
                                 struct tfu_slurm_counts *counts, struct tfu_error *e);
void tfu_slurm_choice_free(struct tfu_slurm_choice *c);

#endif
