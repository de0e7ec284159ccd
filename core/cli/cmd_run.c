/* SPDX-License-Identifier: MIT */
#include "core/cli/cli.h"

int tfu_cmd_run(struct tfu_cli *cli, int argc, char **argv)
{
    (void)cli;
    (void)argc;
    (void)argv;
    return tfu_cli_usage("run", "not there yet");
}
