/* SPDX-License-Identifier: MIT
 *
 * The short forms become mappings like those of the list, so that all are read in one way.
 */
#include "core/config/build_transforms.h"

#include <string.h>

#include "core/config/build.h"
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

/* The value of a split's key, its own or that of data.train, copied under `name` into `to`. */
static void copy_value(struct tfu_load *l, const struct tfu_node *data, const char *split,
                       const char *key, const char *name, struct tfu_node *to)
{
    const struct tfu_node *own = tfu_node_at(tfu_node_at(data, split), key);
    const struct tfu_node *from = own ? own : tfu_inherit_find(data, split, key);
    struct tfu_node *copy = from ? tfu_node_copy(l, from) : NULL;
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

static const struct tfu_node *resize_node(struct tfu_load *l, const struct tfu_node *data,
                                          const struct tfu_data_split *split)
{
    if (split->select.resize.count != 2)
        return NULL;
    struct tfu_node *n = new_mapping(l, data, split->name, "resize", "resize");
    if (n)
        copy_value(l, data, split->name, "resize", "size", n);
    return n;
}

static const struct tfu_node *normalise_node(struct tfu_load *l, const struct tfu_node *data,
                                             const struct tfu_data_split *split)
{
    static const char *const keys[] = {"normalise.channels", "normalise.preprocessing",
                                       "normalise.mean", "normalise.deviation"};
    const struct tfu_data_select *s = &split->select;
    if (!s->normalise.channels && !s->normalise.mean.count && !s->normalise.deviation.count &&
        (!s->normalise.preprocessing || !s->normalise.preprocessing[0]))
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
    tfu_build_choice(l, path, TFU_KIND_TRANSFORM, NULL, n, &split->transform[i]);
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

/* One that the list has, and that a short form stands for too. */
static void refuse_twice(struct tfu_load *l, const char *path, const struct tfu_node *item,
                         const struct tfu_node *shorts)
{
    const struct tfu_node *name = tfu_node_at(item, "plugin"), *of = tfu_node_at(shorts, "plugin");
    if (name && of && name->kind == TFU_NODE_SCALAR && strcmp(name->text, of->text) == 0)
        tfu_diagnostics_add(
            l->diagnostics, name->mark,
            "%s.plugin: %s is done once more by the key `%s` of %s:%d; leave one of "
            "them out",
            path, name->text, of->text, of->mark.source, of->mark.line);
}

void tfu_build_transforms(struct tfu_load *l, const struct tfu_node *data, const char *path,
                          struct tfu_data_split *split)
{
    bool inherited;
    const struct tfu_node *list = find_list(l, data, path, split, &inherited);
    const struct tfu_node *resize = resize_node(l, data, split);
    const struct tfu_node *normalise = normalise_node(l, data, split);
    const size_t count = (list ? list->count : 0) + 3;
    split->transform = tfu_load_array(l, count, sizeof *split->transform);
    split->transform_node = tfu_load_array(l, count, sizeof(const struct tfu_node *));
    if (!split->transform || !split->transform_node)
        return;
    if (resize)
        read_step(l, tfu_options_path(l, path, "resize"), resize, split);
    size_t i = 0;
    for (const struct tfu_node *n = list ? list->first : NULL; n; n = n->next, i++) {
        const char *item =
            tfu_load_printf(l, "%s.transforms.%zu", inherited ? "data.train" : path, i);
        struct tfu_node *copy = item && inherited ? tfu_node_copy(l, n) : NULL;
        if (copy)
            mark_inherited(copy);
        if (n->kind == TFU_NODE_MAPPING && item) {
            refuse_twice(l, item, n, resize);
            refuse_twice(l, item, n, normalise);
            read_step(l, item, copy ? copy : n, split);
        } else if (!inherited)
            tfu_diagnostics_add(l->diagnostics, n->mark,
                                "%s: expected a mapping such as {plugin: flip}, got %s", item,
                                tfu_node_describe(l, n));
    }
    if (normalise)
        read_step(l, tfu_options_path(l, path, "normalise"), normalise, split);
}
