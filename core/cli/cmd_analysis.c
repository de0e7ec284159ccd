/* SPDX-License-Identifier: MIT
 *
 * transfuse compare, similarity, study and figure: the commands that an analysis is called by.
 */
#include <stdio.h>
#include <string.h>

#include "core/cli/analysis.h"

int tfu_cmd_analysis(struct tfu_cli *cli, int argc, char **argv)
{
    return tfu_cli_analysis(cli, tfu_analysis_find(argv[0]), argv[0], argc, argv);
}

static void print_group(FILE *f, const char *group)
{
    fprintf(f, "usage: transfuse %s KIND ...\n\n", group);
    for (size_t i = 0; i < tfu_analysis_count; i++)
        if (strcmp(tfu_analyses[i]->group, group) == 0)
            fprintf(f, "  %-12s %s\n", tfu_analyses[i]->name, tfu_analyses[i]->summary);
    fprintf(f, "\n`transfuse %s KIND --help` says more.\n", group);
}

static int unknown_kind(const char *group, const char *name)
{
    const char *names[64];
    size_t count = 0;
    for (size_t i = 0; i < tfu_analysis_count && count < TFU_COUNT(names); i++)
        if (strcmp(tfu_analyses[i]->group, group) == 0)
            names[count++] = tfu_analyses[i]->name;
    const char *nearest = tfu_text_nearest(name, names, count);
    return nearest ? tfu_cli_usage(group, "no %s '%s'; did you mean '%s'?", group, name, nearest)
                   : tfu_cli_usage(group, "no %s '%s'", group, name);
}

int tfu_cmd_group(struct tfu_cli *cli, int argc, char **argv)
{
    const char *group = argv[0];
    if (argc < 2) {
        print_group(stderr, group);
        return TFU_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_group(stdout, group);
        return TFU_EXIT_OK;
    }
    const struct tfu_analysis *a = tfu_analysis_find(argv[1]);
    if (!a || strcmp(a->group, group) != 0)
        return unknown_kind(group, argv[1]);
    char command[64];
    snprintf(command, sizeof command, "%s %s", group, a->name);
    return tfu_cli_analysis(cli, a, command, argc - 1, argv + 1);
}
