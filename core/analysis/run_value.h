/* SPDX-License-Identifier: MIT
 *
 * run_value.h - what the configuration of a run says under a key.
 */
#ifndef TFU_CORE_ANALYSIS_RUN_VALUE_H
#define TFU_CORE_ANALYSIS_RUN_VALUE_H

#include "core/config/loading.h"

/* Of the run in the folder `run`; "" where there is none, where `run` is NULL, and where the file
 * cannot be read, which opening the run will say. Lives as long as the load. */
const char *tfu_run_value(struct tfu_load *l, const char *run, const char *key);

/* As strcmp(): numbers by their values, all else by its letters. */
int tfu_run_value_compare(const char *a, const char *b);

#endif
