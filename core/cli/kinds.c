/* SPDX-License-Identifier: MIT */
#include "core/cli/kinds.h"

#include <stdio.h>
#include <string.h>

enum { KINDS_MAX = 32 };

static void print_help(FILE *f, const char *command, const struct tfu_cli_kind *kind, size_t count)
{
    fprintf(f, "usage: transfuse %s KIND ...\n\n", command);
    for (size_t i = 0; i < count; i++)
        fprintf(f, "  %-12s %s\n", kind[i].name, kind[i].summary);
    fprintf(f, "\n`transfuse %s KIND --help` says more.\n", command);
}

int tfu_cli_kinds_run(const char *command, const struct tfu_cli_kind *kind, size_t count,
                      struct tfu_cli *cli, int argc, char **argv)
{
    const char *names[KINDS_MAX];
    if (argc < 2) {
        print_help(stderr, command, kind, count);
        return TFU_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout, command, kind, count);
        return TFU_EXIT_OK;
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = kind[i].name;
        if (strcmp(argv[1], names[i]) == 0)
            return kind[i].run(cli, argc - 1, argv + 1);
    }
    const char *nearest = tfu_text_nearest(argv[1], names, count);
    return nearest
               ? tfu_cli_usage(command, "no %s '%s'; did you mean '%s'?", command, argv[1], nearest)
               : tfu_cli_usage(command, "no %s '%s'", command, argv[1]);
}
