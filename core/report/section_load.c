/* SPDX-License-Identifier: MIT */
#include "core/report/section_load.h"

#include <string.h>

#include "core/analysis/analysis.h"
#include "core/config/options.h"
#include "core/config/path.h"
#include "core/config/study.h"
#include "core/report/names.h"
#include "core/report/section_ask.h"

enum { ITEMS_MAX = 1000 };

static const char *const kinds[] = {"heading", "text",     "table", "figure",
                                    "runs",    "analysis", "names", NULL};

/* ---- the file's analyses, by their names alone */

static const char *name_of(const struct tfu_node *n)
{
    const struct tfu_node *name = tfu_node_at(n, "name");
    if (name && name->kind == TFU_NODE_SCALAR)
        return name->text;
    for (const struct tfu_node *k = n->kind == TFU_NODE_MAPPING ? n->first : NULL; k; k = k->next)
        if (tfu_analysis_find(k->key))
            return k->key;
    return NULL;
}

static void list_analyses(struct tfu_section_reader *r, const struct tfu_node *root)
{
    const struct tfu_node *list = tfu_node_at(root, "analyses");
    if (!list || list->kind != TFU_NODE_SEQUENCE)
        return;
    const char **name = tfu_load_array(r->load, list->count + 1, sizeof *name);
    for (const struct tfu_node *n = list->first; name && n; n = n->next)
        if ((name[r->section->analyses] = name_of(n)))
            r->section->analyses++;
    r->section->analysis = name;
}

static bool check_analysis(struct tfu_section_reader *r, const char *path, const struct tfu_node *n)
{
    const struct tfu_report_section *s = r->section;
    for (size_t i = 0; i < s->analyses; i++)
        if (strcmp(s->analysis[i], n->text) == 0)
            return true;
    struct tfu_text advice = TFU_TEXT_INIT;
    tfu_text_put_advice(&advice, n->text, s->analysis, s->analyses);
    tfu_diagnostics_add(r->load->diagnostics, n->mark,
                        "%s: no analysis of the file is called '%s'%s", path, n->text,
                        s->analyses ? tfu_text_get(&advice) : "; the file has none");
    r->load->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
    return false;
}

/* ---- items */

static const struct tfu_node *find_kind(struct tfu_section_reader *r, const char *path,
                                        const struct tfu_node *n)
{
    const struct tfu_node *found = NULL;
    for (const struct tfu_node *k = n->first; k; k = k->next) {
        size_t i = 0;
        while (kinds[i] && strcmp(kinds[i], k->key) != 0)
            i++;
        if (kinds[i] && !found) {
            found = k;
            continue;
        }
        struct tfu_text advice = TFU_TEXT_INIT;
        if (!kinds[i])
            tfu_text_put_advice(&advice, k->key, kinds, TFU_COUNT(kinds) - 1);
        tfu_diagnostics_add(r->load->diagnostics, k->key_mark,
                            kinds[i] ? "%s: an item is one thing, and '%s' is there already; begin "
                                       "another item with -%s"
                                     : "%s.%s: unknown key%s",
                            path, kinds[i] ? found->key : k->key, tfu_text_get(&advice));
        r->load->out_of_memory |= advice.failed;
        tfu_text_free(&advice);
        return NULL;
    }
    if (!found)
        tfu_diagnostics_add(r->load->diagnostics, n->mark,
                            "%s: the item is empty; write something like `heading: Results`", path);
    return found;
}

static bool is_text(const struct tfu_node *n)
{
    return n->kind == TFU_NODE_SCALAR && !tfu_node_is_null(n) && n->text[0];
}

static void read_words(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                       struct tfu_report_item *item)
{
    if (!is_text(n))
        tfu_diagnostics_add(r->load->diagnostics, n->mark, "%s: expected a text, got %s", path,
                            tfu_node_describe(r->load, n));
    else
        item->text = n->text;
}

/* Of a kind that is asked of cases, or is the name of an analysis. */
static void read_asked(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                       struct tfu_report_item *item)
{
    const bool figure = strcmp(n->key, "figure") == 0;
    const bool analysis = strcmp(n->key, "analysis") == 0;
    if (analysis || (figure && n->kind == TFU_NODE_SCALAR)) {
        item->kind = analysis ? TFU_ITEM_ANALYSIS : TFU_ITEM_ANALYSIS_FIGURE;
        read_words(r, path, n, item);
        if (item->text)
            check_analysis(r, path, n);
    } else if (n->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(r->load->diagnostics, n->mark, "%s: expected a mapping%s, got %s", path,
                            figure ? " or the name of an analysis" : "",
                            tfu_node_describe(r->load, n));
    } else if (figure) {
        item->kind = TFU_ITEM_FIGURE;
        item->ask = tfu_report_ask_figure(r, path, n);
    } else {
        const bool table = strcmp(n->key, "table") == 0;
        item->kind = table ? TFU_ITEM_TABLE : TFU_ITEM_RUNS;
        item->ask = table ? tfu_report_ask_table(r, path, n) : tfu_report_ask_runs(r, path, n);
    }
}

static void read_item(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                      struct tfu_report_item *item)
{
    const struct tfu_node *k = find_kind(r, path, n);
    const char *below = k ? tfu_load_printf(r->load, "%s.%s", path, k->key) : NULL;
    item->mark = n->mark;
    item->node = k;
    if (!below)
        return;
    if (strcmp(k->key, "heading") == 0 || strcmp(k->key, "text") == 0) {
        item->kind = k->key[0] == 'h' ? TFU_ITEM_HEADING : TFU_ITEM_TEXT;
        read_words(r, below, k, item);
    } else if (strcmp(k->key, "names") == 0) {
        item->kind = TFU_ITEM_NAMES;
        tfu_report_names_read(r, below, k);
    } else {
        read_asked(r, below, k, item);
    }
}

/* Files are called by the names: no two are the same. */
static void check_name(struct tfu_section_reader *r, const char *path,
                       const struct tfu_report_item *item)
{
    const struct tfu_report_section *s = r->section;
    for (size_t i = 0; item->ask && i < s->count; i++)
        if (s->item[i].ask && strcmp(s->item[i].ask->name, item->ask->name) == 0)
            tfu_diagnostics_add(r->load->diagnostics, item->mark,
                                "%s: '%s' is there already, in %s:%d; give each table and figure "
                                "a `name` of its own",
                                path, item->ask->name, s->item[i].mark.source,
                                s->item[i].mark.line);
}

static void read_list(struct tfu_section_reader *r, const struct tfu_node *list)
{
    struct tfu_load *l = r->load;
    if (list->kind != TFU_NODE_SEQUENCE || list->count == 0 || list->count > ITEMS_MAX) {
        tfu_diagnostics_add(l->diagnostics, list->mark,
                            "report: expected a list of one item to %d, such as [{heading: "
                            "Results}, {table: {rows: arch, value: test/auc}}], got %s",
                            ITEMS_MAX, tfu_node_describe(l, list));
        return;
    }
    r->section->item = tfu_load_array(l, list->count + 1, sizeof *r->section->item);
    size_t i = 0;
    for (const struct tfu_node *n = list->first; r->section->item && n; n = n->next, i++) {
        const char *path = tfu_load_printf(l, "report.%zu", i);
        struct tfu_report_item item = {.kind = TFU_ITEM_TEXT};
        if (path && n->kind != TFU_NODE_MAPPING)
            tfu_diagnostics_add(l->diagnostics, n->mark,
                                "%s: expected a mapping such as {heading: Results}, got %s", path,
                                tfu_node_describe(l, n));
        else if (path)
            read_item(r, path, n, &item);
        if (path)
            check_name(r, path, &item);
        r->section->item[r->section->count++] = item;
    }
}

/* ---- the file */

static const struct tfu_option file_options[] = {
    TFU_OPT_STRING(struct tfu_report_section, study, "", 0,
                   "what it is called; by default as the file"),
    TFU_OPT_PATH(struct tfu_report_section, output, "", TFU_OPT_NO_EFFECT,
                 "a folder that gets a folder for each analysis; by default analysis/STUDY"),
    TFU_OPT_PATH(struct tfu_report_section, store, "", TFU_OPT_NO_EFFECT, "the folder of runs"),
};

static void read(void *arg, struct tfu_load *l, struct tfu_node *root)
{
    struct tfu_section_reader *r = arg;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(file_options, r->section);
    const struct tfu_node *list = tfu_node_at(root, "report");
    r->load = l;
    tfu_study_read_keys(l, &table, root);
    if (r->section->study && !r->section->study[0])
        r->section->study = tfu_study_stem(l, l->path);
    list_analyses(r, root);
    r->section->has_cases = tfu_node_at(root, "base") || tfu_node_at(root, "cases");
    r->wrong = r->section->has_cases && !r->cases->sweep;
    r->profiles = tfu_node_at(root, "profiles");
    if (list)
        read_list(r, list);
    tfu_report_names_lay(r);
}

static void prepare(void *arg, struct tfu_load *l, struct tfu_node *root,
                    const struct tfu_document *document)
{
    struct tfu_section_reader *r = arg;
    const struct tfu_node *cases = tfu_node_at(root, "cases");
    r->declared = cases ? tfu_node_copy(l, cases) : NULL;
    tfu_study_prepare(NULL, l, root, document);
}

static enum tfu_status load(struct tfu_section_reader *r, const struct tfu_document *document,
                            struct tfu_arena *arena, struct tfu_diagnostics *d, struct tfu_error *e)
{
    struct tfu_document own = *document;
    own.roots = tfu_study_roots;
    own.prepare = prepare;
    *r->section = (struct tfu_report_section){.count = 0};
    return tfu_document_read(&own, arena, read, r, d, e);
}

enum tfu_status tfu_report_section_load(struct tfu_report_section *out,
                                        const struct tfu_document *document,
                                        struct tfu_report_cases *cases, struct tfu_diagnostics *d,
                                        struct tfu_error *e)
{
    struct tfu_section_reader r = {.section = out, .cases = cases};
    return load(&r, document, cases->arena, d, e);
}

enum tfu_status tfu_report_section_look(struct tfu_report_section *out,
                                        const struct tfu_document *document,
                                        struct tfu_arena *arena, struct tfu_error *e)
{
    struct tfu_report_cases none = {.arena = arena, .blind = true};
    struct tfu_section_reader r = {.section = out, .cases = &none};
    struct tfu_error why = TFU_ERROR_INIT;
    struct tfu_diagnostics *unsaid = NULL; /* whoever reads the file says it */
    enum tfu_status st = tfu_diagnostics_new(&unsaid, e);
    if (st == TFU_OK)
        st = load(&r, document, arena, unsaid, &why);
    if (st == TFU_ENOMEM)
        st = tfu_error_memory(e, "making a report", 0);
    tfu_diagnostics_free(unsaid);
    return st == TFU_ENOMEM ? st : TFU_OK;
}

enum tfu_status tfu_report_section_check(const struct tfu_document *document,
                                         struct tfu_sweep *sweep, struct tfu_diagnostics *d,
                                         struct tfu_error *e)
{
    struct tfu_arena arena;
    struct tfu_report_section section;
    struct tfu_report_cases cases;
    tfu_arena_init(&arena, 0);
    enum tfu_status st = tfu_report_cases_name(&cases, &arena, sweep, NULL, e);
    cases.blind = true;
    struct tfu_section_reader r = {.section = &section, .cases = &cases};
    if (st == TFU_OK)
        st = load(&r, document, &arena, d, e);
    tfu_arena_free(&arena);
    return st;
}
