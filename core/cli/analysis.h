/* SPDX-License-Identifier: MIT
 *
 * analysis.h - an analysis from its command line to its exit status.
 */
#ifndef TFU_CORE_CLI_ANALYSIS_H
#define TFU_CORE_CLI_ANALYSIS_H

#include "core/analysis/analysis.h"
#include "core/cli/cli.h"

/* `command` is what was typed for it: "study movement". argv[0] is the last word of that. */
int tfu_cli_analysis(struct tfu_cli *cli, const struct tfu_analysis *a, const char *command,
                     int argc, char **argv);

#endif
