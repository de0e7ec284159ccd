/* SPDX-License-Identifier: MIT */
#include "core/config/data_root.h"

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
    static const char *const splits[] = {"train", "valid", "test"};
    struct tfu_node *data = tfu_node_at(root, "data");
    struct tfu_node *folder = tfu_node_at(data, "root");
    if (!folder)
        return;
    for (size_t i = 0; i < TFU_COUNT(splits); i++)
        put(l, tfu_node_at(data, splits[i]), folder);
    tfu_node_remove(data, folder);
}
