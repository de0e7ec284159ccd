/* SPDX-License-Identifier: MIT
 *
 * transfuse data: what is done with data sets themselves.
 */
#include <stdio.h>
#include <string.h>

#include "core/cli/data_command.h"

static const char help[] =
    "usage: transfuse data check CONFIG [KEY=VALUE]... [OPTION]...\n"
    "       transfuse data show CONFIG --output SHEET.png [KEY=VALUE]... [OPTION]...\n"
    "       transfuse data synth --kind KIND --images N --output DIR [OPTION]...\n"
    "\n"
    "  check   reads the data of a configuration in full and says what is wrong with them\n"
    "  show    draws a sheet of images as they are and as a network sees them\n"
    "  synth   draws a data set that is laid out as a public one is\n"
    "\n"
    "`transfuse data ACTION --help` says more.\n";

static const struct {
    const char *name;
    int (*run)(struct tfu_cli *cli, int argc, char **argv);
} actions[] = {{"check", tfu_data_check}, {"show", tfu_data_show}, {"synth", tfu_data_synth}};

int tfu_cmd_data(struct tfu_cli *cli, int argc, char **argv)
{
    if (argc < 2)
        return tfu_cli_usage("data", "what to do is missing: check, show or synth");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        fputs(help, stdout);
        return TFU_EXIT_OK;
    }
    for (size_t i = 0; i < TFU_COUNT(actions); i++)
        if (strcmp(argv[1], actions[i].name) == 0)
            return actions[i].run(cli, argc - 1, argv + 1);
    return tfu_cli_usage("data", "'%s' is not a thing to do; there are: check, show and synth",
                         argv[1]);
}
