/* SPDX-License-Identifier: MIT
 *
 * What the readers of sections share.
 */
#include <string.h>

#include "core/config/include.h"
#include "core/config/path.h"
#include "core/sweep/spec.h"

bool tfu_spec_is_clean(const struct tfu_load *l, const struct tfu_spec *s)
{
    return !l->out_of_memory && tfu_diagnostics_count(l->diagnostics) == s->before;
}

/* Its keys would be told as unknown one by one, and nobody would see why. */
static void refuse_study(struct tfu_load *l, struct tfu_base *b, const struct tfu_node *include,
                         const char *path)
{
    static const char *const sections[] = {"cases", "base", "runs", "analyses", "report"};
    for (size_t i = 0; i < TFU_COUNT(sections); i++) {
        const struct tfu_node *n = tfu_node_get(b->root, sections[i], strlen(sections[i]));
        if (!n || !n->key_mark.source || strcmp(n->key_mark.source, l->path) == 0)
            continue;
        tfu_diagnostics_add(l->diagnostics, include->mark,
                            "%s: %s has the section `%s`, so it is a study file, and a base is an "
                            "experiment; name the experiment that is its base",
                            path, n->key_mark.source, sections[i]);
        b->root = NULL;
        return;
    }
}

void tfu_spec_read_base(struct tfu_load *l, struct tfu_base *b, struct tfu_node *n,
                        const char *path)
{
    const struct tfu_node *include = tfu_node_at(n, "include");
    b->path = l->path;
    if (include && include->kind == TFU_NODE_SCALAR && include->text[0]) {
        b->path = tfu_path_beside(l, include->mark.source, include->text);
        struct tfu_error e = TFU_ERROR_INIT;
        if (b->path && tfu_document_look_beside(l->registry, b->path, &e) != TFU_OK)
            l->out_of_memory = true;
    }
    if (n->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: expected the file of an experiment, or its keys, got %s", path,
                            tfu_node_describe(l, n));
        return;
    }
    b->root = tfu_include_resolve(l, n);
    if (b->root && include)
        refuse_study(l, b, include, path);
}

bool *tfu_spec_read_axis_list(struct tfu_load *l, const struct tfu_spec *s, const char *path,
                              const struct tfu_node *n)
{
    bool *in = tfu_load_array(l, s->all_axes + s->axes + 2, sizeof *in);
    const struct tfu_node *first = n && n->kind == TFU_NODE_SEQUENCE ? n->first : n;
    for (const struct tfu_node *i = first; in && i; i = i != n ? i->next : NULL) {
        if (i->kind != TFU_NODE_SCALAR) {
            tfu_diagnostics_add(l->diagnostics, i->mark,
                                "%s: expected the names of axes, as [arch, start], got %s", path,
                                tfu_node_describe(l, i));
            continue;
        }
        const size_t a = tfu_axes_find(l, path, i->mark, i->text, s->axis, s->axes);
        if (a != SIZE_MAX)
            in[a] = true;
    }
    return in;
}

struct tfu_case_axis *tfu_spec_push_axis(struct tfu_load *l, struct tfu_spec *s)
{
    struct tfu_case_axis *more = tfu_load_array(l, s->axes + 2, sizeof *more);
    if (!more)
        return NULL;
    if (s->axes)
        memcpy(more, s->axis, s->axes * sizeof *more);
    s->axis = more;
    s->all_axes = ++s->axes;
    return &s->axis[s->axes - 1];
}

size_t tfu_spec_find_axis(const struct tfu_spec *s, const char *name)
{
    for (size_t i = 0; i < s->axes; i++)
        if (strcmp(s->axis[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}
