/* SPDX-License-Identifier: MIT
 *
 * transfuse config show | check | describe
 */
#include <stdio.h>
#include <string.h>

#include "core/analysis/study_file.h"
#include "core/cli/arguments.h"
#include "core/cli/cli.h"
#include "core/cli/option.h"
#include "core/cli/output.h"
#include "core/config/path.h"
#include "core/data/measure.h"
#include "core/describe/key_text.h"
#include "core/report/section_check.h"
#include "core/report/section_load.h"
#include "core/report/section_print.h"
#include "core/run/versus.h"
#include "core/train/inspect.h"

static const char help[] =
    "usage: transfuse config show [--origin] FILE [KEY=VALUE...]\n"
    "       transfuse config check FILE... [KEY=VALUE...]\n"
    "       transfuse config describe [KEY] [--json | --markdown]\n\n"
    "  show      print the configuration as it resolves: every key, defaults included\n"
    "  check     say of each file whether it is right, or all that is wrong with it\n"
    "  describe  say what KEY means, with type, range and default: a key, as\n"
    "            train.checkpoint.keep, a section, as train, or all there are\n\n"
    "KEY=VALUE puts a value over that of the file: train.optimizer.lr=1e-4,\n"
    "init.0.scheme=constant, 'data.train.classes=[0, 3]', metrics.+={plugin: loss}.\n"
    "A FILE with the key `analyses`, `cases` or `report` is a study file, of which show prints\n"
    "what `transfuse analyse --list` does, and what its report is to have.\n\n";

/* What the command line says, in any order. */
struct request {
    const char *action;
    const char *const *file, *const *override;
    size_t files, overrides;
    int32_t origin, json, markdown;
};

static const struct tfu_option options[] = {
    TFU_OPT_BOOL(struct request, origin, 0, "show: say behind each value where it comes from"),
    TFU_OPT_BOOL(struct request, json, 0, "describe: as JSON"),
    TFU_OPT_BOOL(struct request, markdown, 0, "describe: as docs/configuration.md has it"),
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

/* 0, or an exit status. */
static int check_request(const struct request *r)
{
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

/* Of a file; what a shell calls a pipe is another name each time. */
static const char *name_of(const char *path)
{
    return tfu_path_is_stream(path) ? TFU_LOAD_STREAM : path;
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
        const char *name = name_of(path);
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

/* What of a study file a document has; 0: nothing, it is an experiment. */
enum { ANALYSES = 1, CASES = 2, REPORT = 4 };
static void see_sections(void *arg, struct tfu_load *l, struct tfu_node *root)
{
    int *has = arg;
    (void)l;
    *has = (tfu_node_at(root, "analyses") ? ANALYSES : 0) |
           (tfu_node_at(root, "cases") || tfu_node_at(root, "base") ? CASES : 0) |
           (tfu_node_at(root, "report") ? REPORT : 0);
}

/* Reads `document` for that, and keeps in it what came through a pipe: `d` has to outlive it. Other
 * findings than that it has no sections at all are left to who reads the whole. */
static enum tfu_status find_sections(struct tfu_document *document, int *has,
                                     struct tfu_diagnostics *d, struct tfu_error *e)
{
    enum { NOTHING = -1 };
    struct tfu_arena arena;
    struct tfu_document plain = *document;
    plain.override_count = 0;
    *has = NOTHING;
    tfu_arena_init(&arena, 0);
    const enum tfu_status st = tfu_document_read(&plain, &arena, see_sections, has, d, e);
    tfu_arena_free(&arena);
    tfu_document_keep_stream(document, d);
    return st == TFU_EINVAL && *has != NOTHING ? TFU_OK : st;
}

/* A study file with cases: none of its runs needs to be there yet. */
static int check_cases(const char *path, const struct tfu_document *document,
                       struct tfu_diagnostics *d, struct tfu_log *log)
{
    struct tfu_error e = TFU_ERROR_INIT, other = TFU_ERROR_INIT;
    struct tfu_sweep *sweep;
    enum tfu_status st = tfu_sweep_load(&sweep, document, d, &e);
    if (st == TFU_OK || st == TFU_EINVAL) {
        const enum tfu_status sections = tfu_study_sections_check(document, sweep, d, &other);
        if (st == TFU_OK && (st = sections) != TFU_OK)
            e = other;
    }
    tfu_diagnostics_write_notes(d, log);
    if (st == TFU_OK)
        fprintf(tfu_cli_output(), "%s: ok\n", path);
    tfu_sweep_free(sweep);
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_failure(d, &e);
}

/* Its analyses with their networks, or its cases where it has none. */
static enum tfu_status open_study(struct tfu_study_file *file, int sections,
                                  const struct tfu_document *document, struct tfu_diagnostics *d,
                                  struct tfu_error *e)
{
    *file = (struct tfu_study_file){.count = 0};
    tfu_arena_init(&file->arena, 0);
    if (sections & ANALYSES)
        return tfu_study_file_load(file, document, d, e);
    return sections & CASES ? tfu_sweep_load(&file->sweep, document, d, e) : TFU_OK;
}

/* The section `report`, checked; what is right of it is printed into `out`. `sweep` as above. */
static enum tfu_status put_report(const struct tfu_document *document, struct tfu_sweep *sweep,
                                  struct tfu_diagnostics *d, struct tfu_text *out,
                                  struct tfu_error *e)
{
    struct tfu_arena arena;
    struct tfu_report_section section;
    tfu_arena_init(&arena, 0);
    enum tfu_status st = tfu_report_section_check(document, sweep, d, e);
    if (st == TFU_OK)
        st = tfu_report_section_look(&section, document, &arena, e);
    if (st == TFU_OK)
        tfu_report_section_print(&section, out);
    tfu_arena_free(&arena);
    return st;
}

static int run_study(const struct request *r, const struct tfu_document *document, int sections,
                     struct tfu_log *log)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *d;
    struct tfu_study_file file;
    struct tfu_text text = TFU_TEXT_INIT, unsaid = TFU_TEXT_INIT;
    const char *path = name_of(document->path);
    const bool check = strcmp(r->action, "check") == 0;
    if (r->origin)
        return tfu_cli_usage("config", "--origin is for experiments, and '%s' is a study file",
                             path);
    if (!check && !(sections & (ANALYSES | REPORT)))
        return tfu_cli_usage("config",
                             "'%s' is a study file without analyses or report, which show prints; "
                             "`transfuse sweep plan` shows its cases",
                             path);
    if (tfu_diagnostics_new(&d, &e) != TFU_OK)
        return tfu_cli_error(&e);
    if (check && sections & CASES) {
        const int of_cases = check_cases(path, document, d, log);
        tfu_diagnostics_free(d);
        return of_cases;
    }
    enum tfu_status st = open_study(&file, sections, document, d, &e);
    int status = TFU_EXIT_OK;
    if (st == TFU_OK && check)
        tfu_text_printf(&text, "%s: ok\n", path);
    else if (st == TFU_OK && sections & ANALYSES)
        st = tfu_study_file_print(&file, NULL, &text, &e);
    if (st == TFU_OK)
        st = put_report(document, file.sweep, d, check ? &unsaid : &text, &e);
    if (st == TFU_OK && text.failed)
        st = tfu_error_memory(&e, "printing a study file", 0);
    tfu_diagnostics_write_notes(d, log);
    if (st == TFU_OK)
        fputs(tfu_text_get(&text), tfu_cli_output());
    else
        status = st == TFU_EINVAL ? tfu_cli_diagnostics(d) : tfu_cli_error(&e);
    tfu_study_file_free(&file);
    tfu_text_free(&text);
    tfu_text_free(&unsaid);
    tfu_diagnostics_free(d);
    return status;
}

/* A configuration can be shown without its data, as it is written then. */
static void measure(struct tfu_config *c, struct tfu_registry *registry, struct tfu_log *log)
{
    struct tfu_error why = TFU_ERROR_INIT;
    if (tfu_measure(c, registry, log, &why) != TFU_OK)
        tfu_log_write(log, TFU_LOG_WARNING, "%s; it is shown without its numbers", why.text);
}

/* `d` has what reading its sections found, which is found once. */
static int run_experiment(const struct request *r, const struct tfu_document *document,
                          struct tfu_diagnostics *d, struct tfu_log *log)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry *registry = document->registry;
    struct tfu_config *c = NULL;
    int status;
    enum tfu_status st =
        tfu_config_load(&c, document->path, r->override, r->overrides, registry, d, &e);
    tfu_diagnostics_write_notes(d, log);
    if (st == TFU_OK && strcmp(r->action, "check") == 0)
        st = tfu_run_versus_check(tfu_config_experiment(c), registry, d, &e);
    if (st == TFU_OK && tfu_diagnostics_count(d) > 0)
        st = TFU_EINVAL;
    if (st == TFU_OK && strcmp(r->action, "show") == 0)
        measure(c, registry, log);
    if (st == TFU_OK)
        status = print(r, document->path, c);
    else if (st == TFU_EINVAL)
        status = tfu_cli_diagnostics(d);
    else
        status = tfu_cli_error(&e);
    tfu_config_free(c);
    return status;
}

static int run_file(const struct request *r, const char *path, struct tfu_registry *registry,
                    struct tfu_log *log)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *d;
    struct tfu_document document = {.path = path,
                                    .override = r->override,
                                    .override_count = r->overrides,
                                    .registry = registry};
    int sections, status;
    if (tfu_diagnostics_new(&d, &e) != TFU_OK)
        return tfu_cli_error(&e);
    if (find_sections(&document, &sections, d, &e) != TFU_OK)
        status = tfu_cli_failure(d, &e);
    else if (sections)
        status = run_study(r, &document, sections, log);
    else
        status = run_experiment(r, &document, d, log);
    tfu_diagnostics_free(d);
    return status;
}

static int describe(const struct request *r, struct tfu_registry *registry)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text text = TFU_TEXT_INIT;
    const enum tfu_key_form form = r->json       ? TFU_KEY_JSON
                                   : r->markdown ? TFU_KEY_MARKDOWN
                                                 : TFU_KEY_TEXT;
    const enum tfu_status st =
        tfu_key_text(&text, registry, r->files ? r->file[0] : NULL, form, &e);
    int status = TFU_EXIT_OK;
    if (st == TFU_OK)
        fputs(tfu_text_get(&text), tfu_cli_output());
    else
        status = st == TFU_ENOTFOUND ? tfu_cli_usage("config", "%s", e.text) : tfu_cli_error(&e);
    tfu_text_free(&text);
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
        worst = describe(r, registry);
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
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(options, &r);
    struct tfu_cli_arguments a = {.command = "config", .table = &table, .table_count = 1};
    int status = tfu_cli_arguments_read(&a, argc, argv);
    r.action = tfu_cli_arguments_shift(&a);
    r.file = a.positional;
    r.files = a.positional_count;
    r.override = a.pair;
    r.overrides = a.pair_count;
    if (status == TFU_EXIT_OK && a.help)
        status = tfu_cli_arguments_print_help(help, &table, 1);
    else if (status == TFU_EXIT_OK && (status = check_request(&r)) == TFU_EXIT_OK)
        status = run(cli, &r);
    tfu_cli_arguments_free(&a);
    return status;
}
