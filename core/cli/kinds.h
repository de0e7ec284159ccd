/* SPDX-License-Identifier: MIT
 *
 * kinds.h - a subcommand with kinds: `transfuse study KIND ...`, `transfuse figure KIND ...`.
 */
#ifndef TFU_CORE_CLI_KINDS_H
#define TFU_CORE_CLI_KINDS_H

#include "core/cli/cli.h"

struct tfu_cli_kind {
    const char *name;
    int (*run)(struct tfu_cli *cli, int argc, char **argv); /* argv[0] is its name */
    const char *summary;
};

/* Runs the kind that argv[1] names, prints help, or says what is wrong; returns an exit status. */
int tfu_cli_kinds_run(const char *command, const struct tfu_cli_kind *kind, size_t count,
                      struct tfu_cli *cli, int argc, char **argv);

#endif
