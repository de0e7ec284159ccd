/* SPDX-License-Identifier: MIT
 *
 * The short forms become mappings like those of the list, so that all are read in one way. Where
 * the list has such a step already, as that of a resolved configuration, they change it.
 */
#include "core/config/build_transforms.h"

#include <string.h>

#include "core/config/build_choice.h"
#include "core/config/inherit.h"
#include "core/config/options.h"

enum { TRANSFORMS_MAX = 64 };

/* ---- nodes */

static void mark_inherited(struct tfu_node *n)
{
    n->inherited = true;
    for (struct tfu_node *child = n->first; child; child = child->next)
        mark_inherited(child);
}

/* The value of a split's key, its own or that of data.train; NULL: there is none. */
static const struct tfu_node *find_value(const struct tfu_node *data, const char *split,
                                         const char *key)
{
    const struct tfu_node *own = tfu_node_at(tfu_node_at(data, split), key);
    return own ? own : tfu_inherit_find(data, split, key);
}

/* Has it been found to be wrong? Then it has been said where it stands, and is not said again of
 * what is made of it. */
static bool is_wrong(const struct tfu_load *l, const struct tfu_node *n)
{
    bool wrong = tfu_diagnostics_has(l->diagnostics, n->mark);
    for (const struct tfu_node *child = n->first; child && !wrong; child = child->next)
        wrong = is_wrong(l, child);
    return wrong;
}

/* That value, copied under `name` into `to`. */
static void copy_value(struct tfu_load *l, const struct tfu_node *data, const char *split,
                       const char *key, const char *name, struct tfu_node *to)
{
    const struct tfu_node *own = tfu_node_at(tfu_node_at(data, split), key);
    const struct tfu_node *from = find_value(data, split, key);
    struct tfu_node *copy = from && !is_wrong(l, from) ? tfu_node_copy(l, from) : NULL;
    if (!copy)
        return;
    copy->key = name;
    copy->key_mark = from->key_mark;
    if (!own)
        mark_inherited(copy);
    tfu_node_append(to, copy);
}

/* {plugin: NAME}, where the key that stands for it is. */
static struct tfu_node *new_mapping(struct tfu_load *l, const struct tfu_node *data,
                                    const char *split, const char *plugin, const char *key)
{
    const struct tfu_node *own = tfu_node_at(tfu_node_at(data, split), key);
    const struct tfu_node *from = own ? own : tfu_node_at(tfu_node_at(data, "train"), key);
    if (!from)
        return NULL;
    struct tfu_node *mapping = tfu_node_new(l, TFU_NODE_MAPPING, from->mark);
    struct tfu_node *name = mapping ? tfu_node_new(l, TFU_NODE_SCALAR, from->mark) : NULL;
    if (!name)
        return NULL;
    name->text = plugin;
    name->key = "plugin";
    name->key_mark = from->key_mark;
    name->inherited = !own;
    tfu_node_append(mapping, name);
    return mapping;
}

/* Its value is looked at, and not the split's, which has what train's list comes to. */
static struct tfu_node *resize_node(struct tfu_load *l, const struct tfu_node *data,
                                    const char *path, const struct tfu_data_split *split)
{
    const struct tfu_node *value = find_value(data, split->name, "resize");
    if (!value || value->count == 0 || is_wrong(l, value))
        return NULL;
    if (value->count != 2) {
        tfu_diagnostics_add(l->diagnostics, value->mark,
                            "%s.resize: expected two numbers, [height, width], got %zu", path,
                            value->count);
        return NULL;
    }
    struct tfu_node *n = new_mapping(l, data, split->name, "resize", "resize");
    if (n)
        copy_value(l, data, split->name, "resize", "size", n);
    return n;
}

/* Does `resize: []` say that there is to be none? */
static bool has_no_resize(const struct tfu_node *data, const struct tfu_data_split *split)
{
    const struct tfu_node *value = find_value(data, split->name, "resize");
    return value && value->kind == TFU_NODE_SEQUENCE && value->count == 0;
}

/* `listed`: the list has such a step, which also what says nothing changes. */
static struct tfu_node *normalise_node(struct tfu_load *l, const struct tfu_node *data,
                                       const struct tfu_data_split *split, bool listed)
{
    static const char *const keys[] = {"normalise.channels", "normalise.from",
                                       "normalise.preprocessing", "normalise.mean",
                                       "normalise.deviation"};
    const struct tfu_data_select *s = &split->select;
    bool any = false;
    for (size_t i = 0; i < TFU_COUNT(keys); i++)
        any = any || find_value(data, split->name, keys[i]);
    if (!any || (!listed && !s->normalise.channels && !s->normalise.from &&
                 !s->normalise.mean.count && !s->normalise.deviation.count &&
                 (!s->normalise.preprocessing || !s->normalise.preprocessing[0])))
        return NULL;
    struct tfu_node *n = new_mapping(l, data, split->name, "normalise", "normalise");
    for (size_t i = 0; n && i < TFU_COUNT(keys); i++)
        copy_value(l, data, split->name, keys[i], strchr(keys[i], '.') + 1, n);
    return n;
}

/* ---- reading */

static void read_step(struct tfu_load *l, const char *path, const struct tfu_node *n,
                      struct tfu_data_split *split)
{
    if (!path)
        return; /* out of memory */
    const size_t i = split->transform_count++;
    split->transform_node[i] = n;
    tfu_build_choice(l, path, TFU_KIND_TRANSFORM, NULL, NULL, n, &split->transform[i]);
}

/* The list that holds for a split; NULL: there is none, or it is a finding. */
static const struct tfu_node *find_list(struct tfu_load *l, const struct tfu_node *data,
                                        const char *path, const struct tfu_data_split *split,
                                        bool *inherited)
{
    const struct tfu_node *n = tfu_node_at(tfu_node_at(data, split->name), "transforms");
    *inherited = !n;
    if (!n)
        n = tfu_inherit_find(data, split->name, "transforms");
    if (!n || (n->kind == TFU_NODE_SEQUENCE && n->count <= TRANSFORMS_MAX))
        return n;
    if (*inherited)
        return NULL; /* it has been said of data.train */
    if (n->kind == TFU_NODE_SEQUENCE)
        tfu_diagnostics_add(l->diagnostics, n->mark, "%s.transforms: more than %d items", path,
                            TRANSFORMS_MAX);
    else
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s.transforms: expected a list of mappings such as [{plugin: flip}], "
                            "got %s",
                            path, tfu_node_describe(l, n));
    return NULL;
}

static bool is_plugin(const struct tfu_node *n, const char *name)
{
    const struct tfu_node *is = tfu_node_at(n, "plugin");
    return is && is->kind == TFU_NODE_SCALAR && strcmp(is->text, name) == 0;
}

static void remove_key(struct tfu_node *n, const char *key)
{
    struct tfu_node *child = tfu_node_at(n, key);
    if (child)
        tfu_node_remove(n, child);
}

static bool has_numbers(const struct tfu_node *n, const char *key)
{
    const struct tfu_node *list = tfu_node_at(n, key);
    return list && list->count > 0;
}

static bool has_text(const struct tfu_node *n, const char *key)
{
    const struct tfu_node *text = tfu_node_at(n, key);
    return text && text->kind == TFU_NODE_SCALAR && text->text[0];
}

/* A step of the list with what a short form says of it; `item` is a copy. A published
 * preprocessing, numbers of one's own and those of the data exclude each other, and the short form
 * counts. */
static void merge_short(struct tfu_node *item, struct tfu_node *shorts)
{
    const bool named = has_text(shorts, "preprocessing"),
               measured = tfu_inherit_is_measured(shorts);
    const bool numbers = has_numbers(shorts, "mean") || has_numbers(shorts, "deviation");
    if (named || measured) {
        remove_key(item, "mean");
        remove_key(item, "deviation");
    }
    if (numbers || measured)
        remove_key(item, "preprocessing");
    if (named || numbers)
        remove_key(item, "from");
    for (struct tfu_node *child = shorts->first, *next; child; child = next) {
        next = child->next;
        tfu_node_remove(shorts, child);
        remove_key(item, child->key);
        tfu_node_append(item, child);
    }
}

/* The short forms of a split; what the list has already is merged into it, and NULL then. */
struct short_forms {
    struct tfu_node *resize, *normalise;
    bool no_resize; /* what the list has is left out */
};

/* `resize: [H, W]` says both sides, and a step of the list by one side has no use for it. */
static bool contradicts(struct tfu_load *l, const char *path, const struct tfu_node *item,
                        const struct tfu_node *shorts)
{
    static const char *const keys[] = {"short_side", "long_side"};
    for (size_t i = 0; i < TFU_COUNT(keys); i++)
        if (is_plugin(item, "resize") && tfu_node_at(item, keys[i])) {
            tfu_diagnostics_add(l->diagnostics, shorts->mark,
                                "%s.resize: it changes the step `resize` of the list, which has "
                                "`%s`; remove one of the two, or write a second step into the list",
                                path, keys[i]);
            return true;
        }
    return false;
}

static const struct tfu_node *find_step(struct tfu_load *l, const char *path,
                                        const struct tfu_node *n, bool inherited,
                                        struct short_forms *s)
{
    struct tfu_node **shorts = s->resize && is_plugin(n, "resize")         ? &s->resize
                               : s->normalise && is_plugin(n, "normalise") ? &s->normalise
                                                                           : NULL;
    if (!shorts && !inherited)
        return n;
    struct tfu_node *copy = tfu_node_copy(l, n);
    if (!copy)
        return NULL;
    if (inherited)
        mark_inherited(copy);
    if (shorts && !contradicts(l, path, copy, *shorts))
        merge_short(copy, *shorts);
    if (shorts)
        *shorts = NULL;
    return copy;
}

/* ---- back into the short forms, by which splits are compared */

static void copy_field(const struct tfu_plugin_choice *c, const char *name, enum tfu_type type,
                       void *to, size_t size)
{
    const void *from = tfu_options_field(c, name, type);
    if (from)
        memcpy(to, from, size);
}

void tfu_summarise_transforms(struct tfu_data_split *split)
{
    struct tfu_data_select *s = &split->select;
    for (size_t i = 0; i < split->transform_count; i++) {
        const struct tfu_plugin_choice *c = &split->transform[i];
        const char *name = c->plugin ? c->plugin->name : "";
        if (strcmp(name, "resize") == 0)
            copy_field(c, "size", TFU_INT_LIST, &s->resize, sizeof s->resize);
        if (strcmp(name, "normalise") != 0)
            continue;
        copy_field(c, "channels", TFU_INT, &s->normalise.channels, sizeof s->normalise.channels);
        copy_field(c, "from", TFU_ENUM, &s->normalise.from, sizeof s->normalise.from);
        copy_field(c, "preprocessing", TFU_STRING, &s->normalise.preprocessing,
                   sizeof s->normalise.preprocessing);
        copy_field(c, "mean", TFU_FLOAT_LIST, &s->normalise.mean, sizeof s->normalise.mean);
        copy_field(c, "deviation", TFU_FLOAT_LIST, &s->normalise.deviation,
                   sizeof s->normalise.deviation);
    }
}

/* The list's own steps, in order; those of `inherited` ones have been checked in data.train. */
static void read_list(struct tfu_load *l, const struct tfu_node *list, bool inherited,
                      const char *path, struct short_forms *s, struct tfu_data_split *split)
{
    size_t i = 0;
    for (const struct tfu_node *n = list ? list->first : NULL; n; n = n->next, i++) {
        const char *item =
            tfu_load_printf(l, "%s.transforms.%zu", inherited ? "data.train" : path, i);
        if (!item)
            return;
        if (s->no_resize && is_plugin(n, "resize"))
            continue;
        if (n->kind == TFU_NODE_MAPPING) {
            const struct tfu_node *step = find_step(l, path, n, inherited, s);
            if (step)
                read_step(l, item, step, split);
        } else if (!inherited)
            tfu_diagnostics_add(l->diagnostics, n->mark,
                                "%s: expected a mapping such as {plugin: flip}, got %s", item,
                                tfu_node_describe(l, n));
    }
}

/* Does the list have such a step, so that a short form is a part of it? */
static bool has_plugin(const struct tfu_node *list, const char *name)
{
    for (const struct tfu_node *n = list ? list->first : NULL; n; n = n->next)
        if (n->kind == TFU_NODE_MAPPING && is_plugin(n, name))
            return true;
    return false;
}

void tfu_build_transforms(struct tfu_load *l, const struct tfu_node *data, const char *path,
                          struct tfu_data_split *split)
{
    bool inherited;
    const struct tfu_node *list = find_list(l, data, path, split, &inherited);
    struct short_forms s = {.resize = resize_node(l, data, path, split),
                            .normalise =
                                normalise_node(l, data, split, has_plugin(list, "normalise")),
                            .no_resize = has_no_resize(data, split)};
    const size_t count = (list ? list->count : 0) + 3;
    split->transform = tfu_load_array(l, count, sizeof *split->transform);
    split->transform_node = tfu_load_array(l, count, sizeof(const struct tfu_node *));
    if (!split->transform || !split->transform_node)
        return;
    if (s.resize && !has_plugin(list, "resize"))
        read_step(l, tfu_options_path(l, path, "resize"), s.resize, split);
    read_list(l, list, inherited, path, &s, split);
    if (s.normalise)
        read_step(l, tfu_options_path(l, path, "normalise"), s.normalise, split);
}
