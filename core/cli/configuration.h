/* SPDX-License-Identifier: MIT
 *
 * configuration.h - a configuration that a command is given as its one argument, with KEY=VALUE.
 */
#ifndef TFU_CORE_CLI_CONFIGURATION_H
#define TFU_CORE_CLI_CONFIGURATION_H

#include "core/cli/arguments.h"
#include "core/cli/cli.h"
#include "core/config/experiment.h"

struct tfu_cli_configuration {
    struct tfu_registry *registry;
    struct tfu_diagnostics *findings; /* for tfu_cli_failure() */
    struct tfu_config *config;
};

/* Is `path`, which was shifted off the arguments, there, and nothing behind it? 0, or the exit
 * status of a usage error that it has told. */
int tfu_cli_configuration_check(const struct tfu_cli_arguments *a, const char *path);

/* Loads it, and tells its notes. To be closed in any case. */
enum tfu_status tfu_cli_configuration_open(struct tfu_cli_configuration *c, struct tfu_cli *cli,
                                           const char *path, const struct tfu_cli_arguments *a,
                                           struct tfu_error *e);
void tfu_cli_configuration_close(struct tfu_cli_configuration *c);

#endif
