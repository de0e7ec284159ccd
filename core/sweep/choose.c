/* SPDX-License-Identifier: MIT */
#include "core/sweep/choose.h"

#include <string.h>

#include "core/sweep/work.h"

size_t tfu_sweep_axis_find(const struct tfu_sweep *s, struct tfu_load *l, const char *path,
                           struct tfu_mark m, const char *name)
{
    const size_t a = tfu_axes_find(l, path, m, name, s->priv->spec.axis, s->priv->spec.all_axes);
    if (a == SIZE_MAX || !s->tune || s->tune->axis != a)
        return a;
    tfu_diagnostics_add(
        l->diagnostics, m,
        "%s: which value a case has on '%s' is chosen by `tune` when its candidates "
        "are done; cases are not told apart by it",
        path, name);
    return SIZE_MAX;
}

static bool is_in(const char *key, const char *const *list)
{
    while (*list && strcmp(*list, key) != 0)
        list++;
    return *list != NULL;
}

/* The axes of `n` alone; NULL: memory ran out. */
static struct tfu_node *without(struct tfu_load *l, const struct tfu_node *n,
                                const char *const *skip)
{
    struct tfu_node *copy = tfu_node_copy(l, n);
    for (const struct tfu_node *k = n->first; copy && k; k = k->next)
        if (is_in(k->key, skip))
            tfu_node_remove(copy, tfu_node_get(copy, k->key, strlen(k->key)));
    return copy;
}

static bool has_tuned_axis(const struct tfu_sweep *s, struct tfu_load *l, const char *path,
                           const struct tfu_node *n)
{
    const char *name = s->tune ? s->axis[s->tune->axis].name : NULL;
    const struct tfu_node *child = name ? tfu_node_get(n, name, strlen(name)) : NULL;
    if (child)
        tfu_sweep_axis_find(s, l, path, child->key_mark, name);
    return child != NULL;
}

void tfu_sweep_choose(const struct tfu_sweep *s, struct tfu_load *l, const char *path,
                      const struct tfu_node *n, const char *const *skip,
                      struct tfu_sweep_choice *out)
{
    const struct tfu_spec *spec = &s->priv->spec;
    struct tfu_case_selection by = {.count = 0};
    const struct tfu_node *axes = without(l, n, skip);
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    *out = (struct tfu_sweep_choice){.chosen = tfu_load_array(l, s->count + 1, sizeof(bool))};
    if (!axes || !out->chosen || has_tuned_axis(s, l, path, axes))
        return;
    if (axes->first)
        tfu_case_selection_read(l, &by, path, axes, spec->axis, spec->all_axes);
    if (l->out_of_memory || tfu_diagnostics_count(l->diagnostics) > before)
        return;
    for (size_t a = 0; a < spec->axes; a++)
        out->narrowed |= spec->axis[a].narrowed;
    for (size_t i = 0; i < by.count; i++)
        out->narrowed |= spec->axis[by.by[i].axis].drawn;
    for (size_t i = s->support; i < s->count; i++) {
        out->chosen[i] = tfu_case_selection_has(&by, s->priv->work[i].value);
        out->count += out->chosen[i];
    }
}
