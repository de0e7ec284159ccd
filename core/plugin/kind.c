/* SPDX-License-Identifier: MIT
 *
 * The kinds of plugin and their names, which are also the names of their folders.
 */
#include <string.h>

#include "core/plugin/registry.h"

static const char *const names[] = {
    [TFU_KIND_ARCH] = "arch",       [TFU_KIND_INIT] = "init",   [TFU_KIND_METRIC] = "metric",
    [TFU_KIND_DATASET] = "dataset", [TFU_KIND_OPTIM] = "optim", [TFU_KIND_BACKEND] = "backend",
    [TFU_KIND_LAYER] = "layer"};

const char *tfu_kind_name(int kind)
{
    return kind >= TFU_KIND_ARCH && kind <= TFU_KIND_LAYER ? names[kind] : NULL;
}

int tfu_kind_from_name(const char *name)
{
    for (int kind = TFU_KIND_ARCH; kind <= TFU_KIND_LAYER; kind++)
        if (strcmp(name, names[kind]) == 0)
            return kind;
    return 0;
}
