/* SPDX-License-Identifier: MIT */
#include "core/data/choice_text.h"

#include "core/base/hash.h"
#include "core/config/options.h"
#include "core/config/print.h"

static void put_file(struct tfu_text *out, const char *path)
{
    char hex[TFU_HASH_HEX];
    struct tfu_error unread = TFU_ERROR_INIT;
    if (path && path[0] && tfu_hash_file(path, hex, &unread) == TFU_OK)
        tfu_text_puts(out, hex);
    else
        tfu_value_print_text(out, path ? path : "");
}

static void put_options(struct tfu_text *out, const struct tfu_options_table *t, bool paths)
{
    for (size_t i = 0; t->config && i < t->count; i++) {
        const struct tfu_option *o = tfu_options_get(t, i);
        const void *field = (const char *)t->config + o->offset;
        if (o->type == TFU_INNER || (o->type == TFU_PATH && !paths))
            continue;
        tfu_text_printf(out, " %s=", o->name);
        if (o->type == TFU_PATH)
            put_file(out, *(const char *const *)field);
        else
            tfu_value_print(out, o, field);
    }
}

void tfu_choice_text(struct tfu_text *out, const struct tfu_plugin_choice *c, bool paths)
{
    const struct tfu_options_table t = tfu_options_of_plugin(c);
    tfu_text_printf(out, "%s %s", c->plugin->name, c->plugin->version ? c->plugin->version : "");
    put_options(out, &t, paths);
    tfu_text_puts(out, "\n");
}
