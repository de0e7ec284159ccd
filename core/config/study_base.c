/* SPDX-License-Identifier: MIT */
#include "core/config/study_base.h"

struct tfu_node *tfu_study_base_mapping(struct tfu_load *l, struct tfu_node *base)
{
    if (base->kind != TFU_NODE_SCALAR || tfu_node_is_null(base))
        return base;
    struct tfu_node *mapping = tfu_node_new(l, TFU_NODE_MAPPING, base->mark);
    struct tfu_node *name = tfu_node_copy(l, base);
    if (!mapping || !name)
        return NULL;
    name->key = "include";
    name->key_mark = base->mark;
    tfu_node_append(mapping, name);
    return mapping;
}

void tfu_study_spread_base(struct tfu_load *l, struct tfu_node *root)
{
    struct tfu_node *base = tfu_node_at(root, "base");
    struct tfu_node *mapping = base ? tfu_study_base_mapping(l, base) : NULL;
    if (mapping && mapping != base)
        tfu_node_replace(root, base, mapping);
}
