/* SPDX-License-Identifier: MIT
 *
 * target.h - what `run` and `eval` are pointed at on the command line: core/run/target.h.
 */
#ifndef TFU_CORE_CLI_TARGET_H
#define TFU_CORE_CLI_TARGET_H

#include "core/cli/arguments.h"
#include "core/run/target.h"

/* Sorts what was read: a folder or a file, and KEY=VALUE. Returns 0, or the exit status of a usage
 * error that it has told. */
int tfu_cli_target(struct tfu_target_request *out, const struct tfu_cli_arguments *a);

#endif
