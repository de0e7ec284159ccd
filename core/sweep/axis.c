/* SPDX-License-Identifier: MIT */
#include "core/sweep/axis.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/hint.h"
#include "core/config/options.h"
#include "core/config/path.h"
#include "core/sweep/axis_draw.h"
#include "core/sweep/effect.h"

/* Of one axis: a list that is longer was not meant. */
enum { VALUES_MAX = 1000000 };

/* ---- values */

/* A value as it is written is its own name. */
static const char *name_of(struct tfu_load *l, const struct tfu_node *n)
{
    if (n->kind == TFU_NODE_SCALAR)
        return n->text;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_node_put(&text, n);
    const char *name = tfu_load_printf(l, "%s", tfu_text_get(&text));
    l->out_of_memory |= text.failed;
    tfu_text_free(&text);
    return name;
}

static void add_value(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                      const char *name, struct tfu_mark m, const struct tfu_node *node)
{
    const bool text = node->kind == TFU_NODE_SCALAR && node->quoted && node->text == name;
    const size_t same = text ? tfu_case_axis_find_text(a, name) : tfu_case_axis_find(a, name);
    if (same == SIZE_MAX)
        tfu_case_axis_add(l, a, name, m, node);
    else if (strcmp(a->value[same].name, name) == 0)
        tfu_diagnostics_add(l->diagnostics, m, "%s: the value '%s' is there already", path, name);
    else
        tfu_diagnostics_add(l->diagnostics, m, "%s: '%s' is the value '%s' once more", path, name,
                            a->value[same].name);
}

bool tfu_case_axis_range(const char *text, int64_t *first, int64_t *last)
{
    char head[24];
    const char *dots = strstr(text, "..");
    const size_t n = dots ? (size_t)(dots - text) : 0;
    if (n == 0 || n >= sizeof head || strlen(dots + 2) >= sizeof head)
        return false;
    memcpy(head, text, n);
    head[n] = '\0';
    if (!tfu_hint_is_integer(head) || !tfu_hint_is_integer(dots + 2))
        return false;
    *first = strtoll(head, NULL, 10);
    *last = strtoll(dots + 2, NULL, 10);
    return true;
}

static void add_range(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                      const struct tfu_node *n, int64_t first, int64_t last)
{
    if (last < first) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: the range %s is empty; write the smaller number first", path,
                            n->text);
        return;
    }
    if ((uint64_t)last - (uint64_t)first >= VALUES_MAX) {
        tfu_diagnostics_add(l->diagnostics, n->mark, "%s: the range %s has more than %d values",
                            path, n->text, VALUES_MAX);
        return;
    }
    const bool alone = a->count == 0; /* then it repeats nothing */
    for (int64_t v = first; !l->out_of_memory; v++) {
        const char *name = tfu_load_printf(l, "%lld", (long long)v);
        const struct tfu_node *node = name ? tfu_case_axis_number(l, n->mark, name) : NULL;
        if (node && alone)
            tfu_case_axis_add(l, a, name, n->mark, node);
        else if (node)
            add_value(l, a, path, name, n->mark, node);
        if (v == last || !node)
            return;
    }
}

/* One item of a list, or a value that stands alone. */
static void add_item(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                     const struct tfu_node *n)
{
    int64_t first, last;
    if (n->kind == TFU_NODE_SCALAR && !n->quoted && tfu_case_axis_range(n->text, &first, &last)) {
        add_range(l, a, path, n, first, last);
        return;
    }
    const char *name = name_of(l, n);
    if (name)
        add_value(l, a, path, name, n->mark, n);
}

static void read_values(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                        const struct tfu_node *n)
{
    if (n->kind == TFU_NODE_SCALAR && !tfu_node_is_null(n)) {
        add_item(l, a, path, n);
    } else if (n->kind == TFU_NODE_SEQUENCE) {
        for (const struct tfu_node *i = n->first; i && !l->out_of_memory; i = i->next)
            add_item(l, a, path, i);
    } else if (n->kind == TFU_NODE_MAPPING) {
        for (const struct tfu_node *i = n->first; i && !l->out_of_memory; i = i->next)
            if (!a->key && i->kind != TFU_NODE_MAPPING)
                tfu_diagnostics_add(l->diagnostics, i->mark,
                                    "%s.%s: expected a set of keys, such as {train: {batch: 8}}, "
                                    "got %s; or say the axis' `key`",
                                    path, i->key, tfu_node_describe(l, i));
            else
                add_value(l, a, path, i->key, i->key_mark, i);
    }
    if (a->count == 0 && !tfu_diagnostics_has(l->diagnostics, n->mark))
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: an axis without values has no cases; give it one or leave it out",
                            path);
}

/* ---- an axis that says its key, or what is drawn */

struct axis_keys {
    const char *key;
    double min, max;
    int32_t distribution;
    int64_t draws, seed;
};

static const char *const distributions[] = {"uniform", "log_uniform", "int_uniform", "choice",
                                            NULL};
static const struct tfu_option axis_options[] = {
    TFU_OPT_STRING(struct axis_keys, key, "", 0,
                   "the key that gets its values; by default what the axis is called"),
    TFU_OPT_FLOAT(struct axis_keys, min, 0, -1e300, 1e300, "smallest value of what is drawn"),
    TFU_OPT_FLOAT(struct axis_keys, max, 0, -1e300, 1e300, "largest value of what is drawn"),
    TFU_OPT_ENUM(struct axis_keys, distribution, "uniform", distributions,
                 "how values are drawn between `min` and `max`, or among `values`"),
    TFU_OPT_INT(struct axis_keys, draws, 0, 1, 100000, "how many are drawn"),
    TFU_OPT_INT(struct axis_keys, seed, 0, 0, INT64_MAX, "number that the draws follow from"),
};

static bool has(const struct tfu_node *n, const char *key)
{
    return tfu_node_at(n, key) != NULL;
}

/* Not so a set of values, one of which happens to be called `key` or `seed`: that is a mapping. */
static bool is_described(const struct tfu_node *n)
{
    static const char *const words[] = {"key", "min", "max", "distribution", "draws", "seed"};
    if (has(n, "values") || has(n, "only"))
        return true;
    for (size_t i = 0; i < TFU_COUNT(words); i++) {
        const struct tfu_node *child = tfu_node_at(n, words[i]);
        if (child && child->kind != TFU_NODE_MAPPING)
            return true;
    }
    return false;
}

static void read_described(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                           const struct tfu_node *n, const struct tfu_node *over,
                           const char *const *more)
{
    struct axis_keys keys;
    const char *others[16] = {"values", "only"};
    size_t count = 2;
    for (const char *const *m = more; m && *m && count < TFU_COUNT(others); m++)
        others[count++] = *m;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(axis_options, &keys);
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    tfu_options_read(
        l,
        &(struct tfu_options_section){
            .path = path, .table = &table, .table_count = 1, .other = others, .other_count = count},
        n, n->mark);
    const struct tfu_node *values = over ? over : tfu_node_at(n, "values");
    const bool range = has(n, "min") || has(n, "max");
    const struct tfu_node *key = tfu_node_at(n, "key");
    a->only = tfu_node_at(n, "only");
    /* also where something else is wrong: the name is no key then, and need be none */
    if (key && key->kind == TFU_NODE_SCALAR && key->text[0])
        tfu_case_axis_set_key(a, key->text);
    else if (key || (values && values->kind == TFU_NODE_MAPPING && values->first &&
                     values->first->kind == TFU_NODE_MAPPING))
        a->key = NULL;
    if (l->out_of_memory || tfu_diagnostics_count(l->diagnostics) > before)
        return;
    a->min = keys.min;
    a->max = keys.max;
    a->distribution = keys.distribution;
    a->seed = keys.seed;
    if (over || (values && !range)) {
        read_values(l, a, path, values);
        if (!over && has(n, "draws") && a->count)
            tfu_case_axis_draw_among(l, a, path, n, keys.draws);
        return;
    }
    if (values || !has(n, "min") || !has(n, "max")) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            values  ? "%s: `values` and `min` or `max` exclude each other"
                            : range ? "%s: what is drawn needs both `min` and `max`"
                                    : "%s: it has no `values`, nor `min` and `max` to draw between",
                            path);
        return;
    }
    a->drawn = true;
    tfu_case_axis_check_range(l, a, path, n);
    if (has(n, "draws") && tfu_diagnostics_count(l->diagnostics) == before)
        tfu_case_axis_draw_between(l, a, path, n, keys.draws);
}

/* ---- an axis */

/* What the command line says of a value that is not chosen would be without effect. */
static void check_unchosen(struct tfu_load *l, const struct tfu_case_axis *all,
                           const struct tfu_case_axis *chosen, const char *path)
{
    for (size_t v = 0; v < all->count; v++) {
        const struct tfu_case_axis_value *value = &all->value[v];
        if (tfu_case_axis_find_text(chosen, value->name) != SIZE_MAX)
            continue;
        for (size_t k = 0; k < value->set.count; k++)
            if (!tfu_path_is_file(value->set.item[k].mark.source))
                tfu_diagnostics_add(l->diagnostics, value->set.item[k].mark,
                                    "%s.%s: it is not among the values that are chosen there, so "
                                    "that this has no effect; choose it as well (%s=...), or leave "
                                    "this out",
                                    path, value->name, path);
    }
}

/* Values that were laid over an axis whose values are sets: some of these, by their names. */
static void read_names(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                       const struct tfu_node *n)
{
    struct tfu_case_axis all = *a;
    const struct tfu_node *single[1] = {n};
    a->value = NULL;
    a->count = a->room = a->slots = 0;
    for (const struct tfu_node *i = n->kind == TFU_NODE_SEQUENCE ? n->first : single[0];
         i && !l->out_of_memory; i = n->kind == TFU_NODE_SEQUENCE ? i->next : NULL) {
        const size_t k = i->kind == TFU_NODE_SCALAR ? tfu_case_axis_find(&all, i->text) : SIZE_MAX;
        if (k == SIZE_MAX) {
            struct tfu_text advice = TFU_TEXT_INIT;
            tfu_case_axis_put_advice(&all, i->kind == TFU_NODE_SCALAR ? i->text : "", &advice);
            tfu_diagnostics_add(l->diagnostics, i->mark, "%s: it has no value %s%s", path,
                                tfu_node_describe(l, i), tfu_text_get(&advice));
            l->out_of_memory |= advice.failed;
            tfu_text_free(&advice);
            continue;
        }
        struct tfu_node empty = {.kind = TFU_NODE_MAPPING, .mark = i->mark};
        const size_t added = tfu_case_axis_add(l, a, all.value[k].name, i->mark, &empty);
        if (added != SIZE_MAX)
            a->value[added].set = all.value[k].set;
    }
    if (!l->out_of_memory)
        check_unchosen(l, &all, a, path);
}

/* The runs of a sweep lie in its store: to say where else has no effect. */
static void refuse_output(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                          const char *key, struct tfu_mark m)
{
    if (strcmp(key, "output") != 0)
        return;
    a->wrong = true;
    tfu_diagnostics_add(l->diagnostics, m,
                        "%s: the runs of a sweep are all in its `store`: 'output' cannot be "
                        "another for some of them",
                        path);
}

/* Are the values of the axis one run, whatever they are? A key that has no effect may stand among
 * others in a set of keys. */
static void refuse_without_effect(struct tfu_load *l, struct tfu_case_axis *a, const char *path)
{
    const char *key = a->key, *does = key ? tfu_key_without_effect(key) : NULL;
    for (size_t i = 0; !a->key && i < a->count; i++)
        for (size_t k = 0; k < a->value[i].set.count; k++) {
            key = a->value[i].set.item[k].path;
            does = tfu_key_without_effect(key);
            if (!does)
                return;
        }
    if (!does)
        return;
    a->wrong = true;
    tfu_diagnostics_add(l->diagnostics, a->mark,
                        "%s: '%s' %s, so its values would be one run several times; say it in the "
                        "base",
                        path, key, does);
}

static void check_key(struct tfu_load *l, struct tfu_case_axis *a, const char *path)
{
    refuse_without_effect(l, a, path);
    if (a->key && !tfu_assignment_is_key(a->key)) {
        a->wrong = true;
        tfu_diagnostics_add(l->diagnostics, a->mark,
                            strcmp(a->key, a->name) == 0
                                ? "%s: '%s' is no key of an experiment; say which it stands for, "
                                  "as in {key: data.train.limit, values: [...]}"
                                : "%s: its key '%s' is none of an experiment",
                            path, a->key);
    }
    if (a->key)
        refuse_output(l, a, path, a->key, a->mark);
    for (size_t i = 0; !a->key && i < a->count; i++)
        for (size_t k = 0; k < a->value[i].set.count; k++) {
            const struct tfu_assignment *s = &a->value[i].set.item[k];
            refuse_output(l, a, path, s->path, s->mark);
            if (tfu_assignment_is_key(s->path))
                continue;
            a->wrong = true;
            tfu_diagnostics_add(l->diagnostics, s->mark, "%s.%s: '%s' is no key of an experiment",
                                path, a->value[i].name, s->path);
        }
}

void tfu_case_axis_read(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                        const char *name, const struct tfu_node *n, const struct tfu_node *declared,
                        const char *const *more)
{
    *a = (struct tfu_case_axis){.name = name, .mark = tfu_node_key_mark(n)};
    tfu_case_axis_set_key(a, name);
    const bool laid = declared && declared->kind == TFU_NODE_MAPPING && n->kind != TFU_NODE_MAPPING;
    const struct tfu_node *own = laid ? declared : n;
    a->narrowed = declared && (laid || n->mark.source != declared->mark.source ||
                               n->mark.line != declared->mark.line);
    if (own->kind != TFU_NODE_MAPPING) {
        read_values(l, a, path, own);
    } else if (is_described(own)) {
        const struct tfu_node *values = tfu_node_at(own, "values");
        const bool sets = values && values->kind == TFU_NODE_MAPPING;
        read_described(l, a, path, own, laid && !sets ? n : NULL, more);
        if (laid && sets)
            read_names(l, a, path, n);
    } else {
        a->key = NULL;
        read_values(l, a, path, own);
        if (laid)
            read_names(l, a, path, n);
    }
    check_key(l, a, path);
}
