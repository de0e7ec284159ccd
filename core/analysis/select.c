/* SPDX-License-Identifier: MIT */
#include "core/analysis/select.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/path.h"
#include "core/config/options.h"
#include "core/config/path.h"
#include "core/config/peek.h"
#include "core/study/find_where.h"
#include "core/study/pattern.h"

static void note_memory(struct tfu_load *l, const struct tfu_error *e)
{
    l->out_of_memory |= e->status == TFU_ENOMEM;
}

/* ---- values of a run's configuration */

/* "" where there is none, or the file cannot be read, which opening the run will say. */
static const char *value_of(struct tfu_load *l, const char *run, const char *key)
{
    struct tfu_peek *p = NULL;
    char *path = run ? tfu_path_join(run, "config.yaml") : NULL;
    const char *found =
        path && tfu_peek_open(&p, path, NULL) == TFU_OK ? tfu_peek_value(p, key) : NULL;
    const char *copy = tfu_load_printf(l, "%s", found ? found : "");
    tfu_peek_close(p);
    free(path);
    return copy ? copy : "";
}

/* Numbers by their values, all else by its letters. */
static int compare_values(const char *a, const char *b)
{
    char *end_a, *end_b;
    const double x = strtod(a, &end_a), y = strtod(b, &end_b);
    if (*a && *b && !*end_a && !*end_b)
        return x < y ? -1 : x > y;
    return strcmp(a, b);
}

/* ---- one text */

static bool is_there(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

/* Is it there, as it is or but for a state behind an @? */
static bool is_network(const char *path)
{
    if (is_there(path))
        return true;
    const char *at = strrchr(path, '@');
    char *where = at && !strchr(at, '/') ? strndup(path, (size_t)(at - path)) : NULL;
    const bool there = where && is_there(where);
    free(where);
    return there;
}

/* Beside the file, then in the store; NULL: it is in neither, and may be an id. */
static const char *place_of(struct tfu_load *l, const struct tfu_node *n, const char *text,
                            const struct tfu_select_scope *s)
{
    const char *beside = tfu_path_beside(l, n->mark.source, text);
    if (text[0] == '/' || (beside && is_network(beside)))
        return beside;
    const char *stored = tfu_load_printf(l, "%s/%s", s->store, text);
    return stored && (is_network(stored) || tfu_pattern_is(text)) ? stored : NULL;
}

static void find(struct tfu_load *l, const char *path, const struct tfu_node *n, const char *text,
                 const struct tfu_select_scope *s, struct tfu_found *out)
{
    struct tfu_error e = TFU_ERROR_INIT, in_store = TFU_ERROR_INIT;
    const char *place = place_of(l, n, text, s);
    enum tfu_status st = TFU_ENOTFOUND;
    *out = (struct tfu_found){NULL, 0};
    if (tfu_pattern_is(text) && text[0] != '/') { /* beside the file, if it fits anything there */
        const char *beside = tfu_path_beside(l, n->mark.source, text);
        st = beside ? tfu_find(out, beside, s->store, &in_store) : TFU_ENOMEM;
    }
    if (st == TFU_ENOTFOUND)
        st = tfu_find(out, place ? place : text, s->store, &e);
    note_memory(l, &e);
    if (st != TFU_OK && st != TFU_ENOMEM)
        tfu_diagnostics_add(l->diagnostics, n->mark, "%s: %s", path, e.text);
    else if (st == TFU_OK && !place && out->count == 1 && !out->item[0].run)
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: there is no network '%s', neither beside this file nor in the "
                            "folder of runs '%s' (`store`)",
                            path, text, s->store);
}

/* ---- a list of what was found */

static void add(struct tfu_load *l, struct tfu_selected *out, const char *spec, const char *run)
{
    const char **specs = tfu_load_array(l, out->count + 1, sizeof *specs);
    const char **runs = tfu_load_array(l, out->count + 1, sizeof *runs);
    if (!specs || !runs)
        return;
    if (out->count) {
        memcpy(specs, out->spec, out->count * sizeof *specs);
        memcpy(runs, out->run, out->count * sizeof *runs);
    }
    specs[out->count] = tfu_load_printf(l, "%s", spec);
    runs[out->count] = run ? tfu_load_printf(l, "%s", run) : NULL;
    if (specs[out->count])
        *out = (struct tfu_selected){specs, runs, out->count + 1};
}

/* By seeds; those of equal seeds stay in the order of their names. */
static void sort_by_seed(struct tfu_load *l, struct tfu_selected *s, size_t first)
{
    for (size_t i = first + 1; i < s->count; i++)
        for (size_t k = i; k > first && compare_values(value_of(l, s->run[k], "seed"),
                                                       value_of(l, s->run[k - 1], "seed")) < 0;
             k--) {
            const char *spec = s->spec[k], *run = s->run[k];
            s->spec[k] = s->spec[k - 1];
            s->run[k] = s->run[k - 1];
            s->spec[k - 1] = spec;
            s->run[k - 1] = run;
        }
}

static void take(struct tfu_load *l, const struct tfu_found *f, const char *state,
                 struct tfu_selected *out)
{
    const size_t first = out->count;
    for (size_t i = 0; i < f->count; i++) {
        const char *spec =
            state ? tfu_load_printf(l, "%s@%s", f->item[i].spec, state) : f->item[i].spec;
        if (spec)
            add(l, out, spec, f->item[i].run);
    }
    sort_by_seed(l, out, first);
}

/* ---- a mapping: runs, where, state */

/* Keeps what has one of the values under the key. */
static void keep(struct tfu_load *l, const char *path, const struct tfu_node *n,
                 struct tfu_found *f)
{
    const bool list = n->kind == TFU_NODE_SEQUENCE;
    struct tfu_error e = TFU_ERROR_INIT;
    size_t kept = 0;
    for (size_t i = 0; i < f->count; i++) {
        bool matches = false;
        for (const struct tfu_node *v = list ? n->first : n; v && !matches;
             v = list ? v->next : NULL)
            if (v->kind == TFU_NODE_SCALAR && f->item[i].run)
                tfu_find_matches(f->item[i].run, n->key, v->text, &matches, &e);
        if (matches) {
            const struct tfu_found_one one = f->item[kept];
            f->item[kept++] = f->item[i];
            f->item[i] = one;
        }
    }
    note_memory(l, &e);
    for (size_t i = kept; i < f->count; i++) {
        free(f->item[i].spec);
        free(f->item[i].run);
    }
    if (kept == 0 && f->count > 0)
        tfu_diagnostics_add(l->diagnostics, n->key_mark,
                            "%s.%s: of %zu runs none has %s under this key", path, n->key, f->count,
                            list ? "one of these values" : tfu_node_describe(l, n));
    f->count = kept;
}

static void keep_where(struct tfu_load *l, const char *path, const struct tfu_node *where,
                       struct tfu_found *f)
{
    const char *below = tfu_load_printf(l, "%s.where", path);
    if (where && where->kind != TFU_NODE_MAPPING)
        tfu_diagnostics_add(l->diagnostics, where->mark,
                            "%s.where: expected a mapping such as {arch.plugin: cbr_tiny}, got %s",
                            path, tfu_node_describe(l, where));
    else if (where && below)
        for (const struct tfu_node *n = where->first; n && f->count > 0; n = n->next)
            keep(l, below, n, f);
}

/* Those that the analysis is for. */
static void keep_selection(struct tfu_load *l, const struct tfu_select_scope *s,
                           struct tfu_found *f)
{
    struct tfu_error e = TFU_ERROR_INIT;
    size_t kept = 0;
    for (size_t i = 0; s->value && i < f->count; i++) {
        bool matches = !f->item[i].run;
        if (f->item[i].run)
            tfu_find_matches(f->item[i].run, s->key, s->value, &matches, &e);
        const struct tfu_found_one one = f->item[i];
        if (matches) {
            f->item[kept++] = one;
        } else {
            free(one.spec);
            free(one.run);
        }
    }
    if (s->value)
        f->count = kept;
    note_memory(l, &e);
}

static void select_mapping(struct tfu_load *l, const char *path, const struct tfu_node *n,
                           const struct tfu_select_scope *s, struct tfu_selected *out)
{
    struct keys {
        const char *runs, *state;
    } keys;
    static const struct tfu_option options[] = {
        TFU_OPT_STRING(struct keys, runs, NULL, TFU_OPT_REQUIRED, "a pattern, path or id of runs"),
        TFU_OPT_STRING(struct keys, state, "", 0,
                       "best, final, initial or a step: which state of each"),
    };
    static const char *const other[] = {"where"};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(options, &keys);
    const struct tfu_options_section section = {
        .path = path, .table = &table, .table_count = 1, .other = other, .other_count = 1};
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    tfu_options_read(l, &section, n, n->mark);
    if (tfu_diagnostics_count(l->diagnostics) > before || l->out_of_memory)
        return;
    struct tfu_found found;
    find(l, path, n, keys.runs, s, &found);
    keep_selection(l, s, &found);
    keep_where(l, path, tfu_node_at(n, "where"), &found);
    take(l, &found, keys.state[0] ? keys.state : NULL, out);
    tfu_found_free(&found);
}

/* ---- any selector */

void tfu_select_networks(struct tfu_load *l, const char *path, const struct tfu_node *n,
                         const struct tfu_select_scope *s, struct tfu_selected *out)
{
    if (n->kind == TFU_NODE_MAPPING) {
        select_mapping(l, path, n, s, out);
    } else if (n->kind == TFU_NODE_SEQUENCE) {
        size_t i = 0;
        for (const struct tfu_node *item = n->first; item; item = item->next) {
            const char *below = tfu_load_printf(l, "%s.%zu", path, i++);
            if (below)
                tfu_select_networks(l, below, item, s, out);
        }
    } else if (tfu_node_is_null(n) || !n->text[0]) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: expected a network, a pattern of runs, or a list of these, got %s",
                            path, tfu_node_describe(l, n));
    } else {
        struct tfu_found found;
        find(l, path, n, n->text, s, &found);
        if (tfu_pattern_is(n->text))
            keep_selection(l, s, &found);
        take(l, &found, NULL, out);
        tfu_found_free(&found);
    }
}

/* ---- values, and pairs of equal ones */

void tfu_select_values(struct tfu_load *l, const struct tfu_selected *s, const char *key,
                       const char ***value, size_t *count)
{
    *count = 0;
    *value = tfu_load_array(l, s->count + 1, sizeof **value);
    for (size_t i = 0; *value && i < s->count; i++) {
        const char *v = value_of(l, s->run[i], key);
        size_t at = 0;
        while (at < *count && compare_values((*value)[at], v) < 0)
            at++;
        if (!v[0] || (at < *count && strcmp((*value)[at], v) == 0))
            continue;
        memmove(*value + at + 1, *value + at, (*count - at) * sizeof **value);
        (*value)[at] = v;
        (*count)++;
    }
}

static bool has_equal_values(struct tfu_load *l, const char *a, const char *b,
                             const struct tfu_string_list *key)
{
    for (uint64_t k = 0; k < key->count; k++)
        if (compare_values(value_of(l, a, key->item[k]), value_of(l, b, key->item[k])) != 0)
            return false;
    return true;
}

void tfu_select_pair(struct tfu_load *l, struct tfu_mark m, const char *path,
                     const struct tfu_string_list *key, const struct tfu_selected *a,
                     struct tfu_selected *b)
{
    struct tfu_selected ordered = {.count = 0};
    for (size_t i = 0; i < a->count; i++) {
        size_t partners = 0, at = 0;
        for (size_t k = 0; k < b->count; k++)
            if (has_equal_values(l, a->run[i], b->run[k], key)) {
                partners++;
                at = k;
            }
        if (partners != 1) {
            tfu_diagnostics_add(l->diagnostics, m,
                                "%s.pair_by: '%s' has %zu networks of `b` with the same values "
                                "under these keys, not one",
                                path, a->spec[i], partners);
            return;
        }
        add(l, &ordered, b->spec[at], b->run[at]);
    }
    *b = ordered;
}
