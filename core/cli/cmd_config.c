/* SPDX-License-Identifier: MIT
 *
 * transfuse config show | check | describe
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/cli.h"
#include "core/cli/option.h"
#include "core/cli/output.h"
#include "core/cli/reference.h"
#include "core/config/experiment.h"
#include "core/config/path.h"
#include "core/run/versus.h"
#include "core/train/inspect.h"

static void print_help(void)
{
    fputs("usage: transfuse config show [--origin] FILE [KEY=VALUE...]\n"
          "       transfuse config check FILE... [KEY=VALUE...]\n"
          "       transfuse config describe [KEY] [--json | --markdown]\n\n"
          "  show      print the configuration as it resolves: every key, defaults included\n"
          "  check     say of each file whether it is right, or all that is wrong with it\n"
          "  describe  say what KEY means, with type, range and default: a key, as\n"
          "            train.checkpoint.keep, a section, as train, or all there are\n"
          "  --origin  say behind each value where it comes from\n"
          "  --json, --markdown  describe as JSON, or as docs/configuration.md has it\n\n"
          "KEY=VALUE puts a value over that of the file: train.optimizer.lr=1e-4,\n"
          "init.0.scheme=constant, 'data.train.classes=[0, 3]', metrics.+={plugin: loss}.\n",
          stdout);
}

/* What the command line says, in any order. */
struct request {
    const char *action;
    bool origin, json, markdown, help;
    const char **file, **override;
    size_t files, overrides;
};

static int check_describe(const struct request *r)
{
    if (r->files > 1)
        return tfu_cli_usage("config", "describe takes one KEY, and '%s' is a second", r->file[1]);
    if (r->overrides)
        return tfu_cli_usage("config", "describe takes a KEY without a value, as in '%.*s'",
                             (int)strcspn(r->override[0], "="), r->override[0]);
    if (r->origin)
        return tfu_cli_usage("config", "--origin is for show");
    if (r->json && r->markdown)
        return tfu_cli_usage("config", "--json and --markdown exclude each other");
    return 0;
}

/* 0, or an exit status. `file` and `override` have room for all arguments. */
static int parse(int argc, char **argv, struct request *r)
{
    for (int i = 1; i < argc; i++) {
        const char *s = argv[i];
        if (strcmp(s, "--help") == 0 || strcmp(s, "-h") == 0)
            r->help = true;
        else if (strcmp(s, "--origin") == 0)
            r->origin = true;
        else if (strcmp(s, "--json") == 0)
            r->json = true;
        else if (strcmp(s, "--markdown") == 0)
            r->markdown = true;
        else if (s[0] == '-' && s[1])
            return tfu_cli_usage("config", "unknown option '%s'", s);
        else if (tfu_cli_is_pair(s))
            r->override[r->overrides++] = s;
        else if (!r->action)
            r->action = s;
        else
            r->file[r->files++] = s;
    }
    if (r->help)
        return 0;
    if (!r->action)
        return tfu_cli_usage("config", "what is to be done? 'show', 'check' or 'describe'");
    if (strcmp(r->action, "describe") == 0)
        return check_describe(r);
    if (strcmp(r->action, "show") != 0 && strcmp(r->action, "check") != 0)
        return tfu_cli_usage("config", "unknown action '%s': it is 'show', 'check' or 'describe'",
                             r->action);
    if (r->files == 0)
        return tfu_cli_missing("config", r->override, r->overrides, "%s needs a FILE", r->action);
    if (strcmp(r->action, "show") == 0 && r->files > 1)
        return tfu_cli_usage("config", "show takes one FILE, and '%s' is a second", r->file[1]);
    if (strcmp(r->action, "check") == 0 && r->origin)
        return tfu_cli_usage("config", "--origin is for show");
    if (r->json || r->markdown)
        return tfu_cli_usage("config", "--json and --markdown are for describe");
    return 0;
}

/* What is right and may not be meant. */
static void print_notes(const char *path, const struct tfu_experiment *x)
{
    for (int i = 0; i < TFU_SPLIT_COUNT; i++) {
        struct tfu_text text = TFU_TEXT_INIT;
        tfu_inspect_unlike(x, (enum tfu_split)i, &text);
        if (text.length)
            printf("%s: note: %s\n", path, text.data);
        tfu_text_free(&text);
    }
}

/* Prints "FILE: ok", or the configuration itself. */
static int print(const struct request *r, const char *path, const struct tfu_config *c)
{
    if (strcmp(r->action, "check") == 0) {
        /* what a shell calls a pipe is another name each time */
        const char *name = tfu_path_is_stream(path) ? TFU_LOAD_STREAM : path;
        printf("%s: ok\n", name);
        print_notes(name, tfu_config_experiment(c));
        return TFU_EXIT_OK;
    }
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text text = TFU_TEXT_INIT;
    const enum tfu_status st = tfu_config_print(c, r->origin, &text, &e);
    if (st == TFU_OK)
        fputs(tfu_text_get(&text), tfu_cli_output());
    tfu_text_free(&text);
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

static int run_file(const struct request *r, const char *path, struct tfu_registry *registry,
                    struct tfu_log *log)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *d;
    struct tfu_config *c = NULL;
    int status;
    if (tfu_diagnostics_new(&d, &e) != TFU_OK)
        return tfu_cli_error(&e);
    enum tfu_status st = tfu_config_load(&c, path, r->override, r->overrides, registry, d, &e);
    tfu_diagnostics_write_notes(d, log);
    if (st == TFU_OK && strcmp(r->action, "check") == 0)
        st = tfu_run_versus_check(tfu_config_experiment(c), registry, d, &e);
    if (st == TFU_OK && tfu_diagnostics_count(d) > 0)
        st = TFU_EINVAL;
    if (st == TFU_OK)
        status = print(r, path, c);
    else if (st == TFU_EINVAL)
        status = tfu_cli_diagnostics(d);
    else
        status = tfu_cli_error(&e);
    tfu_config_free(c);
    tfu_diagnostics_free(d);
    return status;
}

/* All files; the worst status. */
static int run(struct tfu_cli *cli, const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry *registry;
    if (tfu_cli_registry(cli, &registry, &e) != TFU_OK)
        return tfu_cli_error(&e);
    int worst = TFU_EXIT_OK;
    if (strcmp(r->action, "describe") == 0)
        worst = tfu_reference_print(registry, r->files ? r->file[0] : NULL,
                                    r->json       ? TFU_REFERENCE_JSON
                                    : r->markdown ? TFU_REFERENCE_MARKDOWN
                                                  : TFU_REFERENCE_TEXT);
    for (size_t i = 0; strcmp(r->action, "describe") != 0 && i < r->files; i++) {
        const int status = run_file(r, r->file[i], registry, &cli->log);
        if (worst == TFU_EXIT_OK)
            worst = status;
    }
    tfu_registry_free(registry);
    return worst;
}

int tfu_cmd_config(struct tfu_cli *cli, int argc, char **argv)
{
    struct request r = {.action = NULL};
    r.file = calloc((size_t)argc, sizeof *r.file);
    r.override = calloc((size_t)argc, sizeof *r.override);
    int status = TFU_EXIT_FAILED;
    if (!r.file || !r.override) {
        struct tfu_error e = TFU_ERROR_INIT;
        tfu_error_memory(&e, "reading the command line", 0);
        status = tfu_cli_error(&e);
    } else if ((status = parse(argc, argv, &r)) == 0) {
        if (r.help)
            print_help();
        else
            status = run(cli, &r);
    }
    free(r.file);
    free(r.override);
    return status;
}
