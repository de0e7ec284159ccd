/* SPDX-License-Identifier: MIT
 *
 * transfuse sweep: the runs that a study file asks for.
 */
#include <stdio.h>
#include <string.h>

#include "core/cli/sweep_command.h"

static const struct {
    const char *name;
    int (*run)(struct tfu_cli *cli, int argc, char **argv);
    const char *arguments, *summary;
} actions[] = {
    {"plan", tfu_sweep_plan, "FILE [KEY=VALUE]... [OPTION]...",
     "shows the cases of a study file: which are done, what they need and will take"},
    {"run", tfu_sweep_run, "FILE [KEY=VALUE]... [OPTION]...",
     "trains what is not done yet, each case in a process of its own"},
    {"status", tfu_sweep_status, "FILE [KEY=VALUE]... [OPTION]...", "how far the cases are"},
    {"retry", tfu_sweep_retry, "FILE [KEY=VALUE]... [OPTION]...",
     "has cases that failed be tried again"},
    {"stage", tfu_sweep_stage, "FILE [KEY=VALUE]... --output DIR [OPTION]...",
     "writes what is not done as commands, to be started anywhere"},
    {"stop", tfu_sweep_stop, "FILE [KEY=VALUE]...",
     "asks all that work on the sweep to write checkpoints and leave"},
};

static void print_help(FILE *f)
{
    for (size_t i = 0; i < TFU_COUNT(actions); i++)
        fprintf(f, "%s transfuse sweep %s %s\n", i ? "      " : "usage:", actions[i].name,
                actions[i].arguments);
    fputs("\n", f);
    for (size_t i = 0; i < TFU_COUNT(actions); i++)
        fprintf(f, "  %-8s %s\n", actions[i].name, actions[i].summary);
    fputs("\nKEY=VALUE puts a value over that of the file: base.train.steps=50, cases.seed=0..1,\n"
          "profile=mini.\n"
          "\n`transfuse sweep ACTION --help` says more.\n",
          f);
}

/* "plan, run and status" */
static void put_names(struct tfu_text *out)
{
    for (size_t i = 0; i < TFU_COUNT(actions); i++)
        tfu_text_printf(out, "%s%s",
                        i == 0                        ? ""
                        : i + 1 == TFU_COUNT(actions) ? " and "
                                                      : ", ",
                        actions[i].name);
}

int tfu_cmd_sweep(struct tfu_cli *cli, int argc, char **argv)
{
    struct tfu_text names = TFU_TEXT_INIT;
    int status;
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help(stdout);
        return TFU_EXIT_OK;
    }
    for (size_t i = 0; argc >= 2 && i < TFU_COUNT(actions); i++)
        if (strcmp(argv[1], actions[i].name) == 0)
            return actions[i].run(cli, argc - 1, argv + 1);
    put_names(&names);
    if (argc < 2)
        status = tfu_cli_usage("sweep", "what to do is missing: %s", tfu_text_get(&names));
    else
        status = tfu_cli_usage("sweep", "'%s' is not a thing to do; there are: %s", argv[1],
                               tfu_text_get(&names));
    tfu_text_free(&names);
    return status;
}
