/* SPDX-License-Identifier: MIT
 *
 * bench_layers.h - every kernel of a backend that can do it, on each of a network's layers.
 */
#ifndef TFU_CORE_CLI_BENCH_LAYERS_H
#define TFU_CORE_CLI_BENCH_LAYERS_H

#include "core/cli/bench_run.h"

/* Runs each kernel alone on random tensors: once to warm up, then `steps` times, of which the
 * fastest counts. Layers that are equal in all sizes are run once. `out` gets an array, the
 * caller's: {name, operation, count, direction, algorithm, chosen, seconds, multiply_adds,
 * executed, bytes, copy_seconds, sizes: {...}}. Returns an exit status; on failure everything has
 * been said. */
int tfu_bench_layers(struct tfu_cli *cli, const struct tfu_bench_request *request, json_t **out);

/* The array as a table, and as CSV. */
void tfu_bench_layers_print(const json_t *rows);
void tfu_bench_layers_csv(const json_t *rows);

#endif
