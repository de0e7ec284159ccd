/* SPDX-License-Identifier: MIT */
#include "core/cli/runs.h"

int tfu_runs_compare(struct tfu_cli *cli, int argc, char **argv)
{
    (void)cli;
    (void)argc;
    (void)argv;
    return tfu_cli_usage("runs compare", "not there yet");
}
