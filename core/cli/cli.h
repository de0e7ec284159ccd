/* SPDX-License-Identifier: MIT
 *
 * cli.h - what the subcommands share. A subcommand is a file cmd_<name>.c with one function here
 * and a row in main.c.
 */
#ifndef TFU_CORE_CLI_CLI_H
#define TFU_CORE_CLI_CLI_H

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/config/diagnostic.h"
#include "core/plugin/registry.h"

/* Exit statuses, documented in the manual page. */
enum {
    TFU_EXIT_OK = 0,
    TFU_EXIT_FAILED = 1,
    TFU_EXIT_USAGE = 2,       /* command line or configuration */
    TFU_EXIT_INTERRUPTED = 75 /* a run was interrupted and can be resumed */
};

struct tfu_cli {
    const char *plugin_path; /* --plugin-path, or NULL */
    struct tfu_log log;      /* warnings go to stderr, "transfuse: warning: ..."; notes as well */
    bool no_notes; /* but for those: the output is for a program, or nothing is computed */
};

/* argv[0] is the subcommand's name. */
int tfu_cmd_plugins(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_config(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_model(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_bench(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_data(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_init(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_run(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_runs(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_weights(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_capture(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_export(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_predict(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_eval(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_sweep(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_analyse(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_report(struct tfu_cli *cli, int argc, char **argv);
int tfu_cmd_analysis(struct tfu_cli *cli, int argc, char **argv); /* by its own name */
int tfu_cmd_group(struct tfu_cli *cli, int argc, char **argv);    /* study KIND, figure KIND */

/* The registry over --plugin-path, $TRANSFUSE_PLUGIN_PATH and the installed folder. */
enum tfu_status tfu_cli_registry(struct tfu_cli *cli, struct tfu_registry **out,
                                 struct tfu_error *e);

/* Prints "transfuse: error: <text>" (with file:line:col when it has them) to stderr; returns
 * TFU_EXIT_USAGE for TFU_EINVAL at a configuration, else TFU_EXIT_FAILED. */
int tfu_cli_error(const struct tfu_error *e);
/* All findings, then a line that counts them; returns TFU_EXIT_USAGE. */
int tfu_cli_diagnostics(const struct tfu_diagnostics *d);
/* The one or the other: what was found in a configuration (`d` may be NULL), else the error. */
int tfu_cli_failure(const struct tfu_diagnostics *d, const struct tfu_error *e);
/* "transfuse SUBCOMMAND: <text>" and a pointer to --help; returns TFU_EXIT_USAGE. */
int tfu_cli_usage(const char *subcommand, const char *fmt, ...) TFU_PRINTF(2, 3);

#endif
