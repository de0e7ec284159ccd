/* SPDX-License-Identifier: MIT
 *
 * bench_system.h - what a report of slowness needs: the machine, the program, the BLAS, and how
 * fast each can be.
 */
#ifndef TFU_CORE_CLI_BENCH_SYSTEM_H
#define TFU_CORE_CLI_BENCH_SYSTEM_H

#include <jansson.h>

#include "core/cli/cli.h"

/* Prints it, as text or as JSON. `threads`: 0 for all that this process may use. Returns an exit
 * status. */
int tfu_bench_system(struct tfu_cli *cli, uint32_t threads, bool as_json);

/* The text of what tfu_bench_system() has gathered. */
void tfu_bench_system_print(const json_t *report);

#endif
