/* SPDX-License-Identifier: MIT
 *
 * slurm_paths.h - where the submissions of a sweep are kept.
 */
#ifndef TFU_CORE_LAUNCH_SLURM_PATHS_H
#define TFU_CORE_LAUNCH_SLURM_PATHS_H

#include <limits.h>

#include "core/sweep/sweep.h"

struct tfu_slurm_paths {
    char record[PATH_MAX]; /* <store>/.sweeps/<name>.slurm.json */
    char folder[PATH_MAX]; /* <store>/.sweeps/<name>.slurm: scripts, and what tasks say */
    char stop[PATH_MAX];   /* <store>/.sweeps/<name>.stop */
};

enum tfu_status tfu_slurm_paths_of(struct tfu_slurm_paths *out, const struct tfu_sweep *s,
                                   struct tfu_error *e);

#endif
