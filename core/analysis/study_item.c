/* SPDX-License-Identifier: MIT */
#include "core/analysis/study_item.h"

#include <string.h>

#include "core/analysis/select_cases.h"
#include "core/analysis/select_values.h"
#include "core/config/build_choice.h"
#include "core/config/options.h"
#include "core/config/study.h"
#include "core/sweep/choose.h"

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

static bool make_room(struct tfu_study_items *r)
{
    const size_t room = r->room ? 2 * r->room : 16;
    struct tfu_study_item *more = tfu_load_array(r->load, room, sizeof *more);
    if (!more)
        return false;
    if (r->count)
        memcpy(more, r->item, r->count * sizeof *more);
    r->item = more;
    r->room = room;
    return true;
}

/* There is one with its name already. */
static void refuse_twin(struct tfu_study_items *r, const struct tfu_study_item *before,
                        const struct tfu_study_item *item)
{
    if (before->each && item->each && strcmp(before->asked, item->asked) == 0)
        tfu_diagnostics_add(r->load->diagnostics, item->mark,
                            "with `for_each: %s` the values '%s' and '%s' have one folder, '%s'; "
                            "call one of them otherwise",
                            item->each, before->value, item->value, item->name);
    else
        tfu_diagnostics_add(r->load->diagnostics, item->mark,
                            "there are two analyses with the name '%s', the other in %s:%d: give "
                            "each a `name` of its own",
                            item->name, before->mark.source, before->mark.line);
}

static void add_item(struct tfu_study_items *r, const struct tfu_study_item *item)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->item[i].name, item->name) == 0) {
            refuse_twin(r, &r->item[i], item);
            return;
        }
    if (r->count == r->room && !make_room(r))
        return;
    r->item[r->count++] = *item;
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
        "an axis of the file's cases, or a key of runs' configurations: the analysis is done for "
        "each value on it"),
};

/* Which of the keys is an analysis; NULL after a finding, if nothing is `known_wrong` already. */
static const struct tfu_node *find_analysis(struct tfu_study_items *r, const char *path,
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
static void *read_config(struct tfu_study_items *r, const char *path, const struct tfu_analysis *a,
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
static void add_networks(struct tfu_study_items *r, const char *path, struct tfu_study_item *item,
                         const struct tfu_select_scope *scope, const struct tfu_node *n)
{
    struct tfu_load *l = r->load;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_analysis_context c = {.host = {.registry = l->registry}};
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    tfu_study_networks_read(l, path, n, item->analysis, scope, &item->networks, &item->gaps);
    if (item->config && !l->out_of_memory && !r->blind && !item->gaps.nothing &&
        tfu_diagnostics_count(l->diagnostics) == before &&
        tfu_analysis_fits(item->analysis, item->config, &item->networks, &c, &e) != TFU_OK)
        put_refused(l, path, n, &c, &e);
    if (l->out_of_memory)
        return;
    tfu_study_gaps_close(item->analysis, &item->networks, &item->gaps);
    add_item(r, item);
}

/* One more, which is for a value. */
static void add_for_value(struct tfu_study_items *r, const char *path,
                          const struct tfu_study_item *item, const struct tfu_select_scope *scope,
                          const char *key, const char *value, const struct tfu_node *n)
{
    struct tfu_study_item one = *item;
    if (r->count >= TFU_STUDY_ITEMS_MAX) {
        tfu_diagnostics_add(r->load->diagnostics, n->mark,
                            "%s: with the values of `for_each` these are more than %d analyses; "
                            "select less",
                            path, TFU_STUDY_ITEMS_MAX);
        r->full = true;
        return;
    }
    char *name = tfu_load_printf(r->load, "%s-%s", value, item->name);
    if (!name)
        return;
    make_plain(name);
    one.name = name;
    one.each = key;
    one.value = value;
    add_networks(r, path, &one, scope, n);
}

/* One for each value of an axis that cases among `all` have, in the axis's order. */
static void add_for_axis(struct tfu_study_items *r, const char *path,
                         const struct tfu_study_item *item, size_t axis,
                         const struct tfu_selected *all, struct tfu_select_scope scope,
                         const struct tfu_node *n)
{
    size_t any = 0;
    for (size_t v = 0; v < r->sweep->axis[axis].count && !r->load->out_of_memory && !r->full; v++) {
        const char *value = r->sweep->axis[axis].value[v];
        size_t i = 0;
        while (i < all->count &&
               (all->one[i].item == TFU_NO_CASE ||
                strcmp(tfu_case_value(r->sweep, all->one[i].item, axis), value) != 0))
            i++;
        if (i == all->count)
            continue;
        scope.axis = axis;
        scope.axis_value = value;
        add_for_value(r, path, item, &scope, r->sweep->axis[axis].name, value, n);
        any++;
    }
    if (!any && !all->refused)
        tfu_diagnostics_add(r->load->diagnostics, n->mark,
                            "%s: `for_each: %s`, but no case that is selected here is on that axis",
                            path, r->sweep->axis[axis].name);
}

static void add_for_key(struct tfu_study_items *r, const char *path,
                        const struct tfu_study_item *item, const char *key,
                        const struct tfu_selected *all, struct tfu_select_scope scope,
                        const struct tfu_node *n)
{
    const char **value = NULL;
    size_t values = 0;
    tfu_select_values(r->load, all, key, &value, &values);
    if (values == 0 && !r->load->out_of_memory && !all->refused)
        tfu_diagnostics_add(r->load->diagnostics, n->mark,
                            "%s: `for_each: %s`, but no run that a pattern or a mapping selects "
                            "here has that key",
                            path, key);
    scope.key = key;
    for (size_t i = 0; i < values && !r->load->out_of_memory && !r->full; i++) {
        scope.value = value[i];
        add_for_value(r, path, item, &scope, key, value[i], n);
    }
}

/* What an analysis says of all its networks. */
struct of_all {
    const char *key; /* of `for_each`; "": it is done once */
    const char *path;
    struct tfu_mark mark;
    const struct tfu_node *where; /* NULL: it says none */
};

/* One for each value of the key or the axis, or one. */
static void add_items(struct tfu_study_items *r, const char *path,
                      const struct tfu_study_item *item, const struct of_all *each,
                      const struct tfu_node *n)
{
    const char *key = each->key;
    struct tfu_load *l = r->load;
    const struct tfu_select_scope scope = {.store = r->store,
                                           .sweep = r->sweep,
                                           .whole = r->whole,
                                           .wrong = r->wrong,
                                           .blind = r->blind,
                                           .where = each->where,
                                           .axis = TFU_NO_CASE};
    struct tfu_selected all;
    const char *nothing;
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    size_t axis = TFU_NO_CASE;
    if (r->full)
        return;
    if (!key[0]) {
        struct tfu_study_item one = *item;
        add_networks(r, path, &one, &scope, n);
        return;
    }
    if (item->analysis->takes == TFU_ANALYSIS_TAKES_FILES) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: it takes files, not runs; leave out `for_each`", path);
        return;
    }
    tfu_study_networks_varying(l, path, n, item->analysis, &scope, &all, &nothing);
    if (l->out_of_memory || tfu_diagnostics_count(l->diagnostics) > before)
        return;
    if (all.count == 0 && nothing) {
        struct tfu_study_item none = *item;
        none.gaps = (struct tfu_study_gaps){.nothing = nothing, .empty = true};
        add_item(r, &none);
        return;
    }
    if (tfu_selected_have_case(&all)) /* which only axes tell apart */
        axis = tfu_sweep_axis_find(r->sweep, l, each->path, each->mark, key);
    if (l->out_of_memory || tfu_diagnostics_count(l->diagnostics) > before)
        return;
    if (axis != TFU_NO_CASE)
        add_for_axis(r, path, item, axis, &all, scope, n);
    else
        add_for_key(r, path, item, key, &all, scope, n);
}

/* Said once, not of every selector. */
static bool check_where(struct tfu_study_items *r, const char *path, const struct tfu_node *where)
{
    static const char *const none[] = {NULL};
    struct tfu_load *l = r->load;
    struct tfu_sweep_choice choice;
    const char *below = tfu_load_printf(l, "%s.where", path);
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    if (!where || !below)
        return !where;
    if (where->kind != TFU_NODE_MAPPING)
        tfu_diagnostics_add(l->diagnostics, where->mark,
                            "%s: expected axes with values, such as {arch: cbr_tiny, seed: [0, "
                            "1]}, got %s",
                            below, tfu_node_describe(l, where));
    else if (r->sweep)
        tfu_sweep_choose(r->sweep, l, below, where, none, &choice);
    else if (!r->wrong)
        tfu_diagnostics_add(l->diagnostics, where->mark,
                            "%s: it is of axes, and this file has no cases; say {runs: ..., where: "
                            "{KEY: VALUE}} where it names runs",
                            below);
    return tfu_diagnostics_count(l->diagnostics) == before;
}

void tfu_study_item_read(struct tfu_study_items *r, const char *path, const struct tfu_node *n)
{
    struct tfu_load *l = r->load;
    struct item_keys keys;
    const char *names[64];
    size_t count = 0;
    for (size_t i = 0; i < tfu_analysis_count && count + 1 < TFU_COUNT(names); i++)
        names[count++] = tfu_analyses[i]->name;
    names[count++] = "where";
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
    item.asked = item.name;
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
    const struct tfu_node *key = tfu_node_at(n, "for_each");
    const struct of_all each = {.key = keys.for_each,
                                .path = tfu_load_printf(l, "%s.for_each", path),
                                .mark = key ? key->mark : n->mark,
                                .where = tfu_node_at(n, "where")};
    if (!check_where(r, path, each.where))
        return;
    item.config = read_config(r, below, a, body);
    if (!l->out_of_memory) /* what is wrong with the networks is said in one go */
        add_items(r, below, &item, &each, body);
}
