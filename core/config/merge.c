/* SPDX-License-Identifier: MIT */
#include "core/config/merge.h"

#include <string.h>

#include "core/config/drop.h"
#include "core/config/options.h"

/* The folder that a path in `n` is relative to, as far as the name of its file tells. */
static size_t folder_length(const struct tfu_node *n)
{
    const char *slash = strrchr(n->mark.source, '/');
    return slash ? (size_t)(slash - n->mark.source) : 0;
}

static bool is_same_plugin(const struct tfu_node *a, const struct tfu_node *b)
{
    if (a->kind != TFU_NODE_SCALAR || b->kind != TFU_NODE_SCALAR || strcmp(a->text, b->text) != 0)
        return false;
    if (!strchr(a->text, '/') || a->text[0] == '/')
        return true;
    const size_t n = folder_length(a);
    return n == folder_length(b) && strncmp(a->mark.source, b->mark.source, n) == 0;
}

static bool replaces(const struct tfu_node *old, const struct tfu_node *by)
{
    if (old->kind != TFU_NODE_MAPPING || by->kind != TFU_NODE_MAPPING || by->replaces)
        return true;
    const struct tfu_node *a = tfu_node_at(old, "plugin"), *b = tfu_node_at(by, "plugin");
    return a && b && !is_same_plugin(a, b);
}

/* Is it `analyses` or `report` of a study file, or of one of its profiles? */
static bool has_named_items(const char *path)
{
    static const char profiles[] = "profiles.";
    if (strncmp(path, profiles, sizeof profiles - 1) == 0) {
        path += sizeof profiles - 1;
        path += strcspn(path, ".");
        path += *path == '.';
    }
    return strcmp(path, "analyses") == 0 || strcmp(path, "report") == 0;
}

void tfu_merge(struct tfu_load *l, const char *path, struct tfu_node *base, struct tfu_node *over)
{
    for (struct tfu_node *child = over->first, *next; child; child = next) {
        next = child->next;
        struct tfu_node *old = tfu_node_get(base, child->key, strlen(child->key));
        const char *below = old ? tfu_options_path(l, path, child->key) : "";
        if (!below)
            return;
        if (!old) {
            tfu_node_append(base, child);
        } else if (old->kind == TFU_NODE_SEQUENCE && child->kind == TFU_NODE_MAPPING &&
                   !child->replaces && has_named_items(below)) {
            child->changes = true;
            tfu_node_append(old, child);
        } else if (replaces(old, child)) {
            if (child->replaces)
                *child->replaces = true;
            const struct tfu_mark mark = child->key_mark;
            tfu_drop_section(l, below, old, child);
            tfu_node_replace(base, old, child);
            child->key_mark = mark;
        } else {
            old->mark = child->mark;
            old->key_mark = child->key_mark;
            tfu_merge(l, below, old, child);
        }
    }
}
