/* SPDX-License-Identifier: MIT
 *
 * transfuse analyse: the analyses that a study file asks for, or one by its name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/analysis/study_file.h"
#include "core/analysis/study_folder.h"
#include "core/base/path.h"
#include "core/cli/analysis.h"
#include "core/cli/arguments.h"
#include "core/cli/option.h"
#include "core/cli/output.h"
#include "core/cli/progress.h"
#include "core/describe/analysis_text.h"
#include "core/describe/flag_text.h"
#include "core/launch/shell_text.h"
#include "core/report/section_load.h"
#include "core/result/result_text.h"

static const char help[] =
    "usage: transfuse analyse FILE.yaml [KEY=VALUE]... [OPTION]...\n"
    "       transfuse analyse NAME NETWORK... [OPTION]...\n"
    "\n"
    "Does what the section `analyses` of a study file asks for, and writes a folder for each of\n"
    "them into <output>: text, JSON, tables (CSV) and the figure. Or does one analysis by hand.\n"
    "What is wrong in the file, and networks that are not there, are said before all else. An\n"
    "analysis that fails, or of whose cases one is not trained yet, does not stop the others; the\n"
    "status is then 1.\n"
    "\n"
    "  KEY=VALUE           puts a value over that of the file: store=/scratch/runs,\n"
    "                      analyses.0.compare.rows=500\n";

struct request {
    struct tfu_string_list only;
    int32_t list, quiet, markdown, partial;
};

static const struct tfu_option options[] = {
    {.name = "only",
     .help = "do these of the analyses alone; patterns of their names",
     .type = TFU_STRING_LIST,
     .offset = offsetof(struct request, only)},
    TFU_OPT_BOOL(struct request, partial, 0,
                 "do analyses over those of their cases that are done, and say how many these are"),
    TFU_OPT_BOOL(struct request, list, 0, "show the file as it resolves, and compute nothing"),
    TFU_OPT_BOOL(struct request, quiet, 0, "show neither progress nor text"),
    TFU_OPT_BOOL(struct request, markdown, 0,
                 "instead of a file: all analyses and their options, as docs/analyses.md"),
};

/* ---- one analysis of a file */

struct work {
    struct tfu_cli *cli;
    const struct request *request;
    const struct tfu_cli_arguments *arguments;
    const struct tfu_study_file *file;
    struct tfu_analysis_context context;
    struct tfu_progress progress;
};

static enum tfu_status compute(struct work *w, const struct tfu_study_item *item,
                               struct tfu_error *e)
{
    struct tfu_result result;
    struct tfu_text text = TFU_TEXT_INIT;
    char *folder = tfu_path_join(w->file->output, item->name);
    enum tfu_status st =
        tfu_analysis_run(item->analysis, item->config, &item->networks, &w->context, &result, e);
    tfu_progress_end(&w->progress);
    if (st == TFU_OK && !folder)
        st = tfu_error_memory(e, "writing down results", 0);
    if (st == TFU_OK)
        st = tfu_result_text(&result, &text, e);
    if (st == TFU_OK)
        st = tfu_study_write_result(w->file, item, &result, &text, &w->cli->log, e);
    if (st == TFU_OK && !w->request->quiet)
        printf("== %s\n\n%s%s", item->name, tfu_text_get(&text), text.length ? "\n" : "");
    if (st == TFU_OK)
        printf("%s: %s\n%s", item->name, folder, w->request->quiet ? "" : "\n");
    fflush(stdout);
    tfu_text_free(&text);
    tfu_result_free(&result);
    free(folder);
    return st;
}

/* The command that trains what is not done. */
static void put_training(const struct work *w, struct tfu_text *out)
{
    const struct tfu_cli_arguments *a = w->arguments;
    tfu_text_puts(out, "`transfuse sweep run ");
    tfu_shell_put_word(out, a->positional[0]);
    for (size_t i = 0; i < a->pair_count; i++) {
        tfu_text_puts(out, " ");
        tfu_shell_put_word(out, a->pair[i]);
    }
    tfu_text_puts(out, "`");
}

static void put_gaps(const struct tfu_study_gap *gap, size_t count, struct tfu_text *out)
{
    enum { NAMED = 10 };
    for (size_t i = 0; i < count && i < NAMED; i++)
        tfu_text_printf(out, "%s'%s'%s%s%s", i ? ", " : "", gap[i].name, gap[i].why ? " (" : "",
                        gap[i].why ? gap[i].why : "", gap[i].why ? ")" : "");
    if (count > NAMED)
        tfu_text_printf(out, " and %zu more", count - NAMED);
}

/* What halving stopped is not trained by anything. */
static void put_remedy(const struct work *w, const struct tfu_study_gaps *g, struct tfu_text *out)
{
    if (g->stopped == g->count - g->left_out) {
        tfu_text_puts(out, "; what halving stopped is not trained any more: select other cases");
        return;
    }
    tfu_text_puts(out, g->stopped ? "; train those that were not stopped by " : "; train them by ");
    put_training(w, out);
}

/* Which are not there, and what is to be done about it. */
static void put_all_gaps(const struct work *w, const struct tfu_study_gaps *g, struct tfu_text *out)
{
    const size_t undone = g->count - g->left_out;
    if (g->left_out) {
        tfu_text_printf(out, "%zu of its %zu cases %s left out on the command line: ", g->left_out,
                        g->cases, g->left_out == 1 ? "is" : "are");
        put_gaps(g->gap + undone, g->left_out, out);
    }
    if (undone) {
        tfu_text_printf(out, "%s%zu of its %zu cases %s not done: ", g->left_out ? "; " : "",
                        undone, g->cases, undone == 1 ? "is" : "are");
        put_gaps(g->gap, undone, out);
    }
    if (w->request->partial) {
        tfu_text_puts(out, g->empty ? "; too few are left" : "");
        return;
    }
    if (undone)
        put_remedy(w, g, out);
    if (!g->empty)
        tfu_text_printf(out, "%s --partial to do it over the others",
                        undone ? ", or say" : "; leave that out, or say");
}

/* Are the cases there that the analysis is over? What is not is said. */
static bool check_gaps(const struct work *w, const struct tfu_study_item *item)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text text = TFU_TEXT_INIT;
    const struct tfu_study_gaps *g = &item->gaps;
    const bool go = !g->nothing && !g->empty && (g->count == 0 || w->request->partial);
    if (g->nothing)
        tfu_text_puts(&text, g->nothing);
    else if (g->count)
        put_all_gaps(w, g, &text);
    if (go && g->count)
        tfu_log_write(&w->cli->log, TFU_LOG_WARNING, "%s: %s", item->name, tfu_text_get(&text));
    else if (!go)
        tfu_error_set(&e, TFU_ENOTFOUND, "%s: %s", item->name, tfu_text_get(&text));
    if (!go)
        tfu_cli_error(&e);
    tfu_text_free(&text);
    return go;
}

/* Says what went wrong; false then. */
static bool do_item(struct work *w, const struct tfu_study_item *item)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *d = NULL; /* of the networks that this one opens */
    if (!check_gaps(w, item))
        return false;
    enum tfu_status st = tfu_diagnostics_new(&d, &e);
    w->context.host.diagnostics = d;
    if (st == TFU_OK)
        st = compute(w, item, &e);
    if (st != TFU_OK && d && tfu_diagnostics_count(d) > 0)
        tfu_cli_diagnostics(d);
    if (st != TFU_OK) {
        tfu_error_prefix(&e, "%s", item->name);
        tfu_cli_error(&e);
    }
    w->context.host.diagnostics = NULL;
    tfu_diagnostics_free(d);
    return st == TFU_OK;
}

/* ---- a file */

static int do_items(struct work *w)
{
    size_t failed = 0;
    for (size_t i = 0; i < w->file->count; i++) {
        const struct tfu_study_item *item = &w->file->item[i];
        if (tfu_study_file_wants(&w->request->only, item->name) && !do_item(w, item))
            failed++;
    }
    if (failed)
        fprintf(stderr, "transfuse: %zu of the analyses failed or could not be done\n", failed);
    return failed ? TFU_EXIT_FAILED : TFU_EXIT_OK;
}

static int show_resolved(const struct tfu_study_file *f, const struct tfu_string_list *only)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text text = TFU_TEXT_INIT;
    const enum tfu_status st = tfu_study_file_print(f, only, &text, &e);
    if (st == TFU_OK)
        fputs(tfu_text_get(&text), tfu_cli_output());
    tfu_text_free(&text);
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

static int do_file(struct tfu_cli *cli, const struct tfu_cli_arguments *a, const struct request *r,
                   const struct tfu_study_file *f, struct tfu_registry *registry)
{
    struct work w = {.cli = cli, .request = r, .arguments = a, .file = f};
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_analysis_host host = {.registry = registry,
                                           .log = &cli->log,
                                           .arg = &w.progress,
                                           .progress = tfu_progress_evaluating};
    int status = TFU_EXIT_OK;
    if (tfu_study_file_check_names(f, &r->only, &e) != TFU_OK)
        return tfu_cli_usage("analyse", "%s", e.text);
    if (r->list)
        return show_resolved(f, &r->only);
    tfu_progress_init(&w.progress, r->quiet);
    if (tfu_study_write_resolved(f, &e) != TFU_OK ||
        tfu_analysis_context_init(&w.context, &host, &e) != TFU_OK)
        status = tfu_cli_error(&e);
    else
        status = do_items(&w);
    tfu_analysis_context_free(&w.context);
    return status;
}

static int analyse(struct tfu_cli *cli, const struct tfu_cli_arguments *a, const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry *registry = NULL;
    struct tfu_diagnostics *d = NULL;
    struct tfu_study_file file = {.count = 0};
    enum tfu_status st = tfu_cli_registry(cli, &registry, &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&d, &e);
    const struct tfu_document document = {.path = a->positional[0],
                                          .override = a->pair,
                                          .override_count = a->pair_count,
                                          .registry = registry};
    if (st == TFU_OK)
        st = tfu_study_file_load(&file, &document, d, &e);
    if (st == TFU_OK || st == TFU_EINVAL) { /* all that is wrong with the file is said at once */
        struct tfu_error other = TFU_ERROR_INIT;
        const enum tfu_status of_report =
            tfu_report_section_check(&document, file.sweep, d, &other);
        if (st == TFU_OK && (st = of_report) != TFU_OK)
            e = other;
    }
    int status;
    if (st != TFU_OK)
        status = tfu_cli_failure(d, &e);
    else
        status = do_file(cli, a, r, &file, registry);
    tfu_study_file_free(&file);
    tfu_diagnostics_free(d);
    tfu_registry_free(registry);
    return status;
}

/* ---- the command */

static void print_help(FILE *f)
{
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(options, NULL);
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_flags_put_help(&text, &table);
    tfu_text_puts(&text, "\n`transfuse analyse NAME --help` says more of one analysis:\n\n");
    for (size_t i = 0; i < tfu_analysis_count; i++)
        tfu_text_printf(&text, "  %-12s %s\n", tfu_analyses[i]->name, tfu_analyses[i]->summary);
    fputs(help, f);
    fputs(tfu_text_get(&text), f);
    tfu_text_free(&text);
}

static int print_reference(const struct tfu_cli_arguments *a)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text text = TFU_TEXT_INIT;
    if (a->positional_count)
        return tfu_cli_usage("analyse", "--markdown is of all analyses; it takes no '%s'",
                             a->positional[0]);
    tfu_reference_analyses(&text);
    if (!text.failed)
        fputs(tfu_text_get(&text), tfu_cli_output());
    else
        tfu_error_memory(&e, "describing analyses", 0);
    tfu_text_free(&text);
    return e.status == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

int tfu_cmd_analyse(struct tfu_cli *cli, int argc, char **argv)
{
    struct request r = {.list = 0};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(options, &r);
    struct tfu_cli_arguments a = {.command = "analyse", .table = &table, .table_count = 1};
    if (argc < 2) {
        print_help(stderr);
        return TFU_EXIT_USAGE;
    }
    const struct tfu_analysis *by_hand = tfu_analysis_find(argv[1]);
    if (by_hand) {
        char command[64];
        snprintf(command, sizeof command, "analyse %s", by_hand->name);
        return tfu_cli_analysis(cli, by_hand, command, argc - 1, argv + 1);
    }
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == 0 && a.help)
        print_help(stdout);
    else if (status == 0 && r.markdown)
        status = print_reference(&a);
    else if (status == 0 && a.positional_count != 1)
        status = tfu_cli_missing(
            "analyse", a.pair, a.pair_count,
            "it takes one study file, or an analysis by its name and networks, not %zu words",
            a.positional_count);
    else if (status == 0)
        status = analyse(cli, &a, &r);
    tfu_cli_arguments_free(&a);
    return status;
}
