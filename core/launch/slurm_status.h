/* SPDX-License-Identifier: MIT
 *
 * slurm_status.h - the jobs of a sweep, after they were submitted: what Slurm says of them, and how
 * they are stopped.
 */
#ifndef TFU_CORE_LAUNCH_SLURM_STATUS_H
#define TFU_CORE_LAUNCH_SLURM_STATUS_H

#include "core/launch/slurm_look.h"
#include "core/sweep/state.h"

/* What Slurm says of each case that is not done: `seen` has room for one each. Where nothing was
 * submitted all are NEVER, and nobody is asked. TFU_EIO: Slurm does not answer, and `seen` says
 * only what was submitted. */
enum tfu_status tfu_slurm_status(const struct tfu_sweep *s, const struct tfu_case_status *status,
                                 struct tfu_slurm_seen *seen, struct tfu_error *e);

struct tfu_slurm_stopping {
    double seconds; /* that tasks get to leave by themselves, having been asked to */
    void *arg;
    bool (*interrupted)(void *arg); /* the caller does not want to wait any longer; may be NULL */
};

struct tfu_slurm_stopped {
    size_t pending, running; /* tasks that were found so */
    size_t cancelled;        /* running ones that did not leave by themselves */
};

/* Takes the tasks of a sweep out of the queue: those that wait at once, those that run when they
 * have left, as they do once the file of `core/launch/stop.h` has changed, or by SIGTERM when the
 * time is up. Also those of cases that the study file no longer has. */
enum tfu_status tfu_slurm_stop(const struct tfu_sweep *s, const struct tfu_slurm_stopping *how,
                               struct tfu_slurm_stopped *stopped, struct tfu_error *e);

#endif
