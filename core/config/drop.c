/* SPDX-License-Identifier: MIT */
#include "core/config/drop.h"

#include <string.h>

void tfu_drop_option(struct tfu_load *l, const char *path, const struct tfu_node *from,
                     const struct tfu_node *now, const struct tfu_node *option)
{
    struct tfu_drop *d = tfu_load_alloc(l, sizeof *d);
    /* a node that leaves its parent may be linked elsewhere: the key and the value stay */
    struct tfu_node *copy = tfu_load_alloc(l, sizeof *copy);
    if (!d || !copy)
        return;
    *copy = *option;
    *d = (struct tfu_drop){.path = path, .from = from, .now = now, .option = copy};
    *(l->last_drop ? &l->last_drop->next : &l->drops) = d;
    l->last_drop = d;
}

void tfu_drop_section(struct tfu_load *l, const char *path, const struct tfu_node *old,
                      const struct tfu_node *by)
{
    const struct tfu_node *from = tfu_node_at(old, "plugin");
    if (!from || !tfu_node_at(by, "plugin") || from->kind != TFU_NODE_SCALAR || by->replaces)
        return;
    for (const struct tfu_node *child = old->first; child; child = child->next)
        if (child != from)
            tfu_drop_option(l, path, from, by, child);
}

static bool is_lost(const struct tfu_drop *d)
{
    return !tfu_node_get(d->now, d->option->key, strlen(d->option->key));
}

/* Of the section of `first`, from there on. */
static void report_section(struct tfu_load *l, const struct tfu_drop *first)
{
    struct tfu_text options = TFU_TEXT_INIT;
    for (const struct tfu_drop *d = first; d && d->now == first->now && d->from == first->from;
         d = d->next) {
        if (!is_lost(d))
            continue;
        tfu_text_printf(&options, "%s%s: ", options.length ? ", " : "", d->option->key);
        tfu_node_put(&options, d->option);
    }
    const struct tfu_node *plugin = tfu_node_at(first->now, "plugin");
    if (options.length && plugin && plugin->kind == TFU_NODE_SCALAR)
        tfu_diagnostics_note(l->diagnostics,
                             "%s is now {plugin: %s}, so what %s gave %s is dropped: %s",
                             first->path, plugin->text, first->from->mark.source, first->from->text,
                             tfu_text_get(&options));
    l->out_of_memory |= options.failed;
    tfu_text_free(&options);
}

void tfu_drop_report(struct tfu_load *l)
{
    const struct tfu_drop *before = NULL;
    for (const struct tfu_drop *d = l->drops; d; before = d, d = d->next)
        if (!before || before->now != d->now || before->from != d->from)
            report_section(l, d);
}
