/* SPDX-License-Identifier: MIT */
#include "core/data/choice_path.h"

#include <string.h>

#include <transfuse/option.h>

static const struct tfu_option *option_of(const struct tfu_plugin_choice *c, uint32_t i)
{
    return (const void *)((const char *)c->plugin->options + (size_t)i * c->plugin->option_size);
}

const char *tfu_choice_path(const struct tfu_plugin_choice *c, uint32_t i)
{
    const struct tfu_option *o = option_of(c, i);
    if (o->type != TFU_PATH)
        return NULL;
    const char *path = *(const char *const *)(const void *)((const char *)c->config + o->offset);
    return path && path[0] ? path : NULL;
}

const char *tfu_choice_path_of(const struct tfu_plugin_choice *c, const char *name)
{
    const char *first = NULL;
    for (uint32_t i = 0; i < c->plugin->option_count; i++) {
        const char *path = tfu_choice_path(c, i);
        if (!path)
            continue;
        if (strcmp(option_of(c, i)->name, name) == 0)
            return path;
        first = first ? first : path;
    }
    return first;
}
