/* SPDX-License-Identifier: MIT
 *
 * runs_record.h - a run as JSON.
 */
#ifndef TFU_CORE_CLI_RUNS_RECORD_H
#define TFU_CORE_CLI_RUNS_RECORD_H

#include <jansson.h>

#include "core/cli/runs.h"

enum {
    TFU_RUNS_RECORD_SCORES = 1u << 0, /* "metrics": the last values */
    TFU_RUNS_RECORD_CONFIG = 1u << 1,
    TFU_RUNS_RECORD_FILES = 1u << 2, /* "artefacts", "sessions" */
    TFU_RUNS_RECORD_POINTS = 1u << 3 /* "points": all lines of metrics.csv */
};

/* What is not known is null, and numbers that are not defined as well. To be freed. */
enum tfu_status tfu_runs_record(struct tfu_runs *r, const struct tfu_index_run *run, uint32_t what,
                                json_t **out, struct tfu_error *e);

/* Prints it in one line, and frees it. */
enum tfu_status tfu_runs_print_line(json_t *root, struct tfu_error *e);

#endif
