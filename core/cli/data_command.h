/* SPDX-License-Identifier: MIT
 *
 * data_command.h - what can be done with data sets: a file each.
 */
#ifndef TFU_CORE_CLI_DATA_COMMAND_H
#define TFU_CORE_CLI_DATA_COMMAND_H

#include "core/cli/cli.h"

/* argv[0] is the action's name. */
int tfu_data_check(struct tfu_cli *cli, int argc, char **argv);
int tfu_data_show(struct tfu_cli *cli, int argc, char **argv);
int tfu_data_synth(struct tfu_cli *cli, int argc, char **argv);

#endif
