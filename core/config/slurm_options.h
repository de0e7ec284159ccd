/* SPDX-License-Identifier: MIT
 *
 * slurm_options.h - what a job of Slurm is to have: the section `launch: {slurm: ...}` of a study
 * file, and the same rows as flags of a command.
 */
#ifndef TFU_CORE_CONFIG_SLURM_OPTIONS_H
#define TFU_CORE_CONFIG_SLURM_OPTIONS_H

#include "core/config/options.h"

struct tfu_slurm_options {
    const char *partition, *account, *qos, *time, *memory; /* "": the cluster's default */
    int64_t cpus;                  /* of a task; 0: as many threads as its cases ask for */
    int64_t at_once;               /* tasks that run at a time; 0: any number */
    int64_t per_task;              /* cases, one after the other */
    int64_t requeues;              /* of one task, for whatever reason */
    int64_t warning;               /* seconds before the limit at which a task is told */
    int64_t array_size;            /* tasks of one array at most; 0: what the cluster allows */
    struct tfu_string_list sbatch; /* more options of sbatch, "--constraint=avx2" */
    struct tfu_string_list setup;  /* lines of shell before the program: "module load ..." */
};

/* The table over `options`. */
struct tfu_options_table tfu_slurm_options_table(struct tfu_slurm_options *options);

/* Fills `out` from the section `launch` of a study file; `launch` NULL: all defaults. Texts live in
 * the loading's arena. What is wrong becomes findings. */
void tfu_slurm_options_read(struct tfu_load *l, const struct tfu_node *launch,
                            struct tfu_slurm_options *out);

/* Is what is there possible? TFU_EINVAL, with the key's name and what it collides with. For values
 * of which only their types are known to be right. */
enum tfu_status tfu_slurm_options_check(const struct tfu_slurm_options *o, struct tfu_error *e);

/* Seconds of "90", "90:00", "1:30:00", "2-12", "2-12:00" or "2-12:00:00"; 0: "UNLIMITED" or
 * "INFINITE"; -1: none of these. */
int64_t tfu_slurm_seconds(const char *time);

#endif
