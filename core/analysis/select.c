/* SPDX-License-Identifier: MIT */
#include "core/analysis/select.h"

#include <string.h>
#include <sys/stat.h>

#include "core/analysis/run_value.h"
#include "core/analysis/select_cases.h"
#include "core/config/options.h"
#include "core/config/path.h"
#include "core/study/find_where.h"
#include "core/study/pattern.h"

#include <transfuse/option.h>

static void note_memory(struct tfu_load *l, const struct tfu_error *e)
{
    l->out_of_memory |= e->status == TFU_ENOMEM;
}

/* ---- one text */

static bool is_there(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

/* Is it there, as it is or but for a state behind an @? */
static bool is_network(struct tfu_load *l, const char *path)
{
    if (is_there(path))
        return true;
    const char *at = strrchr(path, '@');
    if (!at || strchr(at, '/'))
        return false;
    const char *where = tfu_load_printf(l, "%.*s", (int)(at - path), path);
    return where && is_there(where);
}

/* Beside the file, then in the store; NULL: it is in neither, and may be an id. */
static const char *place_of(struct tfu_load *l, const char *beside, const char *text,
                            const struct tfu_select_scope *s)
{
    if (text[0] == '/' || is_network(l, beside))
        return beside;
    const char *stored = tfu_load_printf(l, "%s/%s", s->store, text);
    return stored && (is_network(l, stored) || tfu_pattern_is(text)) ? stored : NULL;
}

/* What `text` stands for, which is written at `n`. */
static void find(struct tfu_load *l, const char *path, const struct tfu_node *n, const char *text,
                 const struct tfu_select_scope *s, struct tfu_selected *out,
                 struct tfu_found *found)
{
    struct tfu_error e = TFU_ERROR_INIT;
    enum tfu_status st = TFU_ENOTFOUND;
    *found = (struct tfu_found){NULL, 0};
    const char *beside = tfu_path_absolute(l, n->mark, text);
    const char *place = beside ? place_of(l, beside, text, s) : NULL;
    if (!beside || l->out_of_memory) {
        out->refused = true;
        return;
    }
    if (tfu_pattern_is(text) && text[0] != '/') /* beside the file, if it fits anything there */
        st = tfu_find(found, beside, s->store, &e);
    if (st == TFU_ENOTFOUND) {
        e = (struct tfu_error)TFU_ERROR_INIT;
        st = tfu_find(found, place ? place : text, s->store, &e);
    }
    note_memory(l, &e);
    if (st != TFU_OK && st != TFU_ENOMEM)
        tfu_selected_refuse(l, out, n->mark, "%s: %s", path, e.text);
    else if (st == TFU_OK && !place && found->count == 1 && strcmp(found->item[0].spec, text) == 0)
        tfu_selected_refuse(
            l, out, n->mark,
            "%s: there is no network '%s', neither beside this file nor in the folder of runs "
            "'%s' (`store`)",
            path, text, s->store);
}

/* ---- a list of what was found */

/* By seeds; those of equal seeds stay in the order of their names. */
static void sort_by_seed(struct tfu_load *l, struct tfu_selected *s, size_t first)
{
    const char **seed = tfu_load_array(l, s->count + 1, sizeof *seed);
    for (size_t i = first; seed && i < s->count; i++)
        seed[i] = tfu_run_value(l, s->one[i].run, "seed");
    for (size_t i = first + 1; seed && i < s->count; i++)
        for (size_t k = i; k > first && tfu_run_value_compare(seed[k], seed[k - 1]) < 0; k--) {
            const struct tfu_selected_one one = s->one[k];
            const char *of = seed[k];
            s->one[k] = s->one[k - 1];
            seed[k] = seed[k - 1];
            s->one[k - 1] = one;
            seed[k - 1] = of;
        }
}

/* The state that is written behind a run, or NULL. */
static const char *state_of(const struct tfu_found_one *one)
{
    const size_t n = one->run ? strlen(one->run) : 0;
    return n && strncmp(one->spec, one->run, n) == 0 && one->spec[n] == '@' ? one->spec + n + 1
                                                                            : NULL;
}

/* Adds what was found, in `state` and with `label` unless these are NULL. */
static void take(struct tfu_load *l, const char *path, const struct tfu_node *n,
                 const struct tfu_found *f, const char *state, const char *label,
                 struct tfu_selected *out)
{
    const size_t first = out->count;
    for (size_t i = 0; i < f->count && !out->refused; i++) {
        const char *own = state_of(&f->item[i]), *is = state ? state : own;
        if (state && own)
            tfu_selected_refuse(l, out, n->mark,
                                "%s: the state is said twice, as @%s and as `state`: %s", path, own,
                                state);
        else if (is)
            tfu_selected_check_state(l, out, path, n->mark, is);
        const struct tfu_selected_one one = {
            .spec = state ? tfu_load_printf(l, "%s@%s", f->item[i].spec, state) : f->item[i].spec,
            .run = f->item[i].run,
            .item = TFU_NO_CASE,
            .label = label};
        if (one.spec && !out->refused)
            tfu_selected_add(l, out, &one);
    }
    sort_by_seed(l, out, first);
}

/* ---- a mapping: runs, where, state */

/* Does the run have the value? A finding where its configuration cannot be read. */
static bool has_value(struct tfu_load *l, const char *path, const struct tfu_node *n,
                      const char *run, const char *key, const char *value, struct tfu_selected *out)
{
    struct tfu_error e = TFU_ERROR_INIT;
    bool matches = false;
    const enum tfu_status st = run ? tfu_find_matches(run, key, value, &matches, &e) : TFU_OK;
    note_memory(l, &e);
    if (st != TFU_OK && st != TFU_ENOMEM)
        tfu_selected_refuse(l, out, n->mark,
                            "%s: run '%s' cannot be asked for its configuration: %s", path, run,
                            e.text);
    return matches;
}

static void say_none(struct tfu_load *l, const char *path, const struct tfu_node *n,
                     const struct tfu_select_scope *s, const struct tfu_found *f,
                     struct tfu_selected *out)
{
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_found_none(f, n->key, n->kind == TFU_NODE_SCALAR ? n->text : NULL, &e);
    note_memory(l, &e);
    tfu_selected_refuse(l, out, n->key_mark, "%s.%s: %s%s", path, n->key, e.text,
                        tfu_select_scope_words(l, s));
}

/* Keeps what has one of the values under the key. */
static void keep(struct tfu_load *l, const char *path, const struct tfu_node *n,
                 const struct tfu_select_scope *s, struct tfu_found *f, struct tfu_selected *out)
{
    const bool list = n->kind == TFU_NODE_SEQUENCE;
    bool any = false, *kept = tfu_load_array(l, f->count + 1, sizeof *kept);
    for (size_t i = 0; kept && i < f->count; i++) {
        kept[i] = false;
        for (const struct tfu_node *v = list ? n->first : n; v && !kept[i];
             v = list ? v->next : NULL)
            kept[i] = v->kind == TFU_NODE_SCALAR &&
                      has_value(l, path, n, f->item[i].run, n->key, v->text, out);
        any |= kept[i];
    }
    if (!kept || l->out_of_memory || out->refused)
        return;
    if (!any)
        say_none(l, path, n, s, f, out);
    tfu_found_drop(f, kept);
}

static void keep_where(struct tfu_load *l, const char *path, const struct tfu_node *where,
                       const struct tfu_select_scope *s, struct tfu_found *f,
                       struct tfu_selected *out)
{
    const char *below = tfu_load_printf(l, "%s.where", path);
    if (where && where->kind != TFU_NODE_MAPPING)
        tfu_selected_refuse(l, out, where->mark,
                            "%s.where: expected a mapping such as {arch.plugin: cbr_tiny}, got %s",
                            path, tfu_node_describe(l, where));
    else if (where && below)
        for (const struct tfu_node *n = where->first; n && f->count > 0 && !out->refused;
             n = n->next)
            keep(l, below, n, s, f, out);
}

/* Those that the analysis is for. */
static void keep_scope(struct tfu_load *l, const char *path, const struct tfu_node *n,
                       const struct tfu_select_scope *s, struct tfu_found *f,
                       struct tfu_selected *out)
{
    bool any = false, *kept = s->value ? tfu_load_array(l, f->count + 1, sizeof *kept) : NULL;
    for (size_t i = 0; kept && i < f->count; i++) {
        kept[i] = !f->item[i].run || has_value(l, path, n, f->item[i].run, s->key, s->value, out);
        any |= kept[i];
    }
    if (!kept || out->refused)
        return;
    if (!any && f->count)
        tfu_selected_refuse(l, out, n->mark, "%s: no run is left%s", path,
                            tfu_select_scope_words(l, s));
    tfu_found_drop(f, kept);
}

/* May runs be looked for? What an axis tells apart are cases alone. */
static bool check_patterns(struct tfu_load *l, const char *path, const struct tfu_node *n,
                           const struct tfu_select_scope *s, struct tfu_selected *out)
{
    if (s->blind) {
        out->refused = true;
        return false;
    }
    if (s->axis != TFU_NO_CASE)
        tfu_selected_refuse(l, out, n->mark,
                            "%s: `for_each: %s` tells the cases of this file apart, and a pattern "
                            "of runs has none; name cases by their axes, or one run by itself",
                            path, s->sweep->axis[s->axis].name);
    else if (s->where)
        tfu_selected_refuse(l, out, n->mark,
                            "%s: the `where` of the analysis is of axes, which the runs of a "
                            "pattern do not have; say {runs: ..., where: {KEY: VALUE}} here",
                            path);
    return s->axis == TFU_NO_CASE && !s->where;
}

static void select_mapping(struct tfu_load *l, const char *path, const struct tfu_node *n,
                           const struct tfu_select_scope *s, struct tfu_selected *out)
{
    struct keys {
        const char *runs, *state, *label;
    } keys;
    static const struct tfu_option options[] = {
        TFU_OPT_STRING(struct keys, runs, NULL, TFU_OPT_REQUIRED, "a pattern, path or id of runs"),
        TFU_OPT_STRING(struct keys, state, "", 0,
                       "best, final, initial or a step: which state of each"),
        TFU_OPT_STRING(struct keys, label, "", 0,
                       "what tables and figures call it; of one network"),
    };
    static const char *const other[] = {"where"};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(options, &keys);
    const struct tfu_options_section section = {
        .path = path, .table = &table, .table_count = 1, .other = other, .other_count = 1};
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    tfu_options_read(l, &section, n, n->mark);
    const struct tfu_node *runs = tfu_node_at(n, "runs");
    if (!runs || tfu_diagnostics_count(l->diagnostics) > before || l->out_of_memory) {
        out->refused = true;
        return;
    }
    struct tfu_found found = {NULL, 0};
    if (!check_patterns(l, path, runs, s, out))
        return;
    find(l, path, runs, keys.runs, s, out, &found);
    if (!out->refused)
        keep_scope(l, path, runs, s, &found, out);
    if (!out->refused)
        keep_where(l, path, tfu_node_at(n, "where"), s, &found, out);
    if (!out->refused && keys.label[0] && found.count > 1)
        tfu_selected_refuse(l, out, tfu_node_at(n, "label")->mark,
                            "%s.label: it is of one network, and these are %zu", path, found.count);
    take(l, path, n, &found, keys.state[0] ? keys.state : NULL, keys.label[0] ? keys.label : NULL,
         out);
    tfu_found_free(&found);
}

/* Cases of the file, where it has any; what is neither is what a file without cases would have. */
static bool names_cases(const struct tfu_node *n, const struct tfu_select_scope *s)
{
    return (s->sweep || s->wrong) && !tfu_node_at(n, "runs") && !tfu_node_at(n, "where") &&
           !tfu_node_at(n, "label");
}

/* ---- any selector */

static void select_text(struct tfu_load *l, const char *path, const struct tfu_node *n,
                        const struct tfu_select_scope *s, struct tfu_selected *out)
{
    const bool pattern = tfu_pattern_is(n->text);
    struct tfu_select_scope scope = *s;
    struct tfu_found found;
    if (!pattern) { /* it is itself for each value */
        scope.axis = TFU_NO_CASE;
        scope.where = NULL;
    }
    if (!check_patterns(l, path, n, &scope, out))
        return;
    find(l, path, n, n->text, s, out, &found);
    if (pattern && !out->refused)
        keep_scope(l, path, n, s, &found, out);
    take(l, path, n, &found, NULL, NULL, out);
    tfu_found_free(&found);
}

void tfu_select_networks(struct tfu_load *l, const char *path, const struct tfu_node *n,
                         const struct tfu_select_scope *s, struct tfu_selected *out)
{
    if (n->kind == TFU_NODE_MAPPING && names_cases(n, s)) {
        if (s->sweep)
            tfu_select_cases(l, path, n, s, out);
        else
            out->refused = true;
    } else if (n->kind == TFU_NODE_MAPPING) {
        select_mapping(l, path, n, s, out);
    } else if (n->kind == TFU_NODE_SEQUENCE) {
        size_t i = 0;
        for (const struct tfu_node *item = n->first; item; item = item->next) {
            const char *below = tfu_load_printf(l, "%s.%zu", path, i++);
            if (below)
                tfu_select_networks(l, below, item, s, out);
        }
    } else if (tfu_node_is_null(n) || !n->text[0]) {
        tfu_selected_refuse(l, out, n->mark,
                            "%s: expected a network, a pattern of runs, or a list of these, got %s",
                            path, tfu_node_describe(l, n));
    } else if (!s->only_varying || tfu_pattern_is(n->text)) {
        select_text(l, path, n, s, out);
    }
}
