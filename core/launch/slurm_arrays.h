/* SPDX-License-Identifier: MIT
 *
 * slurm_arrays.h - a graph of cases as job arrays: level by level, each level in arrays that the
 * cluster allows, each array behind those that have what its cases need. Of a level those that
 * others need are in arrays of their own, so that nobody waits for the rest of it.
 *
 * An array begins when the arrays before it have *ended*, however they ended: a level is many
 * cases, and one that failed is no reason for those that do not need it. A task whose case cannot
 * be done leaves at once.
 */
#ifndef TFU_CORE_LAUNCH_SLURM_ARRAYS_H
#define TFU_CORE_LAUNCH_SLURM_ARRAYS_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/error.h"

struct tfu_slurm_item {
    const size_t *need; /* items before this one */
    size_t need_count;
    bool wanted;    /* is to be submitted */
    bool is_queued; /* is in the queue already, */
    size_t job;     /* in this job */
};

struct tfu_slurm_shape {
    size_t per_task;  /* cases of a task */
    size_t tasks_max; /* of an array */
    bool in_turn; /* one array after the other, for the sake of a limit on what runs at a time */
};

struct tfu_slurm_array {
    size_t level;
    const size_t *item; /* its cases: task t has those from t * per_task on */
    size_t count, tasks;
    const size_t *after; /* arrays of this list, ascending */
    size_t after_count;
    const size_t *after_job; /* jobs that were submitted before, ascending */
    size_t after_job_count;
};

struct tfu_slurm_arrays {
    struct tfu_arena arena; /* owns what is below */
    struct tfu_slurm_array *array;
    size_t count, levels;
};

/* An item that is wanted and needs one that is neither wanted nor queued is taken as if that were
 * done. To be freed in any case. */
enum tfu_status tfu_slurm_arrays_make(struct tfu_slurm_arrays *out,
                                      const struct tfu_slurm_item *item, size_t count,
                                      const struct tfu_slurm_shape *shape, struct tfu_error *e);
void tfu_slurm_arrays_free(struct tfu_slurm_arrays *a);

#endif
