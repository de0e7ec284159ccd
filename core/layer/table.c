/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/graph/graph.h"
#include "core/graph/layers.h"
#include "core/layer/layer.h"

#define LAYER_NAME(name) #name,
static const char *const names[] = {TFU_LAYER_LIST(LAYER_NAME) NULL};
#undef LAYER_NAME

#define LAYER_TABLE(name) &tfu_layer_##name,
static const struct tfu_layer_ops *const tables[] = {TFU_LAYER_LIST(LAYER_TABLE)};
#undef LAYER_TABLE

const struct tfu_layer_ops *tfu_layer_find(const char *op)
{
    for (size_t i = 0; names[i]; i++)
        if (strcmp(names[i], op) == 0)
            return tables[i];
    return NULL;
}

const char *const *tfu_layer_names(void)
{
    return names;
}
