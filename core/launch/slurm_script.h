/* SPDX-License-Identifier: MIT
 *
 * slurm_script.h - the batch script of a job array, as a text. It names cases and never a run or a
 * checkpoint: where a case is gone on with is found when a task starts.
 */
#ifndef TFU_CORE_LAUNCH_SLURM_SCRIPT_H
#define TFU_CORE_LAUNCH_SLURM_SCRIPT_H

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/config/slurm_options.h"

struct tfu_slurm_script {
    const char *job;            /* its name: no other job has it */
    const char *study;          /* of the sweep, for who reads the script */
    const char *folder;         /* absolute: what the tasks say goes there */
    const char *stop;           /* a file: once it does not say */
    const char *stop_before;    /* ... this any more, no task begins or puts itself back */
    const char *work;           /* the folder to be in */
    const char *const *command; /* the program with what is before the cases */
    size_t command_count;
    const char *const *environment; /* NAME=VALUE, to be set for it */
    size_t environment_count;
    const char *const *task; /* of each task: its cases, "3fa2...,90bc..." */
    size_t tasks;
    size_t level;
    int64_t cpus;             /* of a task, at least 1 */
    const char *const *after; /* jobs that have to have ended */
    size_t after_count;
    const struct tfu_slurm_options *options;
};

/* A task leaves with what the program left with. On 75 - interrupted, with everything kept, for
 * whatever reason - it first puts itself into the queue again, unless it was asked to stop, was put
 * back often enough, or has been cancelled or put back by Slurm meanwhile.
 *
 * TFU_EINVAL: a path that cannot stand in a batch script. */
enum tfu_status tfu_slurm_script_put(struct tfu_text *out, const struct tfu_slurm_script *s,
                                     struct tfu_error *e);

#endif
