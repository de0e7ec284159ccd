/* SPDX-License-Identifier: MIT
 *
 * support_runs.h - the runs of a sweep that are none of its results: those of its section `runs`,
 * and candidates of `tune`, which its cases need.
 */
#ifndef TFU_CORE_INDEX_SUPPORT_RUNS_H
#define TFU_CORE_INDEX_SUPPORT_RUNS_H

#include "core/index/index.h"

/* support[i], of each run, becomes true for them. One that is a case as well, as the candidate that
 * was chosen may be, is none of them. */
enum tfu_status tfu_index_support_runs(struct tfu_index *x, const char *sweep, bool *support,
                                       struct tfu_error *e);

#endif
