/* SPDX-License-Identifier: MIT */
#include "core/analysis/study_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/analysis/study_networks.h"
#include "core/config/build_choice.h"
#include "core/config/options.h"
#include "core/config/path.h"
#include "core/config/study.h"

enum { ITEMS_MAX = 1000 };

struct reader {
    struct tfu_load *load;
    struct tfu_study_file *file;
    const struct tfu_node *list; /* of the analyses */
    bool keys;                   /* alone: the networks are not there yet */
};

/* ---- names */

/* In place of what no folder should be called. */
static void make_plain(char *s)
{
    for (char *c = s; *c; c++)
        if (!tfu_study_is_name((const char[]){'a', *c, '\0'}))
            *c = '_';
    if (!tfu_study_is_name(s))
        s[0] = '_';
}

static void add_item(struct reader *r, const struct tfu_study_item *item)
{
    struct tfu_study_file *f = r->file;
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->item[i].name, item->name) == 0) {
            tfu_diagnostics_add(
                r->load->diagnostics, item->mark,
                "there are two analyses with the name '%s': give each a `name` of its own",
                item->name);
            return;
        }
    struct tfu_study_item *more = tfu_load_array(r->load, f->count + 1, sizeof *more);
    if (!more)
        return;
    if (f->count)
        memcpy(more, f->item, f->count * sizeof *more);
    more[f->count] = *item;
    f->item = more;
    f->count++;
}

/* ---- one analysis: `- {name: pairs, for_each: seed, compare: {...}}` */

struct item_keys {
    const char *name, *for_each;
};

static const struct tfu_option item_options[] = {
    TFU_OPT_STRING(
        struct item_keys, name, "", 0,
        "of the folder of its tables and figures; by default what the analysis is called"),
    TFU_OPT_STRING(
        struct item_keys, for_each, "", 0,
        "a key of configurations: the analysis is done for each value that the runs have "
        "under it"),
};

/* Which of the keys is an analysis; NULL after a finding, if nothing is `known_wrong` already. */
static const struct tfu_node *find_analysis(struct reader *r, const char *path,
                                            const struct tfu_node *n, bool known_wrong)
{
    const struct tfu_node *found = NULL;
    for (const struct tfu_node *k = n->first; k; k = k->next) {
        if (!tfu_analysis_find(k->key))
            continue;
        if (found) {
            tfu_diagnostics_add(r->load->diagnostics, k->key_mark,
                                "%s: an item is one analysis, and '%s' is there already; begin "
                                "another item with -",
                                path, found->key);
            return NULL;
        }
        found = k;
    }
    if (!found && !known_wrong)
        tfu_diagnostics_add(r->load->diagnostics, n->mark,
                            "%s: it names no analysis; write something like `movement: {of: RUN}`",
                            path);
    return found;
}

/* What an analysis says of its options. */
static void put_refused(struct tfu_load *l, const char *path, const struct tfu_node *n,
                        const struct tfu_analysis_context *c, const struct tfu_error *e)
{
    const struct tfu_node *at = c->refused ? tfu_node_at(n, c->refused) : NULL;
    l->out_of_memory |= e->status == TFU_ENOMEM;
    tfu_diagnostics_add(l->diagnostics, at ? at->mark : n->mark, "%s%s%s: %s", path,
                        c->refused ? "." : "", c->refused ? c->refused : "", e->text);
}

/* The options of the analysis into its struct; NULL after a finding. */
static void *read_config(struct reader *r, const char *path, const struct tfu_analysis *a,
                         const struct tfu_node *n)
{
    struct tfu_load *l = r->load;
    void *config = tfu_load_alloc(l, a->config_size);
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    if (!config)
        return NULL;
    const struct tfu_options_table table = {
        .option = a->option, .count = a->options, .stride = sizeof *a->option, .config = config};
    size_t keys;
    const char *const *other = tfu_study_network_keys(a->takes, &keys);
    const struct tfu_options_section section = {.path = path,
                                                .owner = a->name,
                                                .table = &table,
                                                .table_count = 1,
                                                .other = other,
                                                .other_count = keys,
                                                .read_inner = tfu_build_inner,
                                                .kind = TFU_KIND_METRIC};
    tfu_options_read(l, &section, n, tfu_node_key_mark(n));
    if (l->out_of_memory || tfu_diagnostics_count(l->diagnostics) > before)
        return NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_analysis_context c = {.host = {.registry = l->registry}};
    if (tfu_analysis_check(a, config, &c, &e) == TFU_OK)
        return config;
    put_refused(l, path, n, &c, &e);
    return NULL;
}

/* The networks of one analysis, and are the options for them? */
static void add_networks(struct reader *r, const char *path, struct tfu_study_item *item,
                         const struct tfu_select_scope *scope, const struct tfu_node *n)
{
    struct tfu_load *l = r->load;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_analysis_context c = {.host = {.registry = l->registry}};
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    tfu_study_networks_read(l, path, n, item->analysis, scope, &item->networks);
    if (item->config && !l->out_of_memory && tfu_diagnostics_count(l->diagnostics) == before &&
        tfu_analysis_fits(item->analysis, item->config, &item->networks, &c, &e) != TFU_OK)
        put_refused(l, path, n, &c, &e);
    add_item(r, item);
}

/* One for each value of the key, or one. */
static void add_items(struct reader *r, const char *path, const struct tfu_study_item *item,
                      const char *key, const struct tfu_node *n)
{
    struct tfu_load *l = r->load;
    struct tfu_select_scope selection = {.store = r->file->store};
    const char **value = NULL;
    size_t values = 0;
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    if (r->keys) {
        if (!key[0]) /* else its name follows from the runs */
            add_item(r, item);
        return;
    }
    if (!key[0]) {
        struct tfu_study_item one = *item;
        add_networks(r, path, &one, &selection, n);
        return;
    }
    if (item->analysis->takes == TFU_ANALYSIS_TAKES_FILES) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: it takes files, not runs; leave out `for_each`", path);
        return;
    }
    tfu_study_networks_values(l, path, n, item->analysis, &selection, key, &value, &values);
    if (l->out_of_memory || tfu_diagnostics_count(l->diagnostics) > before)
        return;
    if (values == 0)
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: `for_each: %s`, but no run that a pattern or a mapping selects "
                            "here has that key",
                            path, key);
    for (size_t i = 0; i < values && !l->out_of_memory; i++) {
        struct tfu_study_item one = *item;
        char *name = tfu_load_printf(l, "%s-%s", value[i], item->name);
        if (!name)
            return;
        make_plain(name);
        one.name = name;
        selection.key = key;
        selection.value = value[i];
        add_networks(r, path, &one, &selection, n);
    }
}

static void read_item(struct reader *r, const char *path, const struct tfu_node *n)
{
    struct tfu_load *l = r->load;
    struct item_keys keys;
    const char *names[64];
    size_t count = 0;
    for (size_t i = 0; i < tfu_analysis_count && count < TFU_COUNT(names); i++)
        names[count++] = tfu_analyses[i]->name;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(item_options, &keys);
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    tfu_options_read(
        l,
        &(struct tfu_options_section){
            .path = path, .table = &table, .table_count = 1, .other = names, .other_count = count},
        n, n->mark);
    const bool wrong = tfu_diagnostics_count(l->diagnostics) > before; /* perhaps its name */
    const struct tfu_node *body = find_analysis(r, path, n, wrong);
    if (!body || l->out_of_memory)
        return;
    const struct tfu_analysis *a = tfu_analysis_find(body->key);
    const char *below = tfu_load_printf(l, "%s.%s", path, a->name);
    if (!below)
        return;
    if (body->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(l->diagnostics, body->mark, "%s: expected a mapping, got %s", below,
                            tfu_node_describe(l, body));
        return;
    }
    struct tfu_study_item item = {
        .name = keys.name[0] ? keys.name : a->name, .analysis = a, .mark = n->mark};
    if (!tfu_study_is_name(item.name))
        tfu_diagnostics_add(l->diagnostics, tfu_node_at(n, "name")->mark,
                            "%s.name: '%s' cannot be the name of a folder (" TFU_STUDY_NAME_RULE
                            ")",
                            path, item.name);
    else if (strcmp(item.name, "study.yaml") == 0)
        tfu_diagnostics_add(
            l->diagnostics, tfu_node_at(n, "name")->mark,
            "%s.name: 'study.yaml' is the file in `output` that says what was done; "
            "take another name",
            path);
    item.config = read_config(r, below, a, body);
    if (!l->out_of_memory) /* what is wrong with the networks is said in one go */
        add_items(r, below, &item, keys.for_each, body);
}

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
        tfu_diagnostics_add(r->load->diagnostics, n ? n->mark : tfu_load_mark(r->load),
                            "study: '%s' cannot be the name of a folder (" TFU_STUDY_NAME_RULE
                            "); say `output` as well",
                            r->file->name);
        return;
    }
    char *output = tfu_load_printf(r->load, "analysis/%s", r->file->name);
    r->file->output = output ? tfu_path_absolute(r->load, here, output) : NULL;
}

/* What stands in place of the list of analyses. */
static const char *describe_list(struct tfu_load *l, const struct tfu_node *n)
{
    if (!n || n->kind != TFU_NODE_SEQUENCE)
        return n ? tfu_node_describe(l, n) : "";
    const char *words = tfu_load_printf(l, "a list of %zu", n->count);
    return words ? words : "";
}

/* What is read, into what. */
struct reading {
    struct tfu_study_file *file;
    bool keys;
};

static void read(void *arg, struct tfu_load *l, struct tfu_node *root)
{
    const struct reading *reading = arg;
    struct reader r = {.load = l, .file = reading->file, .keys = reading->keys};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(file_options, r.file);
    tfu_options_read(l,
                     &(struct tfu_options_section){.path = "",
                                                   .table = &table,
                                                   .table_count = 1,
                                                   .other = tfu_study_roots,
                                                   .other_count = tfu_study_root_count()},
                     root, tfu_load_mark(l));
    if (r.file->name && !r.file->name[0])
        r.file->name = tfu_study_stem(l, l->path);
    find_output(&r, root);
    r.list = tfu_node_at(root, "analyses");
    if (r.keys && !r.list)
        return;
    if (!r.list || r.list->kind != TFU_NODE_SEQUENCE || r.list->count == 0 ||
        r.list->count > ITEMS_MAX) {
        tfu_diagnostics_add(l->diagnostics, r.list ? r.list->mark : tfu_load_mark(l),
                            "analyses: expected a list of one analysis to %d, such as [{movement: "
                            "{of: RUN}}]%s%s",
                            ITEMS_MAX, r.list ? ", got " : "", describe_list(l, r.list));
        return;
    }
    size_t i = 0;
    for (const struct tfu_node *n = r.list->first; n && !l->out_of_memory; n = n->next) {
        const char *path = tfu_load_printf(l, "analyses.%zu", i++);
        if (path && n->kind != TFU_NODE_MAPPING)
            tfu_diagnostics_add(l->diagnostics, n->mark,
                                "%s: expected a mapping such as {movement: {of: RUN}}, got %s",
                                path, tfu_node_describe(l, n));
        else if (path)
            read_item(&r, path, n);
    }
}

static enum tfu_status load(const struct reading *reading, const struct tfu_document *document,
                            struct tfu_diagnostics *d, struct tfu_error *e)
{
    struct tfu_document own = *document;
    own.roots = tfu_study_roots;
    own.prepare = tfu_study_prepare;
    *reading->file = (struct tfu_study_file){.count = 0};
    tfu_arena_init(&reading->file->arena, 0);
    const enum tfu_status st =
        tfu_document_read(&own, &reading->file->arena, read, (void *)(uintptr_t)reading, d, e);
    if (st != TFU_OK)
        tfu_study_file_free(reading->file);
    return st;
}

enum tfu_status tfu_study_file_load(struct tfu_study_file *out, const struct tfu_document *document,
                                    struct tfu_diagnostics *d, struct tfu_error *e)
{
    return load(&(struct reading){.file = out}, document, d, e);
}

enum tfu_status tfu_study_file_check(const struct tfu_document *document, struct tfu_diagnostics *d,
                                     struct tfu_error *e)
{
    struct tfu_study_file file;
    const enum tfu_status st = load(&(struct reading){.file = &file, .keys = true}, document, d, e);
    if (st == TFU_OK)
        tfu_study_file_free(&file);
    return st;
}

void tfu_study_file_free(struct tfu_study_file *f)
{
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
