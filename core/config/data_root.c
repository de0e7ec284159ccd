/* SPDX-License-Identifier: MIT */
#include "core/config/data_root.h"

#include <string.h>

#include "core/config/options.h"
#include "core/config/path.h"
#include "core/plugin/registry.h"

static const char *const splits[] = {"train", "valid", "test"};

static bool has_option(const struct tfu_plugin *p, const char *name)
{
    const struct tfu_options_table t = {
        .option = p->options, .count = p->option_count, .stride = p->option_size};
    for (size_t i = 0; i < t.count; i++)
        if (strcmp(tfu_options_get(&t, i)->name, name) == 0)
            return true;
    return false;
}

/* Has the plugin of a split an option `root`? One that is not found is told elsewhere. */
static bool takes_root(struct tfu_load *l, const struct tfu_node *split)
{
    const struct tfu_node *name = tfu_node_at(split, "plugin");
    struct tfu_error ignored = TFU_ERROR_INIT;
    const struct tfu_plugin *p = NULL;
    if (!name || name->kind != TFU_NODE_SCALAR || !name->text[0])
        return false;
    const char *path =
        strchr(name->text, '/') ? tfu_path_absolute(l, name->mark, name->text) : name->text;
    if (!path || tfu_registry_find(l->registry, TFU_KIND_DATASET, path, NULL, &p, &ignored))
        return true;
    return has_option(p, "root");
}

static void put(struct tfu_load *l, struct tfu_node *split, const struct tfu_node *folder)
{
    if (!split || split->kind != TFU_NODE_MAPPING || !tfu_node_at(split, "plugin") ||
        tfu_node_at(split, "root"))
        return;
    struct tfu_node *copy = tfu_node_copy(l, folder);
    if (!copy)
        return;
    copy->key = folder->key;
    copy->key_mark = folder->key_mark;
    tfu_node_append(split, copy);
}

void tfu_data_root_spread(struct tfu_load *l, struct tfu_node *root)
{
    struct tfu_node *data = tfu_node_at(root, "data");
    struct tfu_node *folder = tfu_node_at(data, "root");
    bool any = false;
    if (!folder)
        return;
    for (size_t i = 0; i < TFU_COUNT(splits); i++)
        any = any || takes_root(l, tfu_node_at(data, splits[i]));
    for (size_t i = 0; i < TFU_COUNT(splits); i++)
        if (!any || takes_root(l, tfu_node_at(data, splits[i])))
            put(l, tfu_node_at(data, splits[i]), folder);
    tfu_node_remove(data, folder);
}
