/* SPDX-License-Identifier: MIT
 *
 * case_runs.h - which run a case of a sweep became, also after its sweep's file was written, and
 * when it was trained anew: STORE/.cases/KEY/state.json says it. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_CASE_RUNS_H
#define TFU_CORE_INDEX_CASE_RUNS_H

#include "core/index/database.h"

/* Returns what the database said. */
int tfu_case_runs_refresh(struct tfu_database *d, int store);

/* "NAME/ID", the last two names of a run's path; NULL: it has not so many. */
const char *tfu_case_runs_below_store(const char *path);

#endif
