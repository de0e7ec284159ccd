/* SPDX-License-Identifier: MIT */
#include "core/cli/analysis.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/arguments.h"
#include "core/cli/option.h"
#include "core/cli/output.h"
#include "core/cli/progress.h"
#include "core/config/choice.h"
#include "core/describe/analysis_text.h"
#include "core/describe/flag_text.h"
#include "core/io/folder.h"
#include "core/result/result_files.h"
#include "core/result/result_json.h"
#include "core/result/result_text.h"

/* What the command line has beside the analysis's own options. */
struct shown {
    const char *output, *name, *mode;
    int32_t json, quiet;
};

static const struct tfu_option shown_options[] = {
    TFU_OPT_PATH(struct shown, output, "", 0, "a folder that gets tables (CSV) and figures"),
    TFU_OPT_BOOL(struct shown, json, 0, "print JSON instead of text; what is not defined is null"),
    TFU_OPT_BOOL(struct shown, quiet, 0, "show no progress"),
};
static const struct tfu_option mode_options[] = {
    TFU_OPT_STRING(struct shown, mode, "", 0, "short for mode=MODE, an option of some metrics"),
};
static const struct tfu_option line_options[] = {
    TFU_OPT_STRING(struct shown, name, "networks", 0, "of the line of A B"),
};

enum { TABLES_MAX = 4 };

/* One command. */
struct call {
    struct tfu_cli *cli;
    const struct tfu_analysis *analysis;
    const char *command;
    void *config;
    struct shown shown;
    struct tfu_options_table table[TABLES_MAX];
    struct tfu_cli_arguments arguments;
    struct tfu_analysis_line *line; /* of --pair, in their order; those of one name are one later */
    size_t lines;
    struct tfu_progress progress;
};

/* ---- the command line */

static void add_table(struct call *c, const struct tfu_option *option, size_t count, void *config)
{
    c->table[c->arguments.table_count++] = (struct tfu_options_table){
        .option = option, .count = count, .stride = sizeof *option, .config = config};
}

/* --pair NAME A B */
static bool take_pair(void *arg, int argc, char **argv, int *i, int *status)
{
    struct call *c = arg;
    if (strcmp(argv[*i], "--pair") != 0 || c->analysis->takes != TFU_ANALYSIS_TAKES_LINES)
        return false;
    if (*i + 3 >= argc) {
        *status = tfu_cli_usage(c->command, "--pair needs a name and two networks");
        return true;
    }
    c->line[c->lines++] = (struct tfu_analysis_line){.name = argv[*i + 1],
                                                     .a = (const char *const *)&argv[*i + 2],
                                                     .b = (const char *const *)&argv[*i + 3],
                                                     .pairs = 1};
    *i += 3;
    return true;
}

static const char *count_words(size_t n)
{
    static const char *const words[] = {"no", "one", "two", "three", "four", "five", "six"};
    return n < TFU_COUNT(words) ? words[n] : "so many";
}

static int check_lines(const struct call *c)
{
    const struct tfu_cli_arguments *a = &c->arguments;
    if (a->positional_count > 2)
        return tfu_cli_usage(c->command,
                             "'%s' is a third network; more pairs are given with --pair NAME A B",
                             a->positional[2]);
    if (a->positional_count == 1)
        return tfu_cli_missing(c->command, a->pair, a->pair_count, "'%s' with which other network?",
                               a->positional[0]);
    if (a->positional_count == 0 && c->lines == 0)
        return tfu_cli_missing(c->command, a->pair, a->pair_count,
                               "which two networks are to be compared?");
    return 0;
}

/* How many networks, or files, there are. */
static int check_count(const struct call *c)
{
    const struct tfu_cli_arguments *a = &c->arguments;
    const struct tfu_analysis *analysis = c->analysis;
    const bool is_list = analysis->takes == TFU_ANALYSIS_TAKES_LIST;
    const size_t least = is_list ? analysis->least : 2, most = is_list ? analysis->most : 2;
    const char *what = analysis->takes == TFU_ANALYSIS_TAKES_FILES ? "file" : "network";
    if (a->positional_count > most)
        return tfu_cli_usage(c->command, "'%s' is one %s too many; it takes %zu%s",
                             a->positional[most], what, most, most > least ? " at most" : "");
    if (a->positional_count < least && most > least)
        return tfu_cli_missing(c->command, a->pair, a->pair_count,
                               "it takes %s %s%s or more, not %zu",
                               least == 1 ? "a" : count_words(least), what, least == 1 ? "" : "s",
                               a->positional_count);
    if (a->positional_count < least)
        return tfu_cli_missing(c->command, a->pair, a->pair_count, "it takes %s %s%s, not %zu",
                               count_words(least), what, least == 1 ? "" : "s",
                               a->positional_count);
    return 0;
}

static int parse(struct call *c, int argc, char **argv)
{
    struct tfu_cli_arguments *a = &c->arguments;
    *a = (struct tfu_cli_arguments){
        .command = c->command, .table = c->table, .other = take_pair, .arg = c};
    add_table(c, c->analysis->option, c->analysis->options, c->config);
    add_table(c, shown_options, TFU_COUNT(shown_options), &c->shown);
    if (tfu_analysis_metric_option(c->analysis))
        add_table(c, mode_options, TFU_COUNT(mode_options), &c->shown);
    if (c->analysis->takes == TFU_ANALYSIS_TAKES_LINES)
        add_table(c, line_options, TFU_COUNT(line_options), &c->shown);
    const int status = tfu_cli_arguments_read(a, argc, argv);
    if (status != 0 || a->help)
        return status;
    if (c->analysis->is_figure && !c->shown.output[0])
        return tfu_cli_usage(c->command, "--output FOLDER is missing: where the figure goes");
    return c->analysis->takes == TFU_ANALYSIS_TAKES_LINES ? check_lines(c) : check_count(c);
}

/* ---- help */

static int show_help(const struct call *c)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_analysis_put_usage(c->analysis, c->command, &text);
    for (size_t i = 0; i < c->arguments.table_count; i++)
        tfu_flags_put_help(&text, &c->table[i]);
    fputs(tfu_text_get(&text), stdout);
    tfu_text_free(&text);
    return TFU_EXIT_OK;
}

/* ---- the analysis */

/* The metric with the options that were given; to be freed by tfu_chosen_free(). */
static enum tfu_status choose_metric(struct call *c, struct tfu_registry *registry,
                                     struct tfu_diagnostics *d, struct tfu_chosen **out,
                                     struct tfu_inner *inner, struct tfu_error *e)
{
    struct tfu_cli_arguments *a = &c->arguments;
    struct tfu_analysis_common *common = c->config;
    const char *standard = tfu_analysis_metric_option(c->analysis)->sdef;
    struct tfu_text mode = TFU_TEXT_INIT;
    tfu_text_printf(&mode, "mode=%s", c->shown.mode);
    if (c->shown.mode[0])
        a->pair[a->pair_count++] = tfu_text_get(&mode);
    const enum tfu_status st = tfu_chosen_new(out, TFU_KIND_METRIC, a->inner ? a->inner : standard,
                                              a->pair, a->pair_count, registry, d, e);
    a->pair_count -= c->shown.mode[0] != '\0';
    tfu_text_free(&mode);
    if (st != TFU_OK)
        return st;
    inner->choice = *tfu_chosen_get(*out);
    common->metric = inner;
    return TFU_OK;
}

/* KEY=VALUE of an analysis without a metric is for the networks' configurations. */
static enum tfu_status add_overrides(struct call *c, struct tfu_error *e)
{
    struct tfu_cli_arguments *a = &c->arguments;
    struct tfu_string_list *set = &((struct tfu_analysis_common *)c->config)->set;
    const char **item = tfu_arena_array(&a->arena, set->count + a->pair_count + 1, sizeof *item);
    if (!item)
        return tfu_error_memory(e, "reading the command line", 0);
    size_t count = 0;
    for (uint64_t i = 0; i < set->count; i++)
        item[count++] = set->item[i];
    for (size_t i = 0; i < a->pair_count; i++)
        item[count++] = a->pair[i];
    *set = (struct tfu_string_list){item, count};
    return TFU_OK;
}

static enum tfu_status show(const struct call *c, const struct tfu_result *r, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT, said = TFU_TEXT_INIT;
    enum tfu_status st =
        c->shown.json ? tfu_result_json(r, &text, e) : tfu_result_text(r, &text, e);
    if (st == TFU_OK)
        fputs(tfu_text_get(&text), c->shown.json ? tfu_cli_output() : stdout);
    if (st == TFU_OK && c->shown.output[0])
        st = tfu_result_write(r, c->shown.output, &c->cli->log,
                              c->analysis->is_figure && !c->shown.json ? &said : NULL, e);
    fputs(tfu_text_get(&said), stdout);
    tfu_text_free(&said);
    tfu_text_free(&text);
    return st;
}

static enum tfu_status run(struct call *c, struct tfu_analysis_context *context,
                           struct tfu_error *e)
{
    struct tfu_cli_arguments *a = &c->arguments;
    const struct tfu_analysis_line own = {c->shown.name, &a->positional[0], &a->positional[1], 1};
    const bool has_own = a->positional_count > 0;
    struct tfu_result result;
    struct tfu_analysis_line *line = tfu_arena_array(&a->arena, c->lines + 1, sizeof *line);
    if (!line)
        return tfu_error_memory(e, "reading the command line", 0);
    line[0] = own;
    memcpy(line + has_own, c->line, c->lines * sizeof *line);
    const struct tfu_analysis_networks networks = {.of = a->positional,
                                                   .count = a->positional_count,
                                                   .line = line,
                                                   .lines = c->lines + has_own};
    enum tfu_status st = c->shown.output[0] ? tfu_folder_make(c->shown.output, e) : TFU_OK;
    if (st != TFU_OK)
        return st;
    st = tfu_analysis_run(c->analysis, c->config, &networks, context, &result, e);
    tfu_progress_end(&c->progress);
    if (st == TFU_OK)
        st = show(c, &result, e);
    tfu_result_free(&result);
    return st;
}

/* Says what is wrong; an option that was refused is a matter of the command line. */
static int say_error(const struct call *c, const struct tfu_analysis_context *context,
                     const struct tfu_diagnostics *d, const struct tfu_error *e)
{
    if (context->refused)
        return tfu_cli_usage(c->command, "%s", e->text);
    return tfu_cli_failure(d, e);
}

static int open_and_run(struct call *c)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry *registry = NULL;
    struct tfu_diagnostics *d = NULL;
    struct tfu_chosen *chosen = NULL;
    struct tfu_inner inner;
    struct tfu_analysis_context context = {.threads = NULL};
    enum tfu_status st = tfu_cli_registry(c->cli, &registry, &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&d, &e);
    tfu_progress_init(&c->progress, c->shown.quiet);
    const struct tfu_analysis_host host = {
        .registry = registry,
        .diagnostics = d,
        .log = &c->cli->log,
        .arg = &c->progress,
        .progress = tfu_progress_evaluating,
    };
    if (st == TFU_OK)
        st = tfu_analysis_context_init(&context, &host, &e);
    if (st == TFU_OK)
        st = tfu_analysis_metric_option(c->analysis)
                 ? choose_metric(c, registry, d, &chosen, &inner, &e)
                 : add_overrides(c, &e);
    if (st == TFU_OK)
        st = run(c, &context, &e);
    const int status = st == TFU_OK ? TFU_EXIT_OK : say_error(c, &context, d, &e);
    tfu_analysis_context_free(&context);
    tfu_chosen_free(chosen);
    tfu_diagnostics_free(d);
    tfu_registry_free(registry);
    return status;
}

int tfu_cli_analysis(struct tfu_cli *cli, const struct tfu_analysis *a, const char *command,
                     int argc, char **argv)
{
    struct call c = {.cli = cli,
                     .analysis = a,
                     .command = command,
                     .config = calloc(1, a->config_size),
                     .line = calloc((size_t)argc + 1, sizeof *c.line)};
    int status;
    if (!c.config || !c.line) {
        status = tfu_cli_out_of_memory();
    } else {
        status = parse(&c, argc, argv);
        if (status == 0)
            status = c.arguments.help ? show_help(&c) : open_and_run(&c);
    }
    tfu_cli_arguments_free(&c.arguments);
    free(c.line);
    free(c.config);
    return status;
}
