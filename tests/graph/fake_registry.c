/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/plugin/registry.h"
#include "tests/support/networks.h"

struct tfu_registry {
    int unused;
};

struct tfu_registry *fake_registry(void)
{
    static struct tfu_registry registry;
    return &registry;
}

enum tfu_status tfu_registry_find_for(struct tfu_registry *r, const struct tfu_plugin *user,
                                      enum tfu_kind kind, const char *name,
                                      const struct tfu_plugin **out, struct tfu_error *e)
{
    (void)r;
    (void)user;
    *out = NULL;
    for (size_t i = 0; fake_layers[i]; i++)
        if (kind == TFU_KIND_LAYER && strcmp(fake_layers[i]->name, name) == 0)
            *out = fake_layers[i];
    return *out ? TFU_OK : tfu_error_set(e, TFU_ENOTFOUND, "there is no layer plugin '%s'", name);
}
