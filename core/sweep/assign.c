/* SPDX-License-Identifier: MIT */
#include "core/sweep/assign.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/merge.h"
#include "core/config/override.h"
#include "core/config/reference.h"

const char *tfu_assignment_key(const char *name)
{
    static const char *const sections[][2] = {{"arch", "arch.plugin"},
                                              {"backend", "backend.plugin"},
                                              {"train.optimizer", "train.optimizer.plugin"},
                                              {"data.train", "data.train.plugin"},
                                              {"data.valid", "data.valid.plugin"},
                                              {"data.test", "data.test.plugin"}};
    for (size_t i = 0; i < TFU_COUNT(sections); i++)
        if (strcmp(name, sections[i][0]) == 0)
            return sections[i][1];
    return name;
}

bool tfu_assignment_is_key(const char *path)
{
    return tfu_reference_is_root(path, strcspn(path, "."));
}

static int depth_of(const char *path)
{
    int depth = 0;
    for (const char *s = path; *s; s++)
        depth += *s == '.';
    return depth;
}

static void push(struct tfu_load *l, struct tfu_assignments *a, const char *path, struct tfu_mark m,
                 const struct tfu_node *value, bool section)
{
    struct tfu_assignment *more = tfu_load_array(l, a->count + 1, sizeof *more);
    if (!more)
        return;
    if (a->count)
        memcpy(more, a->item, a->count * sizeof *more);
    more[a->count] = (struct tfu_assignment){
        .path = path, .mark = m, .value = value, .section = section, .depth = depth_of(path)};
    a->item = more;
    a->count++;
}

void tfu_assignments_add(struct tfu_load *l, struct tfu_assignments *a, const char *path,
                         struct tfu_mark m, const struct tfu_node *n)
{
    if (n->kind == TFU_NODE_MAPPING && (n->replaces || tfu_node_at(n, "plugin"))) {
        push(l, a, path, m, n, true);
        return;
    }
    if (n->kind != TFU_NODE_MAPPING || !n->first) {
        push(l, a, n->kind == TFU_NODE_SCALAR ? tfu_assignment_key(path) : path, m, n, false);
        return;
    }
    for (const struct tfu_node *child = n->first; child && !l->out_of_memory; child = child->next) {
        const char *below = tfu_load_printf(l, "%s.%s", path, child->key);
        if (below)
            tfu_assignments_add(l, a, below, child->key_mark, child);
    }
}

void tfu_assignments_add_all(struct tfu_load *l, struct tfu_assignments *a,
                             const struct tfu_node *n, const char *const *skip)
{
    for (const struct tfu_node *child = n->first; child && !l->out_of_memory; child = child->next) {
        const char *const *s = skip;
        while (s && *s && strcmp(*s, child->key) != 0)
            s++;
        if (!s || !*s)
            tfu_assignments_add(l, a, child->key, child->key_mark, child);
    }
}

/* ---- laying them over a tree */

static bool is_plugin(const char *path)
{
    const char *dot = strrchr(path, '.');
    return strcmp(dot ? dot + 1 : path, "plugin") == 0;
}

/* A section, then what stands in it; its plugin first; else by name. */
static int compare(const void *left, const void *right)
{
    const struct tfu_assignment *a = *(const struct tfu_assignment *const *)left;
    const struct tfu_assignment *b = *(const struct tfu_assignment *const *)right;
    if (a->depth != b->depth)
        return a->depth < b->depth ? -1 : 1;
    if (is_plugin(a->path) != is_plugin(b->path))
        return is_plugin(a->path) ? -1 : 1;
    return strcmp(a->path, b->path);
}

/* Does the path lead through the item of a list? */
static bool has_index(const char *path)
{
    for (const char *s = path; s; s = strchr(s, '.') ? strchr(s, '.') + 1 : NULL)
        if ((*s >= '0' && *s <= '9') || *s == '+')
            return true;
    return false;
}

/* {a: {b: VALUE}} of "a.b" */
static struct tfu_node *wrap(struct tfu_load *l, const char *path, struct tfu_mark m,
                             struct tfu_node *value)
{
    struct tfu_node *outer = tfu_node_new(l, TFU_NODE_MAPPING, m);
    const size_t n = strcspn(path, ".");
    struct tfu_node *inner = path[n] ? wrap(l, path + n + 1, m, value) : value;
    char *key = tfu_load_printf(l, "%.*s", (int)n, path);
    if (!outer || !inner || !key)
        return NULL;
    inner->key = key;
    inner->key_mark = m;
    tfu_node_append(outer, inner);
    return outer;
}

static void apply(struct tfu_load *l, struct tfu_node *root, const struct tfu_assignment *a)
{
    struct tfu_node *value = tfu_node_copy(l, a->value);
    if (!value)
        return;
    if (!a->section || has_index(a->path)) {
        tfu_override_set(l, root, a->path, a->mark, value);
        return;
    }
    struct tfu_node *over = wrap(l, a->path, a->mark, value);
    if (over)
        tfu_merge(l, "", root, over);
}

void tfu_assignments_apply(struct tfu_load *l, struct tfu_node *root,
                           const struct tfu_assignments *const *lists, size_t count)
{
    size_t total = 0, n = 0;
    for (size_t i = 0; i < count; i++)
        total += lists[i]->count;
    const struct tfu_assignment **all = tfu_load_array(l, total + 1, sizeof *all);
    if (!all)
        return;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < lists[i]->count; k++) {
            size_t same = 0; /* a later list wins */
            while (same < n && strcmp(all[same]->path, lists[i]->item[k].path) != 0)
                same++;
            all[same] = &lists[i]->item[k];
            n += same == n;
        }
    qsort(all, n, sizeof *all, compare);
    for (size_t i = 0; i < n && !l->out_of_memory; i++)
        apply(l, root, all[i]);
}
