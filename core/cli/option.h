/* SPDX-License-Identifier: MIT
 *
 * option.h - single arguments of a command line: numbers, KEY=VALUE. All of it: arguments.h.
 */
#ifndef TFU_CORE_CLI_OPTION_H
#define TFU_CORE_CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <transfuse/abi.h>

/* An integer option's value ("--batch 8"); false with a usage error in *status. */
bool tfu_cli_number(const char *command, const char *option, const char *text, int64_t min,
                    int64_t max, int64_t *out, int *status);

/* Is it KEY=VALUE? Not so what exists (lr=0.1/c.yaml, epoch=9.ckpt, a folder of a run, and
 * RUN@STATE of one), and not what has its `=` behind a slash; but a folder that happens to be
 * called as a key of a configuration and its value is no hindrance to set that key. */
bool tfu_cli_is_pair(const char *argument);

/* tfu_cli_usage() where a file or a network is missing, with a word about the first of the pairs
 * that may have been meant as one. */
int tfu_cli_missing(const char *command, const char *const *pair, size_t count, const char *fmt,
                    ...) TFU_PRINTF(4, 5);

/* -o FILE, short for --output: takes it at argv[*i], as tfu_cli_arguments' other() does. */
bool tfu_cli_take_output(const char *command, int argc, char **argv, int *i, const char **output,
                         int *status);

/* May `path` be written? Not over what is there, unless with `force`; false after a usage error,
 * whose exit status is in *status. */
bool tfu_cli_may_write(const char *command, const char *path, bool force, int *status);

#endif
