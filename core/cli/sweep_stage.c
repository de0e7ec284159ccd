/* SPDX-License-Identifier: MIT
 *
 * transfuse sweep stage: the cases of a study file as commands, in files.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/cli/option.h"
#include "core/cli/sweep_command.h"
#include "core/cli/sweep_elsewhere.h"

static const char help[] =
    "usage: transfuse sweep stage FILE [KEY=VALUE]... --output|-o DIR [--only KEY|PATTERN,...]\n"
    "                       [--jobs N] [--threads N]\n"
    "\n"
    "Writes what is not done yet as commands to be started anywhere that has the same files:\n"
    "\n"
    "  host.sh      works on the sweep until nothing is left; for any number of hosts at a time\n"
    "  level-N.txt  a line a case; those of level 1 need some of level 0, and so on\n"
    "  README.txt   what is done with them\n"
    "\n"
    "Each command claims the case that it does, so none is done twice.\n"
    "\n"
    "  -o DIR              short for --output DIR\n";

struct options {
    const char *output;
    int64_t jobs, threads;
    struct tfu_string_list only;
};

static const struct tfu_option rows[] = {
    TFU_OPT_PATH(struct options, output, "", 0, "the folder"),
    TFU_OPT_STRING_LIST(struct options, only,
                        "these cases alone, and what they need: patterns of their names, or the "
                        "beginnings of their keys"),
    TFU_OPT_INT(struct options, jobs, 1, 1, 4096, "of host.sh: cases at a time"),
    TFU_OPT_INT(struct options, threads, 0, 0, 4096,
                "of a line of level-N.txt; 0: all processors that it finds"),
};

static bool take_other(void *arg, int argc, char **argv, int *i, int *status)
{
    struct options *o = arg;
    return tfu_cli_take_output("sweep stage", argc, argv, i, &o->output, status);
}

/* The patterns as one word, to be freed; "" where there is none. */
static struct tfu_text join(const struct tfu_string_list *list)
{
    struct tfu_text t = TFU_TEXT_INIT;
    for (uint64_t i = 0; i < list->count; i++)
        tfu_text_printf(&t, "%s%s", i ? "," : "", list->item[i]);
    return t;
}

static int write_stage(const struct tfu_cli *cli, const struct options *o,
                       const struct tfu_cli_arguments *a, const struct tfu_sweep *sweep,
                       const bool *chosen)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_sweep_command command = {.word = NULL};
    struct tfu_stage stage = {.done = 0};
    struct tfu_text only = join(&o->only);
    const struct tfu_stage_files files = {.folder = o->output,
                                          .only = only.length ? tfu_text_get(&only) : NULL,
                                          .jobs = o->jobs,
                                          .threads = o->threads};
    size_t cases = 0;
    int status = only.failed ? tfu_cli_out_of_memory()
                             : tfu_sweep_command_make(&command, cli, a, sweep, 0, 0);
    if (status == 0)
        status = tfu_sweep_command_check_lines(&command, a);
    if (status == 0 && (tfu_stage_make(&stage, sweep, chosen, &e) != TFU_OK ||
                        tfu_stage_write(&stage, &command.of_stage, sweep, &files, &e) != TFU_OK))
        status = tfu_cli_error(&e);
    for (size_t i = 0; i < stage.levels.count; i++)
        cases += stage.levels.array[i].count;
    if (status == 0)
        printf("%s: %zu cases of %zu level%s, see README.txt there; %zu are done, %zu failed, %zu "
               "need those\n",
               o->output, cases, stage.levels.levels, stage.levels.levels == 1 ? "" : "s",
               stage.done, stage.failed, stage.blocked);
    tfu_stage_free(&stage);
    tfu_sweep_command_free(&command);
    tfu_text_free(&only);
    return status;
}

int tfu_sweep_stage(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    struct tfu_cli_sweep s = {.only = &o.only};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &o);
    struct tfu_cli_arguments a = {.command = "sweep stage",
                                  .table = &table,
                                  .table_count = 1,
                                  .other = take_other,
                                  .arg = &o};
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == 0 && a.help) {
        status = tfu_cli_arguments_print_help(help, &table, 1);
    } else if (status == 0 && !o.output[0]) {
        status = tfu_cli_usage("sweep stage", "--output is missing: the folder for the commands");
    } else if (status == 0) {
        status = tfu_cli_sweep_open(&s, cli, &a);
        if (status == 0)
            status = write_stage(cli, &o, &a, s.sweep, s.chosen);
        tfu_cli_sweep_close(&s);
    }
    tfu_cli_arguments_free(&a);
    return status;
}
