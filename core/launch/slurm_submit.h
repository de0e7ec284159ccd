/* SPDX-License-Identifier: MIT
 *
 * slurm_submit.h - the cases of a sweep as jobs of Slurm: those that are neither done nor queued
 * nor running are submitted, as job arrays by what they need. What is submitted is on the disk
 * before Slurm is asked, so whatever is killed when, the next call knows.
 */
#ifndef TFU_CORE_LAUNCH_SLURM_SUBMIT_H
#define TFU_CORE_LAUNCH_SLURM_SUBMIT_H

#include "core/config/slurm_options.h"
#include "core/launch/slurm_choose.h"

struct tfu_slurm_request {
    const struct tfu_sweep *sweep;
    const struct tfu_slurm_options *options; /* checked */
    const char *const *command; /* the program, with all that stands before the chosen cases */
    size_t command_count;
    const char *const *environment; /* NAME=VALUE, to be set for it */
    size_t environment_count;
    const char *work;   /* the folder that relative paths begin in */
    const bool *chosen; /* these cases alone, and what they need; NULL: all */
    bool dry;           /* only say what would be submitted */

    void *arg;                      /* of these, each of which may be NULL */
    bool (*interrupted)(void *arg); /* nothing more is to be submitted */
    /* A job array was accepted (or, dry, would be: its number is ""). */
    void (*submitted)(void *arg, const struct tfu_slurm_job *job, size_t cases,
                      const char *const *after, size_t after_count);
};

/* On failure `counts` says what was submitted before, and `e` has what sbatch said, word by word.
 */
enum tfu_status tfu_slurm_submit(const struct tfu_slurm_request *request,
                                 struct tfu_slurm_counts *counts, struct tfu_error *e);

#endif
