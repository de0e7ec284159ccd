/* SPDX-License-Identifier: MIT */
#include "core/analysis/study_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/options.h"
#include "core/config/path.h"
#include "core/config/replace.h"
#include "core/config/study.h"
#include "core/sweep/record.h"

enum { ITEMS_MAX = 1000 };

/* A file that is being read. */
struct reader {
    struct tfu_study_file *file;
    struct tfu_study_items items;
    const struct tfu_document *document;
    struct tfu_diagnostics *d;
    struct tfu_error *e;
    enum tfu_status st; /* of the sweep, where it is none that findings say */
};

/* ---- the file */

static const struct tfu_option file_options[] = {
    {.name = "study",
     .help = "what it is called; by default as the file",
     .type = TFU_STRING,
     .offset = offsetof(struct tfu_study_file, name)},
    TFU_OPT_PATH(struct tfu_study_file, output, "", TFU_OPT_NO_EFFECT,
                 "a folder that gets a folder for each analysis; by default analysis/STUDY"),
    TFU_OPT_PATH(struct tfu_study_file, store, "runs", TFU_OPT_NO_EFFECT,
                 "the folder of runs in which ids and patterns are looked for"),
};

/* By default analysis/STUDY, from the current folder. */
static void find_output(struct reader *r, const struct tfu_node *root)
{
    const struct tfu_node *n = tfu_node_at(root, "study");
    const struct tfu_mark here = {.source = TFU_LOAD_COMMAND_LINE};
    if (!r->file->name || !r->file->output || r->file->output[0])
        return;
    if (!tfu_study_is_name(r->file->name)) {
        tfu_diagnostics_add(r->items.load->diagnostics, n ? n->mark : tfu_load_mark(r->items.load),
                            "study: '%s' cannot be the name of a folder (" TFU_STUDY_NAME_RULE
                            "); say `output` as well",
                            r->file->name);
        return;
    }
    char *output = tfu_load_printf(r->items.load, "analysis/%s", r->file->name);
    r->file->output = output ? tfu_path_absolute(r->items.load, here, output) : NULL;
}

/* What stands in place of the list of analyses. */
static const char *describe_list(struct tfu_load *l, const struct tfu_node *n)
{
    if (!n || n->kind != TFU_NODE_SEQUENCE)
        return n ? tfu_node_describe(l, n) : "";
    const char *words = tfu_load_printf(l, "a list of %zu", n->count);
    return words ? words : "";
}

static void read_list(struct reader *r, const struct tfu_node *root)
{
    struct tfu_load *l = r->items.load;
    const struct tfu_node *list = tfu_node_at(root, "analyses");
    if (r->items.blind && !list)
        return;
    if (!list || list->kind != TFU_NODE_SEQUENCE || list->count == 0 || list->count > ITEMS_MAX) {
        tfu_diagnostics_add(l->diagnostics, list ? list->mark : tfu_load_mark(l),
                            "analyses: expected a list of one analysis to %d, such as [{movement: "
                            "{of: RUN}}]%s%s",
                            ITEMS_MAX, list ? ", got " : "", describe_list(l, list));
        return;
    }
    size_t i = 0;
    for (const struct tfu_node *n = list->first; n && !l->out_of_memory; n = n->next) {
        const char *path = tfu_load_printf(l, "analyses.%zu", i++);
        if (path && n->kind != TFU_NODE_MAPPING)
            tfu_diagnostics_add(l->diagnostics, n->mark,
                                "%s: expected a mapping such as {movement: {of: RUN}}, got %s",
                                path, tfu_node_describe(l, n));
        else if (path)
            tfu_study_item_read(&r->items, path, n);
    }
}

/* Does an override say what one value of an axis is, which is a mapping? */
static bool changes_value(const struct tfu_node *root, const char *override)
{
    static const char cases[] = "cases.";
    const char *axis = override + sizeof cases - 1;
    const size_t n = strcspn(axis, ".=");
    if (strncmp(override, cases, sizeof cases - 1) != 0 || axis[n] != '.')
        return false;
    const char *value = axis + n + 1;
    const size_t k = strcspn(value, ".=");
    const struct tfu_node *of = tfu_node_get(tfu_node_at(root, "cases"), axis, n);
    const struct tfu_node *is = tfu_node_get(of, value, k);
    return value[k] == '.' && is && is->kind == TFU_NODE_MAPPING &&
           tfu_path_is_file(of->mark.source);
}

/* Does it choose among the cases? */
static bool chooses_cases(const struct tfu_node *root, const char *override)
{
    static const char *const section[] = {"cases", "add", "exclude", "zip", "draw"};
    if (changes_value(root, override))
        return false;
    for (size_t i = 0; i < TFU_COUNT(section); i++) {
        const size_t n = strlen(section[i]);
        if (strncmp(override, section[i], n) == 0 && (override[n] == '.' || override[n] == '='))
            return true;
    }
    return false;
}

/* The sweep as it is without what the command line says of its cases: what an analysis asks for is
 * counted by it. Where that cannot be read, what is read is all there is. */
static void read_whole(struct reader *r, const struct tfu_node *root)
{
    struct tfu_document whole = *r->document;
    struct tfu_diagnostics *aside = NULL;
    const char **override =
        tfu_load_array(r->items.load, whole.override_count + 1, sizeof *override);
    whole.override_count = 0;
    for (size_t i = 0; override && i < r->document->override_count; i++)
        if (!chooses_cases(root, r->document->override[i]))
            override[whole.override_count++] = r->document->override[i];
    whole.override = override;
    if (!override || whole.override_count == r->document->override_count)
        return;
    tfu_document_keep_stream(&whole, r->d);
    if (tfu_diagnostics_new(&aside, NULL) != TFU_OK ||
        tfu_sweep_load_known(&r->items.whole, &whole, aside, NULL) == TFU_ENOMEM)
        r->items.load->out_of_memory = true;
    tfu_diagnostics_free(aside);
}

/* Its cases, if the file has any. */
static void read_sweep(struct reader *r, const struct tfu_node *root)
{
    if (r->items.blind || !(tfu_node_at(root, "base") || tfu_node_at(root, "cases")))
        return;
    const enum tfu_status st = tfu_sweep_load_known(&r->file->sweep, r->document, r->d, r->e);
    r->items.sweep = r->file->sweep;
    r->items.wrong = !r->items.sweep;
    if (r->items.sweep)
        read_whole(r, root);
    if (st == TFU_EINVAL && tfu_diagnostics_count(r->d) > 0)
        *r->e = (struct tfu_error)TFU_ERROR_INIT; /* the findings say it */
    else
        r->st = st;
}

static void read(void *arg, struct tfu_load *l, struct tfu_node *root)
{
    struct reader *r = arg;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(file_options, r->file);
    r->items.load = l;
    tfu_study_read_keys(l, &table, root);
    if (r->file->name && !r->file->name[0])
        r->file->name = tfu_study_stem(l, l->path);
    read_sweep(r, root);
    if (r->items.sweep)
        r->file->store = r->items.sweep->store;
    if (!r->items.wrong) /* else its name may be */
        find_output(r, root);
    r->items.store = r->file->store;
    if (r->st == TFU_OK)
        read_list(r, root);
    tfu_replace_note_idle(l->diagnostics, tfu_node_at(root, "analyses"));
    r->file->item = r->items.item;
    r->file->count = r->items.count;
}

/* For struct tfu_document. */
static void prepare(void *arg, struct tfu_load *l, struct tfu_node *root,
                    const struct tfu_document *document)
{
    (void)arg;
    tfu_study_prepare(NULL, l, root, document);
}

static enum tfu_status load(struct reader *r, struct tfu_error *e)
{
    struct tfu_document own = *r->document;
    own.roots = tfu_study_roots;
    own.prepare = prepare;
    *r->file = (struct tfu_study_file){.count = 0};
    tfu_arena_init(&r->file->arena, 0);
    r->e = e;
    const enum tfu_status st = tfu_document_read(&own, &r->file->arena, read, r, r->d, e);
    tfu_sweep_free(r->items.whole);
    return r->st != TFU_OK ? r->st : st;
}

enum tfu_status tfu_study_file_load(struct tfu_study_file *out, const struct tfu_document *document,
                                    struct tfu_diagnostics *d, struct tfu_error *e)
{
    struct reader r = {.file = out, .document = document, .d = d};
    const enum tfu_status st = load(&r, e);
    if (st != TFU_OK)
        tfu_study_file_free(out);
    return st;
}

enum tfu_status tfu_study_file_check(const struct tfu_document *document, struct tfu_sweep *sweep,
                                     struct tfu_diagnostics *d, struct tfu_error *e)
{
    struct tfu_study_file file;
    struct reader r = {.file = &file,
                       .document = document,
                       .items = {.sweep = sweep, .wrong = !sweep, .blind = true},
                       .d = d};
    const enum tfu_status st = load(&r, e);
    tfu_study_file_free(&file);
    return st;
}

void tfu_study_file_free(struct tfu_study_file *f)
{
    tfu_sweep_free(f->sweep);
    tfu_arena_free(&f->arena);
    *f = (struct tfu_study_file){.count = 0};
}

static enum tfu_status no_such_name(const struct tfu_study_file *f, const char *pattern,
                                    struct tfu_error *e)
{
    const char **names = calloc(f->count + 1, sizeof *names);
    if (!names)
        return tfu_error_memory(e, "looking for an analysis", 0);
    struct tfu_text advice = TFU_TEXT_INIT;
    for (size_t i = 0; i < f->count; i++)
        names[i] = f->item[i].name;
    tfu_text_put_advice(&advice, pattern, names, f->count);
    const enum tfu_status st = tfu_error_set(
        e, TFU_EINVAL, "no analysis of the file is called '%s'%s", pattern, tfu_text_get(&advice));
    tfu_text_free(&advice);
    free(names);
    return st;
}

enum tfu_status tfu_study_file_check_names(const struct tfu_study_file *f,
                                           const struct tfu_string_list *pattern,
                                           struct tfu_error *e)
{
    for (uint64_t i = 0; i < pattern->count; i++) {
        bool any = false;
        for (size_t k = 0; k < f->count; k++)
            any |= tfu_text_glob(pattern->item[i], f->item[k].name);
        if (!any)
            return no_such_name(f, pattern->item[i], e);
    }
    return TFU_OK;
}

bool tfu_study_file_wants(const struct tfu_string_list *pattern, const char *name)
{
    return pattern->count == 0 || tfu_text_glob_any(pattern->item, pattern->count, name);
}
