/* SPDX-License-Identifier: MIT
 *
 * transfuse sweep plan FILE
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/cli/output.h"
#include "core/cli/sweep_command.h"
#include "core/store/run_folder.h"

static const char help[] =
    "usage: transfuse sweep plan FILE [KEY=VALUE]... [OPTION]...\n"
    "\n"
    "Resolves and checks every case of a study file, and shows them: name, state, run, what it\n"
    "needs. Nothing is started or written.\n"
    "\n"
    "  KEY=VALUE  puts a value over that of the file: base.train.steps=50, cases.seed=0..1\n";

struct options {
    int32_t json;
};

static const struct tfu_option rows[] = {
    TFU_OPT_BOOL(struct options, json, 0, "as JSON"),
};

static int plan(struct tfu_sweep *s, const struct options *o)
{
    (void)o;
    for (size_t i = 0; i < s->count; i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        char *run;
        const enum tfu_status st = tfu_sweep_resolve(s, i, NULL, &run, &e);
        const bool done = run && tfu_run_state(run) == TFU_RUN_FINISHED;
        printf("%s  %-8s %s%s%s\n", s->item[i].key,
               done                  ? "done"
               : st == TFU_ENOTFOUND ? "waiting"
               : st == TFU_OK        ? "ready"
                                     : "error",
               s->item[i].name, e.text[0] ? ": " : "", e.text);
        free(run);
    }
    return TFU_EXIT_OK;
}

int tfu_sweep_plan(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    struct tfu_cli_sweep s = {.sweep = NULL};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &o);
    struct tfu_cli_arguments a = {.command = "sweep plan", .table = &table, .table_count = 1};
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == 0 && a.help)
        status = tfu_cli_arguments_print_help(help, &table, 1);
    else if (status == 0 && (status = tfu_cli_sweep_open(&s, cli, &a)) == 0)
        status = plan(s.sweep, &o);
    tfu_cli_sweep_close(&s);
    tfu_cli_arguments_free(&a);
    return status;
}
