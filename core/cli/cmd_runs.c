/* SPDX-License-Identifier: MIT
 *
 * transfuse runs: the runs of a store.
 */
#include <stdio.h>
#include <string.h>

#include "core/cli/runs.h"

static const char help[] =
    "usage: transfuse runs list [RUN | FILTER]... [OPTION]...\n"
    "       transfuse runs show RUN\n"
    "       transfuse runs compare RUN RUN... [OPTION]...\n"
    "       transfuse runs compare --over KEY [RUN | FILTER]... [OPTION]...\n"
    "       transfuse runs export [RUN | FILTER]... [OPTION]...\n"
    "       transfuse runs rm RUN | FILTER... [--yes]\n"
    "       transfuse runs gc [RUN | FILTER]... [--yes]\n"
    "       transfuse runs reindex\n"
    "\n"
    "  list     a table of runs: those that are named and fit all filters\n"
    "  show     all about one run\n"
    "  compare  how runs differ in configuration and metrics, and whether that may be chance\n"
    "  export   runs with all their metrics, for other programs\n"
    "  rm       removes runs\n"
    "  gc       removes what finished runs need no more\n"
    "  reindex  reads all folders of the store again\n"
    "\n"
    "RUN is NAME/ID, a pattern of it, the first digits of an ID, or NAME for all its runs. FILTER "
    "is\n"
    "a key, one of = != < <= > >=, and a value: arch=cbr_tiny 'test/auc>0.9' since=2d "
    "state=failed.\n"
    "`transfuse runs ACTION --help` says more.\n";

static const struct {
    const char *name;
    int (*run)(struct tfu_cli *cli, int argc, char **argv);
} actions[] = {{"list", tfu_runs_list},      {"show", tfu_runs_show}, {"compare", tfu_runs_compare},
               {"export", tfu_runs_export},  {"rm", tfu_runs_rm},     {"gc", tfu_runs_gc},
               {"reindex", tfu_runs_reindex}};

int tfu_cmd_runs(struct tfu_cli *cli, int argc, char **argv)
{
    if (argc < 2)
        return tfu_cli_usage(
            "runs", "what to do is missing: list, show, compare, export, rm, gc or reindex");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        fputs(help, stdout);
        return TFU_EXIT_OK;
    }
    const char *names[TFU_COUNT(actions)];
    for (size_t i = 0; i < TFU_COUNT(actions); i++) {
        names[i] = actions[i].name;
        if (strcmp(argv[1], actions[i].name) == 0)
            return actions[i].run(cli, argc - 1, argv + 1);
    }
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_put_advice(&text, argv[1], names, TFU_COUNT(names));
    const int status =
        tfu_cli_usage("runs", "'%s' is not a thing to do%s", argv[1], tfu_text_get(&text));
    tfu_text_free(&text);
    return status;
}
