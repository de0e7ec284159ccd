/* SPDX-License-Identifier: MIT
 *
 * transfuse study: the table of its kinds.
 */
#include <stdio.h>
#include <string.h>

#include "core/cli/study.h"

static const struct {
    const char *name;
    int (*run)(struct tfu_cli *cli, int argc, char **argv);
    const char *summary;
} kinds[] = {
    {"movement", tfu_study_movement, "how far did training take each layer?"},
    {"dynamics", tfu_study_dynamics, "similarity over a training, checkpoint by checkpoint"},
    {"subsets", tfu_study_subsets, "does the similarity at the start tell that at the end?"},
    {"reinit", tfu_study_reinit, "a stage back to its values before training: what is lost?"},
    {"interpolate", tfu_study_interpolate, "loss and metrics on the line between two networks"},
    {"agreement", tfu_study_agreement, "do two networks err on the same examples?"},
    {"probe", tfu_study_probe, "how well do the activations of each layer tell the classes?"},
};

static void print_help(FILE *f)
{
    fputs("usage: transfuse study KIND ...\n\n", f);
    for (size_t i = 0; i < TFU_COUNT(kinds); i++)
        fprintf(f, "  %-12s %s\n", kinds[i].name, kinds[i].summary);
    fputs("\n`transfuse study KIND --help` says more.\n", f);
}

int tfu_cmd_study(struct tfu_cli *cli, int argc, char **argv)
{
    const char *names[TFU_COUNT(kinds)];
    if (argc < 2) {
        print_help(stderr);
        return TFU_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return TFU_EXIT_OK;
    }
    for (size_t i = 0; i < TFU_COUNT(kinds); i++) {
        names[i] = kinds[i].name;
        if (strcmp(argv[1], names[i]) == 0)
            return kinds[i].run(cli, argc - 1, argv + 1);
    }
    const char *nearest = tfu_text_nearest(argv[1], names, TFU_COUNT(names));
    return nearest ? tfu_cli_usage("study", "no study '%s'; did you mean '%s'?", argv[1], nearest)
                   : tfu_cli_usage("study", "no study '%s'", argv[1]);
}
