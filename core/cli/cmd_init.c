/* SPDX-License-Identifier: MIT */
#include "core/cli/cli.h"

int tfu_cmd_init(struct tfu_cli *cli, int argc, char **argv)
{
    (void)cli;
    (void)argc;
    (void)argv;
    return tfu_cli_usage("init", "not there yet");
}
