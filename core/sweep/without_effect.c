/* SPDX-License-Identifier: MIT
 *
 * What the command line lays over the base where an axis lays its own value over that in every
 * case.
 */
#include <string.h>

#include "core/sweep/work.h"

static bool is_set_by_all(const struct tfu_case_axis *a, const char *path)
{
    for (size_t v = 0; v < a->count; v++) {
        const struct tfu_assignments *set = &a->value[v].set;
        size_t k = 0;
        while (k < set->count && strcmp(set->item[k].path, path) != 0)
            k++;
        if (k == set->count)
            return false;
    }
    return true;
}

static bool is_on_all(const struct tfu_spec *s, size_t axis)
{
    for (size_t i = 0; axis < s->axes && i < s->grid.count; i++)
        if (s->grid.tuple[i * s->grid.axes + axis] == TFU_AXIS_NONE)
            return false;
    return true;
}

/* The value that the command line gave the key; NULL: it did not. */
static const struct tfu_node *find_said(const struct tfu_base *b, const char *path)
{
    const struct tfu_node *n = tfu_node_at(b->root, path);
    const bool said = n && n->kind == TFU_NODE_SCALAR && n->mark.source &&
                      strcmp(n->mark.source, TFU_LOAD_COMMAND_LINE) == 0;
    return said ? n : NULL;
}

/* Is it what one of `runs` begins with? */
static bool is_of_run(const struct tfu_spec *s, size_t axis, const char *path)
{
    for (size_t i = 0; i < s->runs; i++)
        if (!s->run[i].lays[axis] && find_said(&s->run[i].base, path))
            return true;
    return false;
}

/* Can it be said of the axis? Values with names can only be chosen among. */
static bool takes(const struct tfu_case_axis *a, const char *text)
{
    return (a->key && strcmp(a->key, tfu_assignment_key(a->name)) == 0) ||
           tfu_case_axis_find(a, text) != SIZE_MAX;
}

void tfu_work_refuse_without_effect(struct tfu_load *l, const struct tfu_spec *s)
{
    for (size_t a = 0; a < s->all_axes; a++) {
        const struct tfu_case_axis *axis = &s->axis[a];
        for (size_t k = 0; axis->count && k < axis->value[0].set.count; k++) {
            const char *path = axis->value[0].set.item[k].path;
            const struct tfu_node *said = find_said(&s->base, path);
            if (!said || !is_set_by_all(axis, path) || !is_on_all(s, a) || is_of_run(s, a, path))
                continue;
            if (a == s->axes)
                tfu_diagnostics_add(l->diagnostics, said->mark,
                                    "base.%s: `tune` gives it a value in every case, so this is "
                                    "without effect; leave it out, or say tune.values",
                                    path);
            else
                tfu_diagnostics_add(l->diagnostics, said->mark,
                                    "base.%s: the axis '%s' gives it a value in every case, so "
                                    "this is without effect; say cases.%s=%s",
                                    path, axis->name, axis->name,
                                    takes(axis, said->text) ? said->text : "VALUE");
        }
    }
}
