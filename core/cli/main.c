/* SPDX-License-Identifier: MIT
 *
 * The program: options that every subcommand has, and the table of subcommands.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/cli/cli.h"
#include "core/cli/crash.h"
#include "core/cli/output.h"

static const struct {
    const char *name;
    int (*run)(struct tfu_cli *cli, int argc, char **argv);
    const char *summary;
} commands[] = {
    {"run", tfu_cmd_run, "train as a configuration says, or resume a run"},
    {"eval", tfu_cmd_eval, "metrics of a checkpoint, and its predictions"},
    {"predict", tfu_cmd_predict, "what a network says of images, and how long it takes"},
    {"export", tfu_cmd_export, "a network as one file, for programs elsewhere"},
    {"runs", tfu_cmd_runs, "list, show, compare, export and remove the runs of a store"},
    {"sweep", tfu_cmd_sweep, "the runs that a study file asks for, planned and checked"},
    {"analyse", tfu_cmd_analyse, "the analyses of a study file, or one by its name"},
    {"report", tfu_cmd_report, "what a study came to, as a page, tables and figures"},
    {"study", tfu_cmd_group, "what a trained network is made of, in tables and figures"},
    {"figure", tfu_cmd_group, "filters, histograms of weights, Grad-CAM, saliency"},
    {"data", tfu_cmd_data, "check, show or draw a data set"},
    {"config", tfu_cmd_config, "show a configuration as it resolves, or check it"},
    {"model", tfu_cmd_model, "layers, shapes, parameters and memory of an architecture"},
    {"init", tfu_cmd_init, "which initializer fills which parameter"},
    {"weights", tfu_cmd_weights, "inspect, compare and convert files of weights"},
    {"compare", tfu_cmd_analysis, "compare the representations of networks, layer by layer"},
    {"capture", tfu_cmd_capture, "write activations, features and logits as arrays of numpy"},
    {"similarity", tfu_cmd_analysis, "compare two saved matrices of activations"},
    {"plugins", tfu_cmd_plugins, "list, describe, check and start plugins"},
    {"bench", tfu_cmd_bench, "speed and memory of an architecture"},
};

static void print_help(FILE *f)
{
    fputs("usage: transfuse [--plugin-path FOLDERS] COMMAND ...\n\n", f);
    for (size_t i = 0; i < TFU_COUNT(commands); i++)
        fprintf(f, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\n  --plugin-path FOLDERS  look for plugins here first (':' between folders)\n"
          "  --version              print the version\n"
          "  --help                 this text; `transfuse COMMAND --help` says more\n",
          f);
}

static void print_line(void *arg, enum tfu_log_level level, const char *line)
{
    const struct tfu_cli *cli = arg;
    if (level == TFU_LOG_WARNING)
        fprintf(stderr, "transfuse: warning: %s\n", line);
    else if (level == TFU_LOG_NOTE && !cli->no_notes)
        fprintf(stderr, "transfuse: note: %s\n", line);
}

/* Is a note about speed out of place? */
static bool refuses_notes(int argc, char **argv)
{
    static const char *const idle[] = {"config", "data",    "plugins", "model",
                                       "init",   "weights", "sweep"};
    for (size_t i = 0; i < TFU_COUNT(idle); i++)
        if (strcmp(argv[0], idle[i]) == 0)
            return true;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--json") == 0 || strcmp(argv[i], "--quiet") == 0)
            return true;
    return false;
}

static int unknown_command(const char *name)
{
    const char *names[TFU_COUNT(commands)];
    for (size_t i = 0; i < TFU_COUNT(commands); i++)
        names[i] = commands[i].name;
    const char *nearest = tfu_text_nearest(name, names, TFU_COUNT(names));
    if (nearest)
        fprintf(stderr, "transfuse: unknown command '%s'; did you mean '%s'?\n", name, nearest);
    else
        fprintf(stderr, "transfuse: unknown command '%s'; see `transfuse --help`\n", name);
    return TFU_EXIT_USAGE;
}

/* Will another program read what is printed? */
static bool is_for_programs(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[0], "config") == 0 && strcmp(argv[1], "show") == 0)
        return true;
    if (strcmp(argv[0], "predict") == 0)
        return true;
    const bool is_bench = strcmp(argv[0], "bench") == 0;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--json") == 0 || (is_bench && strcmp(argv[i], "--csv") == 0))
            return true;
    return false;
}

static int run_command(struct tfu_cli *cli, int argc, char **argv)
{
    for (size_t i = 0; i < TFU_COUNT(commands); i++)
        if (strcmp(argv[0], commands[i].name) == 0)
            return commands[i].run(cli, argc, argv);
    return unknown_command(argv[0]);
}

/* Daemons and launchers may start a program with descriptors 0, 1 or 2 closed. The next file that
 * is opened would get that number, and what is printed would land in it: they become /dev/null. */
static bool open_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY) != fd)
            return false;
    return true;
}

int main(int argc, char **argv)
{
    if (!open_standard_descriptors())
        return TFU_EXIT_FAILED; /* there is nowhere to say it */
    signal(SIGXFSZ, SIG_IGN);   /* a full quota is an error to report, not a way to die */
    struct tfu_cli cli = {.plugin_path = NULL};
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help(stdout);
            return TFU_EXIT_OK;
        } else if (strcmp(argv[i], "--version") == 0) {
            puts(PACKAGE_STRING);
            return TFU_EXIT_OK;
        } else if (strcmp(argv[i], "--plugin-path") == 0 && i + 1 < argc) {
            cli.plugin_path = argv[++i];
        } else if (strncmp(argv[i], "--plugin-path=", 14) == 0) {
            cli.plugin_path = argv[i] + 14;
        } else {
            fprintf(stderr, "transfuse: unknown option '%s'; see `transfuse --help`\n", argv[i]);
            return TFU_EXIT_USAGE;
        }
    }
    if (i == argc) {
        print_help(stderr);
        return TFU_EXIT_USAGE;
    }
    if (is_for_programs(argc - i, argv + i))
        tfu_cli_output_claim();
    tfu_log_init(&cli.log, print_line, &cli);
    cli.no_notes = refuses_notes(argc - i, argv + i);
    tfu_crash_watch(&cli.log);
    int status = run_command(&cli, argc - i, argv + i);
    tfu_crash_watch(NULL);
    tfu_log_destroy(&cli.log);
    /* a full disk shows when buffered output is written, at the end or before: not a success */
    if (!tfu_cli_output_flush() && status == TFU_EXIT_OK) {
        if (!errno)
            fputs("transfuse: error: cannot write the output\n", stderr);
        else
            perror("transfuse: error: cannot write the output");
        status = TFU_EXIT_FAILED;
    }
    return status;
}
