/* SPDX-License-Identifier: MIT
 *
 * sweep_elsewhere.h - the cases of a sweep started by something else than this process: as jobs of
 * Slurm, or as commands for a person to start.
 */
#ifndef TFU_CORE_CLI_SWEEP_ELSEWHERE_H
#define TFU_CORE_CLI_SWEEP_ELSEWHERE_H

#include "core/cli/arguments.h"
#include "core/cli/cli.h"
#include "core/config/slurm_options.h"
#include "core/launch/stage.h"
#include "core/sweep/sweep.h"

enum tfu_launcher { TFU_LAUNCHER_LOCAL, TFU_LAUNCHER_SLURM, TFU_LAUNCHER_SHELL };

/* What `sweep run` takes besides its own flags. */
struct tfu_sweep_elsewhere {
    int32_t launcher; /* enum tfu_launcher */
    int32_t dry_run;
    struct tfu_slurm_options slurm; /* as the command line says */
    bool stops;                     /* of the caller's: failures end it all */
    int64_t retry, threads;         /* of the caller's: for the commands */
    double stall_after;             /* likewise; minutes */
};

/* Two tables; how they are read is up to the caller. */
enum { TFU_ELSEWHERE_TABLES = 2 };
void tfu_sweep_elsewhere_tables(struct tfu_sweep_elsewhere *e,
                                struct tfu_options_table table[TFU_ELSEWHERE_TABLES]);
/* The options of Slurm, to be printed behind a help text. */
int tfu_sweep_elsewhere_help(const char *head);

/* 0, or a usage error where flags of one launcher are given to another; `a` has the tables. */
int tfu_sweep_elsewhere_check(const struct tfu_sweep_elsewhere *e,
                              const struct tfu_cli_arguments *a);
/* Submits, or prints commands: not for LOCAL. Returns an exit status. */
int tfu_sweep_elsewhere_run(const struct tfu_cli *cli, const struct tfu_sweep_elsewhere *e,
                            const struct tfu_cli_arguments *a, const struct tfu_sweep *sweep,
                            const bool *chosen);

/* ---- for the subcommands that make or print commands */

/* "transfuse --plugin-path P sweep run FILE KEY=VALUE ...": the program by its file, the study file
 * by its whole path. */
struct tfu_sweep_command {
    struct tfu_stage_command of_stage;
    const char *environment[1]; /* NAME=VALUE */
    size_t environment_count;
    char *text[4]; /* what is owned */
    char retry[32], stall[32];
    const char **word;
};
int tfu_sweep_command_make(struct tfu_sweep_command *c, const struct tfu_cli *cli,
                           const struct tfu_cli_arguments *a, const struct tfu_sweep *sweep,
                           int64_t retry, double stall_after);
/* 0, or a usage error where it would not be one line. */
int tfu_sweep_command_check_lines(const struct tfu_sweep_command *c,
                                  const struct tfu_cli_arguments *a);
void tfu_sweep_command_free(struct tfu_sweep_command *c);

/* For `sweep stop`: what of the sweep is a job of Slurm is taken out of its queue, and told. */
int tfu_sweep_elsewhere_stop(const struct tfu_sweep *sweep);

#endif
