/* SPDX-License-Identifier: MIT */
#include "core/sweep/select.h"

#include <string.h>

size_t tfu_axes_find(struct tfu_load *l, const char *path, struct tfu_mark m, const char *name,
                     const struct tfu_case_axis *axis, size_t axes)
{
    for (size_t i = 0; i < axes; i++)
        if (strcmp(axis[i].name, name) == 0)
            return i;
    const char **names = tfu_load_array(l, axes + 1, sizeof *names);
    struct tfu_text advice = TFU_TEXT_INIT;
    if (!names)
        return SIZE_MAX;
    for (size_t i = 0; i < axes; i++)
        names[i] = axis[i].name;
    tfu_text_put_advice(&advice, name, names, axes);
    tfu_diagnostics_add(l->diagnostics, m, "%s: no axis is called '%s'%s", path, name,
                        tfu_text_get(&advice));
    l->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
    return SIZE_MAX;
}

static void select_name(struct tfu_load *l, struct tfu_selected *by, const char *path,
                        const struct tfu_case_axis *a, const struct tfu_node *n, const char *name)
{
    const size_t v = tfu_case_axis_find(a, name);
    if (v != SIZE_MAX) {
        by->value[v] = true;
        return;
    }
    if (a->narrowed)
        return;
    struct tfu_text advice = TFU_TEXT_INIT;
    tfu_case_axis_put_advice(a, name, &advice);
    tfu_diagnostics_add(l->diagnostics, n->mark, "%s: axis '%s' has no value '%s'%s", path, a->name,
                        name, tfu_text_get(&advice));
    l->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
}

static void select_item(struct tfu_load *l, struct tfu_selected *by, const char *path,
                        const struct tfu_case_axis *a, const struct tfu_node *n)
{
    int64_t first, last;
    if (n->kind != TFU_NODE_SCALAR || tfu_node_is_null(n)) {
        struct tfu_text text = TFU_TEXT_INIT;
        tfu_node_put(&text, n); /* a list may be a value */
        if (tfu_case_axis_find(a, tfu_text_get(&text)) != SIZE_MAX)
            select_name(l, by, path, a, n, tfu_text_get(&text));
        else
            tfu_diagnostics_add(l->diagnostics, n->mark,
                                "%s: expected the name of a value of axis '%s', got %s", path,
                                a->name, tfu_node_describe(l, n));
        tfu_text_free(&text);
        return;
    }
    if (n->quoted || !tfu_case_axis_range(n->text, &first, &last)) {
        select_name(l, by, path, a, n, n->text);
        return;
    }
    bool any = false;
    for (size_t i = 0; i < a->count; i++) {
        const double v = a->value[i].number;
        const bool in = v >= (double)first && v <= (double)last;
        by->value[i] |= in;
        any |= in;
    }
    if (!any && !a->narrowed)
        tfu_diagnostics_add(l->diagnostics, n->mark, "%s: axis '%s' has no value in %s", path,
                            a->name, n->text);
}

static void select_by(struct tfu_load *l, struct tfu_selected *by, const char *path,
                      const struct tfu_case_axis *a, const struct tfu_node *n)
{
    if (a->drawn) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: the values of axis '%s' are drawn, so none of them is known here; "
                            "go by another axis, or list its values",
                            path, a->name);
        return;
    }
    by->value = tfu_load_array(l, a->count + 1, sizeof *by->value);
    if (!by->value)
        return;
    by->size = a->count;
    if (n->kind != TFU_NODE_SEQUENCE || !n->first) {
        select_item(l, by, path, a, n);
        return;
    }
    for (const struct tfu_node *i = n->first; i; i = i->next)
        select_item(l, by, path, a, i);
}

void tfu_case_selection_read(struct tfu_load *l, struct tfu_case_selection *s, const char *path,
                             const struct tfu_node *n, const struct tfu_case_axis *axis,
                             size_t axes)
{
    *s = (struct tfu_case_selection){.mark = n->mark};
    if (n->kind != TFU_NODE_MAPPING || !n->first) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: expected axes with values, such as {arch: cbr_tiny, seed: [0, "
                            "1]}, got %s",
                            path,
                            n->first                      ? tfu_node_describe(l, n)
                            : n->kind == TFU_NODE_MAPPING ? "an empty mapping"
                                                          : tfu_node_describe(l, n));
        return;
    }
    s->by = tfu_load_array(l, n->count, sizeof *s->by);
    for (const struct tfu_node *child = n->first; child && s->by; child = child->next) {
        const size_t a = tfu_axes_find(l, path, child->key_mark, child->key, axis, axes);
        if (a == SIZE_MAX)
            continue;
        const char *below = tfu_load_printf(l, "%s.%s", path, child->key);
        s->by[s->count].axis = a;
        if (below)
            select_by(l, &s->by[s->count++], below, &axis[a], child);
    }
}

bool tfu_case_selection_has(const struct tfu_case_selection *s, const uint32_t *value)
{
    for (size_t i = 0; i < s->count; i++) {
        const uint32_t v = value[s->by[i].axis];
        if (v == TFU_AXIS_NONE || v >= s->by[i].size || !s->by[i].value[v])
            return false;
    }
    return true;
}
