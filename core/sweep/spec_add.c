/* SPDX-License-Identifier: MIT
 *
 * Cases of their own: the entries of `add`, and of `cases` where that is a list.
 */
#include "core/sweep/spec.h"

/* An axis that only added cases have: the key is its name. */
static void find_new_axes(struct tfu_load *l, struct tfu_spec *s, const char *path,
                          const struct tfu_node *entry)
{
    for (const struct tfu_node *n = entry->first; n && !l->out_of_memory; n = n->next) {
        if (tfu_spec_find_axis(s, n->key) != SIZE_MAX)
            continue;
        if (!tfu_assignment_is_key(n->key)) {
            tfu_axes_find(l, path, n->key_mark, n->key, s->axis, s->axes);
            continue;
        }
        struct tfu_case_axis *a = tfu_spec_push_axis(l, s);
        if (!a)
            return;
        *a = (struct tfu_case_axis){.name = n->key, .mark = n->key_mark};
        tfu_case_axis_set_key(a, n->key);
    }
}

/* The values that an entry has on an axis, read as those of an axis are. */
static void read_entry_axis(struct tfu_load *l, struct tfu_spec *s, const char *path,
                            const struct tfu_node *n, struct tfu_dimension *d)
{
    const size_t which = tfu_spec_find_axis(s, n->key);
    struct tfu_case_axis values, *a = &s->axis[which];
    const char *below = tfu_load_printf(l, "%s.%s", path, n->key);
    uint32_t *row = NULL;
    *d = (struct tfu_dimension){.axis = tfu_load_array(l, 1, sizeof *d->axis), .axes = 1};
    if (!below || !d->axis)
        return;
    d->axis[0] = which;
    if (n->kind == TFU_NODE_MAPPING) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: expected a value, or a list of these, got a mapping", below);
        return;
    }
    /* names of sets are read as values of a key that is none */
    tfu_case_axis_read(l, &values, below, a->key ? a->section : "seed", n, NULL, NULL);
    row = tfu_load_array(l, values.count + 1, sizeof *row);
    for (size_t i = 0; row && i < values.count; i++) {
        const struct tfu_case_axis_value *v = &values.value[i];
        size_t k = tfu_case_axis_find(a, v->name);
        if (k == SIZE_MAX && a->key && v->set.count) {
            k = tfu_case_axis_add(l, a, v->name, v->mark, v->set.item[0].value);
            if (k != SIZE_MAX)
                a->value[k].set = v->set; /* a mapping may be several keys */
        } else if (k == SIZE_MAX) {
            struct tfu_text advice = TFU_TEXT_INIT;
            tfu_case_axis_put_advice(a, v->name, &advice);
            tfu_diagnostics_add(l->diagnostics, v->mark, "%s: axis '%s' has no value '%s'%s", below,
                                a->name, v->name, tfu_text_get(&advice));
            l->out_of_memory |= advice.failed;
            tfu_text_free(&advice);
            continue;
        }
        row[d->rows++] = (uint32_t)k;
    }
    d->row = row;
}

static void for_each_entry(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *list,
                           const char *section,
                           void (*entry)(struct tfu_load *l, struct tfu_spec *s, const char *path,
                                         const struct tfu_node *n))
{
    size_t i = 0;
    for (const struct tfu_node *n = list->first; n && !l->out_of_memory; n = n->next, i++) {
        const char *path = tfu_load_printf(l, "%s.%zu", section, i);
        if (path && (n->kind != TFU_NODE_MAPPING || !n->first))
            tfu_diagnostics_add(
                l->diagnostics, n->mark,
                "%s: expected axes with values, such as {arch: cbr_tiny, seed: "
                "0}, got %s",
                path, n->kind == TFU_NODE_MAPPING ? "an empty mapping" : tfu_node_describe(l, n));
        else if (path)
            entry(l, s, path, n);
    }
}

static void add_entry(struct tfu_load *l, struct tfu_spec *s, const char *path,
                      const struct tfu_node *n)
{
    struct tfu_dimension *d = tfu_load_array(l, n->count, sizeof *d);
    size_t count = 0;
    for (const struct tfu_node *i = n->first; d && i; i = i->next)
        if (tfu_spec_find_axis(s, i->key) != SIZE_MAX)
            read_entry_axis(l, s, path, i, &d[count++]);
    if (d && !l->out_of_memory)
        tfu_case_grid_add_product(l, &s->grid, d, count);
}

void tfu_spec_name_added(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *list,
                         const char *section)
{
    for_each_entry(l, s, list, section, find_new_axes);
}

void tfu_spec_add_cases(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *list,
                        const char *section)
{
    for_each_entry(l, s, list, section, add_entry);
}
