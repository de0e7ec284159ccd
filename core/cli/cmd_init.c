/* SPDX-License-Identifier: MIT
 *
 * transfuse init show CONFIG: which rule of `init:` fills which parameter, and with what.
 */
#include <stdio.h>
#include <string.h>

#include "core/cli/configuration.h"
#include "core/data/measure.h"
#include "core/train/init_report.h"

static const char help[] =
    "usage: transfuse init show CONFIG [KEY=VALUE]...\n"
    "\n"
    "Builds the network of a configuration, initialises it and prints a line a parameter: its\n"
    "name, shape, the rule of `init:` that filled it (init.0 is the first) and what was done.\n"
    "The data is opened for the size of its images. Nothing is written.\n"
    "\n"
    "  KEY=VALUE  replaces a value of the configuration: init.0.scheme=glorot_uniform\n";

static int show(struct tfu_cli *cli, const char *path, const struct tfu_cli_arguments *a)
{
    struct tfu_cli_configuration c;
    struct tfu_text report = TFU_TEXT_INIT;
    struct tfu_error e = TFU_ERROR_INIT;
    enum tfu_status st = tfu_cli_configuration_open(&c, cli, path, a, &e);
    if (st == TFU_OK)
        st = tfu_measure(c.config, c.registry, &cli->log, &e);
    if (st == TFU_OK)
        st = tfu_init_report(tfu_config_experiment(c.config), c.registry, &cli->log, &report, &e);
    int status = TFU_EXIT_OK;
    if (st == TFU_OK)
        fputs(tfu_text_get(&report), stdout);
    else
        status = tfu_cli_failure(c.findings, &e);
    tfu_text_free(&report);
    tfu_cli_configuration_close(&c);
    return status;
}

int tfu_cmd_init(struct tfu_cli *cli, int argc, char **argv)
{
    struct tfu_cli_arguments a = {.command = "init"};
    int status = tfu_cli_arguments_read(&a, argc, argv);
    const char *action = tfu_cli_arguments_shift(&a), *path = tfu_cli_arguments_shift(&a);
    if (status == TFU_EXIT_OK && a.help)
        status = tfu_cli_arguments_print_help(help, NULL, 0);
    else if (status == TFU_EXIT_OK && !action)
        status = tfu_cli_usage("init", "what to do is missing: show");
    else if (status == TFU_EXIT_OK && strcmp(action, "show") != 0)
        status = tfu_cli_usage("init", "'%s' is not a thing to do; there is: show", action);
    else if (status == TFU_EXIT_OK &&
             (status = tfu_cli_configuration_check(&a, path)) == TFU_EXIT_OK)
        status = show(cli, path, &a);
    tfu_cli_arguments_free(&a);
    return status;
}
