/* SPDX-License-Identifier: MIT
 *
 * bench_run.h - one measurement of an architecture, in the process that calls it.
 */
#ifndef TFU_CORE_CLI_BENCH_RUN_H
#define TFU_CORE_CLI_BENCH_RUN_H

#include <jansson.h>

#include "core/cli/model.h"
#include "core/graph/network.h"

struct tfu_bench_request {
    struct tfu_model_request model;
    int64_t steps, threads;
    bool training; /* forward, backward and Adam; else forward alone */
    const struct tfu_algorithm_choice *algorithm;
    size_t algorithm_count;
    bool measure;        /* choose algorithms by measuring them */
    const char *timings; /* file of measured ones; NULL: with `measure` that of the user's cache */
};

/* Runs it: a step to warm up, then `steps` timed ones, then as many with the clock in every layer.
 * `out` gets {seconds: median of a step, planned_bytes, layers: [...]}, the caller's. Returns an
 * exit status; on failure everything has been said. */
int tfu_bench_run(struct tfu_cli *cli, const struct tfu_bench_request *request, json_t **out);

#endif
