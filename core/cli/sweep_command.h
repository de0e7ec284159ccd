/* SPDX-License-Identifier: MIT
 *
 * sweep_command.h - the actions of `transfuse sweep`, a file each with a row in cmd_sweep.c, and
 * how each of them opens the study file.
 */
#ifndef TFU_CORE_CLI_SWEEP_COMMAND_H
#define TFU_CORE_CLI_SWEEP_COMMAND_H

#include "core/cli/arguments.h"
#include "core/cli/cli.h"
#include "core/sweep/sweep.h"

/* argv[0] is the action. */
int tfu_sweep_plan(struct tfu_cli *cli, int argc, char **argv);
int tfu_sweep_run(struct tfu_cli *cli, int argc, char **argv);
int tfu_sweep_status(struct tfu_cli *cli, int argc, char **argv);
int tfu_sweep_retry(struct tfu_cli *cli, int argc, char **argv);
int tfu_sweep_stage(struct tfu_cli *cli, int argc, char **argv);
int tfu_sweep_stop(struct tfu_cli *cli, int argc, char **argv);

/* An opened sweep, with what it borrows. */
struct tfu_cli_sweep {
    struct tfu_registry *registry;
    struct tfu_diagnostics *findings;
    struct tfu_sweep *sweep;
    bool *chosen; /* for each case, if one of `only` chooses it; NULL: all are */
    /* for the caller to set: all runs will be asked for, or only what is known already */
    bool wants_runs, known;
    const struct tfu_string_list *only; /* patterns of names, beginnings of keys; NULL, none: all */
};

/* Reads the study file that is the command's one positional argument, with its KEY=VALUE, and
 * chooses cases. Returns 0, or an exit status with what is wrong said. To be closed in any case. */
int tfu_cli_sweep_open(struct tfu_cli_sweep *s, struct tfu_cli *cli,
                       const struct tfu_cli_arguments *a);
void tfu_cli_sweep_close(struct tfu_cli_sweep *s);

#endif
