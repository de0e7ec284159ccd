/* SPDX-License-Identifier: MIT
 *
 * remove.h - removes a run from its store, or what a run at rest needs no more.
 */
#ifndef TFU_CORE_STORE_REMOVE_H
#define TFU_CORE_STORE_REMOVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/* Removes what a run wrote into `folder`, and the folder, and that of its experiment if it is empty
 * then. What somebody else put there stays, with the folder; `*left` counts it. TFU_EIO: another
 * process has the run. */
enum tfu_status tfu_run_remove(const char *folder, size_t *left, struct tfu_error *e);

/* A file that is not needed: called for each, with its name below the run's folder. */
typedef void tfu_run_tidy_report(void *arg, const char *name, int64_t bytes);

struct tfu_run_tidy {
    bool remove; /* or only report */
    tfu_run_tidy_report *report;
    void *arg;
    size_t files; /* set */
    int64_t bytes;
};

/* Of a finished run: the checkpoints in between, not the best and the final one. Of any: files that
 * were never finished, damaged checkpoints that were put aside; and the lease of a process that is
 * gone is given back. TFU_EIO: another process has the run. */
enum tfu_status tfu_run_tidy(struct tfu_run_tidy *t, const char *folder, struct tfu_error *e);

#endif
