/* SPDX-License-Identifier: MIT */
#include "core/report/build.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/analysis/study_file.h"
#include "core/base/path.h"
#include "core/launch/shell_text.h"
#include "core/report/build_default.h"
#include "core/report/build_parts.h"
#include "core/report/build_runs.h"
#include "core/report/section_load.h"
#include "core/report/value_check.h"
#include "core/sweep/record.h"

/* What is opened for a report, and closed when it is made. */
struct opened {
    struct tfu_study_file file;
    struct tfu_sweep *sweep; /* the file's, or `own` */
    struct tfu_sweep *own;
    struct tfu_index *index;
};

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "making a report", 0);
}

/* ---- blocks */

static enum tfu_status build_item(struct tfu_report_builder *b, const struct tfu_report_item *item,
                                  struct tfu_error *e)
{
    if (item->kind == TFU_ITEM_TABLE || item->kind == TFU_ITEM_FIGURE) {
        const size_t before = tfu_diagnostics_count(b->findings);
        const enum tfu_status st = tfu_report_values_check(b, item->ask, e);
        if (st != TFU_OK || tfu_diagnostics_count(b->findings) > before)
            return st;
    }
    switch (item->kind) {
    case TFU_ITEM_NAMES:
        return TFU_OK;
    case TFU_ITEM_HEADING:
        return tfu_report_add_text(b, TFU_REPORT_HEADING, 2, item->text, e);
    case TFU_ITEM_TEXT:
        return tfu_report_add_text(b, TFU_REPORT_TEXT, 0, item->text, e);
    case TFU_ITEM_TABLE:
        return tfu_report_table_build(b, item->ask, e);
    case TFU_ITEM_FIGURE:
        return tfu_report_figure_build(b, item->ask, e);
    case TFU_ITEM_RUNS:
        return tfu_report_runs_build(b, item->ask, e);
    default:
        return tfu_report_analysis_build(b, item->text, item->kind == TFU_ITEM_ANALYSIS_FIGURE, e);
    }
}

/* ---- commands */

static const char *words_of(struct tfu_report_builder *b, const struct tfu_document *document,
                            struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_shell_put_word(&text, tfu_path_last(document->path));
    for (size_t i = 0; i < document->override_count; i++) {
        tfu_text_puts(&text, " ");
        tfu_shell_put_word(&text, document->override[i]);
    }
    return tfu_report_keep(b, &text, e);
}

/* Which `sweep run` does not try again by itself. */
static bool any_failed(const struct tfu_report_cases *c)
{
    bool failed = false;
    for (size_t i = 0; i < c->count; i++)
        failed |= strcmp(c->item[i].state, "failed") == 0;
    return failed;
}

static enum tfu_status put_commands(struct tfu_report_builder *b, struct tfu_error *e)
{
    static const char *const verb[] = {"sweep retry", "sweep run", "analyse", "report"};
    const bool runs = b->missing_runs && b->cases->sweep;
    const bool wanted[] = {runs && any_failed(b->cases), runs, b->missing_analyses, true};
    const char **command = tfu_arena_array(&b->out->arena, TFU_COUNT(verb) + 1, sizeof *command);
    if (!command)
        return no_memory(e);
    for (size_t i = 0; i < TFU_COUNT(verb); i++)
        if (wanted[i] && !(command[b->out->commands++] = tfu_arena_printf(
                               &b->out->arena, "transfuse %s %s", verb[i], b->words)))
            return no_memory(e);
    if (b->numbers.unmeasured && b->numbers.measured_by) /* instead of the plain one */
        command[b->out->commands - 1] = b->numbers.measured_by;
    b->out->command = command;
    return TFU_OK;
}

/* ---- what it is made of */

/* The file's sections of runs and analyses. */
static enum tfu_status open_file(struct opened *o, const struct tfu_report_section *has,
                                 const struct tfu_document *document, struct tfu_diagnostics *d,
                                 struct tfu_error *e)
{
    if (has->analyses) {
        const enum tfu_status st = tfu_study_file_load(&o->file, document, d, e);
        o->sweep = o->file.sweep;
        return st;
    }
    if (!has->has_cases)
        return TFU_OK;
    const enum tfu_status st = tfu_sweep_load_known(&o->own, document, d, e);
    o->sweep = o->own;
    return st;
}

static enum tfu_status open_index(struct opened *o, const char *store, struct tfu_log *log,
                                  struct tfu_error *e)
{
    struct tfu_index_request request = {.store = store, .log = log};
    struct tfu_error why = TFU_ERROR_INIT;
    enum tfu_status st = tfu_index_open(&o->index, &request, &why);
    if (st == TFU_ECORRUPT) { /* which puts a damaged one aside */
        why = (struct tfu_error)TFU_ERROR_INIT;
        request.rebuild = true;
        st = tfu_index_open(&o->index, &request, &why);
    }
    if (st == TFU_OK)
        return TFU_OK;
    o->index = NULL;
    return st == TFU_ENOTFOUND ? TFU_OK : tfu_error_set(e, st, "%s", why.text);
}

static void close_all(struct opened *o)
{
    tfu_index_close(o->index);
    tfu_sweep_free(o->own);
    tfu_study_file_free(&o->file);
}

static const char *store_of(const struct opened *o, const struct tfu_report_section *s)
{
    return o->sweep ? o->sweep->store : s->store && s->store[0] ? s->store : "runs";
}

/* One that nothing was trained into yet is fine. Of one that is called by a wrong name all would be
 * missing: it was given for this call, or not even its parent is there. */
static enum tfu_status check_store(const struct tfu_document *document, const char *store,
                                   struct tfu_error *e)
{
    bool given = false;
    if (access(store, F_OK) == 0)
        return TFU_OK;
    for (size_t i = 0; i < document->override_count; i++)
        given = given || strncmp(document->override[i], "store=", 6) == 0;
    char parent[PATH_MAX];
    if (strlen(store) >= sizeof parent)
        return tfu_error_set(e, TFU_EIO, "the path of the store '%s' is too long", store);
    size_t n = strlen(store);
    while (n > 1 && store[n - 1] == '/')
        n--;
    while (n > 0 && store[n - 1] != '/')
        n--;
    if (n > 0) {
        memcpy(parent, store, n);
        parent[n] = '\0';
    }
    const bool is_there = access(n > 0 ? parent : ".", F_OK) == 0;
    enum tfu_status st = TFU_OK;
    if (given || !is_there)
        st = tfu_error_set(e, TFU_EIO,
                           "the store '%s' is not there%s, so nothing was trained into it; correct "
                           "`store`, or make it with `transfuse sweep run`",
                           store, is_there ? "" : ", nor is the folder that it would be in");
    return st;
}

/* ---- the report */

static enum tfu_status build(struct tfu_report_builder *b, struct tfu_report_section *section,
                             struct tfu_error *e)
{
    struct tfu_report *out = b->out;
    enum tfu_status st = TFU_OK;
    out->study = section->study;
    out->title = section->study;
    bool asks = false; /* for more than names */
    for (size_t i = 0; i < section->count; i++)
        asks |= section->item[i].kind != TFU_ITEM_NAMES;
    st = tfu_report_names_check(b, e);
    if (st == TFU_OK && !asks)
        st = tfu_report_default(b, e);
    for (size_t i = 0; st == TFU_OK && i < section->count; i++)
        st = build_item(b, &section->item[i], e);
    if (st == TFU_OK)
        st = tfu_report_list_runs(b, e);
    if (st == TFU_OK && tfu_diagnostics_count(b->findings) > 0)
        st = tfu_error_at(e, TFU_EINVAL, b->document->path, 0, 0, "what the report names is wrong");
    if (st == TFU_OK)
        st = put_commands(b, e);
    out->block = b->block;
    out->blocks = b->blocks;
    return st;
}

static enum tfu_status with_cases(struct tfu_report *out, struct opened *o,
                                  const struct tfu_document *document,
                                  const struct tfu_report_options *options,
                                  const struct tfu_report_section *seen, struct tfu_diagnostics *d,
                                  struct tfu_error *e)
{
    struct tfu_report_section section;
    struct tfu_report_cases cases;
    enum tfu_status st = tfu_report_cases_name(&cases, &out->arena, o->sweep, o->index, e);
    if (st == TFU_OK)
        st = tfu_report_section_load(&section, document, &cases, d, e);
    cases.index = o->index;
    if (st == TFU_OK)
        st = tfu_report_cases_look(&cases, e);
    struct tfu_report_builder b = {.out = out,
                                   .cases = &cases,
                                   .section = &section,
                                   .file = seen->analyses ? &o->file : NULL,
                                   .document = document,
                                   .findings = d};
    b.numbers = (struct tfu_report_numbers){.cases = &cases,
                                            .registry = document->registry,
                                            .costs = {.registry = document->registry,
                                                      .log = options->log,
                                                      .store = store_of(o, seen),
                                                      .measure = options->measure}};
    if (st == TFU_OK && !(b.words = words_of(&b, document, e)))
        st = e->status;
    if (st == TFU_OK && options->measure_option &&
        !(b.numbers.measured_by = tfu_arena_printf(&out->arena, "transfuse report %s %s", b.words,
                                                   options->measure_option)))
        st = no_memory(e);
    if (st == TFU_OK)
        out->output = section.output && section.output[0]
                          ? section.output
                          : tfu_arena_printf(&out->arena, "analysis/%s", section.study);
    if (st == TFU_OK && !out->output)
        st = no_memory(e);
    out->store = tfu_arena_strdup(&out->arena, store_of(o, seen));
    if (st == TFU_OK)
        st = build(&b, &section, e);
    const enum tfu_status said = tfu_report_costs_end(&b.numbers.costs, &cases, e);
    return st == TFU_OK ? said : st;
}

enum tfu_status tfu_report_build(struct tfu_report *out, const struct tfu_document *document,
                                 const struct tfu_report_options *options,
                                 struct tfu_diagnostics *d, struct tfu_error *e)
{
    struct opened o = {.sweep = NULL};
    struct tfu_report_section seen;
    *out = (struct tfu_report){.blocks = 0};
    tfu_arena_init(&out->arena, 0);
    enum tfu_status st = tfu_report_section_look(&seen, document, &out->arena, e);
    if (st == TFU_OK)
        st = open_file(&o, &seen, document, d, e);
    if (st == TFU_EINVAL && tfu_diagnostics_count(d) > 0) { /* all that is wrong is said at once */
        struct tfu_error more = TFU_ERROR_INIT;
        if (tfu_report_section_check(document, o.sweep, d, &more) == TFU_ENOMEM)
            st = tfu_error_memory(e, "making a report", 0);
    }
    if (st == TFU_OK)
        st = check_store(document, store_of(&o, &seen), e);
    if (st == TFU_OK)
        st = open_index(&o, store_of(&o, &seen), options->log, e);
    if (st == TFU_OK)
        st = with_cases(out, &o, document, options, &seen, d, e);
    close_all(&o);
    if (st != TFU_OK)
        tfu_report_free(out);
    return st;
}

void tfu_report_free(struct tfu_report *r)
{
    tfu_arena_free(&r->arena);
    *r = (struct tfu_report){.blocks = 0};
}
