/* SPDX-License-Identifier: MIT
 *
 * slurm_record.h - what of a sweep was submitted, as which jobs: <store>/.sweeps/<name>.slurm.json.
 *
 * A job is noted by its name before it is submitted, and by its number afterwards: when the process
 * dies between the two, Slurm is asked by the name.
 */
#ifndef TFU_CORE_LAUNCH_SLURM_RECORD_H
#define TFU_CORE_LAUNCH_SLURM_RECORD_H

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"

/* A job array. */
struct tfu_slurm_job {
    const char *name;
    const char *number; /* digits; "": it is not known whether it was accepted */
    int64_t time;       /* unix seconds */
    size_t level;
    const char *const *task; /* its cases, "3fa2...,90bc..." */
    size_t tasks;
};

struct tfu_slurm_record {
    struct tfu_arena arena;    /* owns what is below */
    struct tfu_slurm_job *job; /* the newest last */
    size_t count, room;
};

/* Nothing, where there is no file. TFU_ECORRUPT: it is not what was written. To be freed in any
 * case. */
enum tfu_status tfu_slurm_record_read(struct tfu_slurm_record *out, const char *path,
                                      struct tfu_error *e);
enum tfu_status tfu_slurm_record_write(const struct tfu_slurm_record *r, const char *path,
                                       struct tfu_error *e);
/* Copies a job to the end. */
enum tfu_status tfu_slurm_record_add(struct tfu_slurm_record *r, const struct tfu_slurm_job *job,
                                     struct tfu_error *e);
/* `number` is copied. */
enum tfu_status tfu_slurm_record_number(struct tfu_slurm_record *r, size_t index,
                                        const char *number, size_t length, struct tfu_error *e);
void tfu_slurm_record_remove(struct tfu_slurm_record *r, size_t index);
void tfu_slurm_record_free(struct tfu_slurm_record *r);

#endif
