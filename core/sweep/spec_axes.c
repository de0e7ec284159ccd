/* SPDX-License-Identifier: MIT
 *
 * The sections `cases`, `add`, `zip`, `draw` and `exclude`.
 */
#include <string.h>

#include "core/config/options.h"
#include "core/sweep/spec.h"

/* ---- axes */

static struct tfu_axis *push_axis(struct tfu_load *l, struct tfu_spec *s)
{
    struct tfu_axis *more = tfu_load_array(l, s->axes + 2, sizeof *more);
    if (!more)
        return NULL;
    if (s->axes)
        memcpy(more, s->axis, s->axes * sizeof *more);
    s->axis = more;
    s->all_axes = ++s->axes;
    return &s->axis[s->axes - 1];
}

static size_t find_axis(const struct tfu_spec *s, const char *name)
{
    for (size_t i = 0; i < s->axes; i++)
        if (strcmp(s->axis[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

static void read_axis(struct tfu_load *l, struct tfu_spec *s, const char *name,
                      const struct tfu_node *n)
{
    const struct tfu_node *declared = tfu_node_get(s->declared, name, strlen(name));
    const char *path = tfu_load_printf(l, "cases.%s", name);
    struct tfu_axis *a = path ? push_axis(l, s) : NULL;
    if (a)
        tfu_axis_read(l, a, path, name, n, declared, NULL);
}

/* `cases.train.optimizer.lr=[1e-3]` of the command line: there each dot makes a mapping, which
 * begins where its key does. One that is written begins behind its key. */
static bool is_path(const struct tfu_node *n)
{
    return n->kind == TFU_NODE_MAPPING && n->first &&
           strcmp(n->key_mark.source, TFU_LOAD_COMMAND_LINE) == 0 &&
           strcmp(n->mark.source, TFU_LOAD_COMMAND_LINE) == 0 && n->mark.line == n->key_mark.line &&
           n->mark.column <= n->key_mark.column;
}

/* Calls found() for `n`, or for what lies below it, by the name that an axis has in the file. */
static void each_axis(struct tfu_load *l, const char *name, const struct tfu_node *n,
                      void (*found)(void *arg, const char *name, const struct tfu_node *n,
                                    bool path),
                      void *arg, bool path)
{
    if (!is_path(n)) {
        found(arg, name, n, path);
        return;
    }
    for (const struct tfu_node *child = n->first; child; child = child->next) {
        const char *below = tfu_load_printf(l, "%s.%s", name, child->key);
        if (below)
            each_axis(l, below, child, found, arg, true);
    }
}

struct cases {
    struct tfu_load *load;
    struct tfu_spec *spec;
    const struct tfu_node *cases;
    const char *name;            /* that is looked for, */
    const struct tfu_node *over; /* and what the command line says of it */
};

static void find_over(void *arg, const char *name, const struct tfu_node *n, bool path)
{
    struct cases *c = arg;
    if (path && strcmp(name, c->name) == 0)
        c->over = n;
}

/* An axis of the file stays in its place there. */
static void read_one(void *arg, const char *name, const struct tfu_node *n, bool path)
{
    struct cases *c = arg;
    if (path && tfu_node_get(c->cases, name, strlen(name)))
        return;
    c->name = name;
    c->over = NULL;
    for (const struct tfu_node *o = c->cases->first; o && !path; o = o->next)
        each_axis(c->load, o->key, o, find_over, c, false);
    read_axis(c->load, c->spec, name, c->over ? c->over : n);
}

static void read_cases(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *cases)
{
    struct cases c = {.load = l, .spec = s, .cases = cases};
    for (const struct tfu_node *n = cases->first; n && !l->out_of_memory; n = n->next)
        each_axis(l, n->key, n, read_one, &c, false);
}

/* ---- `add`: cases of their own */

/* An axis that only added cases have: the key is its name. */
static void find_new_axes(struct tfu_load *l, struct tfu_spec *s, const char *path,
                          const struct tfu_node *entry)
{
    for (const struct tfu_node *n = entry->first; n && !l->out_of_memory; n = n->next) {
        if (find_axis(s, n->key) != SIZE_MAX)
            continue;
        if (!tfu_assignment_is_key(n->key)) {
            tfu_axes_find(l, path, n->key_mark, n->key, s->axis, s->axes);
            continue;
        }
        struct tfu_axis *a = push_axis(l, s);
        if (a)
            *a = (struct tfu_axis){
                .name = n->key, .mark = n->key_mark, .key = tfu_assignment_key(n->key)};
    }
}

/* The values that an entry has on an axis, read as those of an axis are. */
static void read_entry_axis(struct tfu_load *l, struct tfu_spec *s, const char *path,
                            const struct tfu_node *n, struct tfu_dimension *d)
{
    const size_t which = find_axis(s, n->key);
    struct tfu_axis values, *a = &s->axis[which];
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
    tfu_axis_read(l, &values, below, a->key ? a->key : "seed", n, NULL, NULL);
    row = tfu_load_array(l, values.count + 1, sizeof *row);
    for (size_t i = 0; row && i < values.count; i++) {
        const struct tfu_axis_value *v = &values.value[i];
        size_t k = tfu_axis_find(a, v->name);
        if (k == SIZE_MAX && a->key && v->set.count) {
            k = tfu_axis_add(l, a, v->name, v->mark, v->set.item[0].value);
        } else if (k == SIZE_MAX) {
            struct tfu_text advice = TFU_TEXT_INIT;
            tfu_axis_put_advice(a, v->name, &advice);
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
        if (find_axis(s, i->key) != SIZE_MAX)
            read_entry_axis(l, s, path, i, &d[count++]);
    if (d && !l->out_of_memory)
        tfu_grid_add_product(l, &s->grid, d, count);
}

/* The list of `add`, or of `cases` where that is one; NULL after a finding. */
static const struct tfu_node *get_list(struct tfu_load *l, const struct tfu_node *root,
                                       const char *key)
{
    const struct tfu_node *n = tfu_node_at(root, key);
    if (n && n->kind != TFU_NODE_SEQUENCE) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: expected a list of cases, such as [{arch: cbr_tiny, seed: 0}], "
                            "got %s",
                            key, tfu_node_describe(l, n));
        return NULL;
    }
    return n;
}

void tfu_spec_read_axes(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root)
{
    const struct tfu_node *cases = tfu_node_at(root, "cases"), *add = get_list(l, root, "add");
    const bool list = cases && cases->kind == TFU_NODE_SEQUENCE;
    if (!cases)
        tfu_diagnostics_add(l->diagnostics, tfu_load_mark(l),
                            "cases is missing: the axes of the sweep, as in {arch: [resnet50, "
                            "cbr_tiny], seed: 0..4}");
    else if (cases->kind == TFU_NODE_SCALAR || !cases->first)
        tfu_diagnostics_add(l->diagnostics, cases->mark,
                            "cases: expected axes, as in {arch: [resnet50, cbr_tiny], seed: "
                            "0..4}, or a list of cases, got %s",
                            cases->kind == TFU_NODE_SCALAR    ? tfu_node_describe(l, cases)
                            : cases->kind == TFU_NODE_MAPPING ? "an empty mapping"
                                                              : "an empty list");
    else if (!list)
        read_cases(l, s, cases);
    if (list)
        for_each_entry(l, s, cases, "cases", find_new_axes);
    if (add)
        for_each_entry(l, s, add, "add", find_new_axes);
}

/* ---- dimensions */

struct dimensions {
    struct tfu_dimension *item;
    size_t count;
};

static struct tfu_dimension *push_dimension(struct tfu_load *l, struct dimensions *d, size_t axes)
{
    struct tfu_dimension *n = &d->item[d->count];
    *n = (struct tfu_dimension){.axis = tfu_load_array(l, axes + 1, sizeof *n->axis)};
    if (!n->axis)
        return NULL;
    d->count++;
    return n;
}

/* One list of axes of `zip`; `in` says which are in one already. */
static void read_zip(struct tfu_load *l, struct tfu_spec *s, const char *path,
                     const struct tfu_node *n, bool *in, struct dimensions *d)
{
    struct tfu_dimension *z = push_dimension(l, d, n->count);
    if (!z)
        return;
    z->mark = n->mark;
    for (const struct tfu_node *i = n->first; i; i = i->next) {
        const size_t a = i->kind == TFU_NODE_SCALAR
                             ? tfu_axes_find(l, path, i->mark, i->text, s->axis, s->axes)
                             : SIZE_MAX;
        if (i->kind != TFU_NODE_SCALAR)
            tfu_diagnostics_add(l->diagnostics, i->mark, "%s: expected the name of an axis, got %s",
                                path, tfu_node_describe(l, i));
        if (a == SIZE_MAX)
            continue;
        const struct tfu_axis *axis = &s->axis[a];
        if (in[a])
            tfu_diagnostics_add(l->diagnostics, i->mark, "%s: axis '%s' is in a zip already", path,
                                axis->name);
        else if (axis->only)
            tfu_diagnostics_add(l->diagnostics, i->mark,
                                "%s: axis '%s' is on some cases `only`, so it cannot go together "
                                "with others",
                                path, axis->name);
        else if (axis->drawn)
            tfu_diagnostics_add(l->diagnostics, i->mark,
                                "%s: axis '%s' is drawn; say how many `draws` it has", path,
                                axis->name);
        else if (z->axes && axis->count != z->rows)
            tfu_diagnostics_add(l->diagnostics, i->mark,
                                "%s: axis '%s' has %zu values, and '%s' has %zu; axes that go "
                                "together have the same number",
                                path, axis->name, axis->count, s->axis[z->axis[0]].name, z->rows);
        in[a] = true;
        z->axis[z->axes++] = a;
        if (z->axes == 1)
            z->rows = axis->count;
    }
    if (z->axes == 0)
        d->count--;
}

static void read_zips(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root, bool *in,
                      struct dimensions *d)
{
    const struct tfu_node *n = tfu_node_at(root, "zip");
    if (!n)
        return;
    if (n->kind != TFU_NODE_SEQUENCE || !n->first) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "zip: expected a list of axes that go together, such as [lr, batch], "
                            "or a list of such lists, got %s",
                            n->kind == TFU_NODE_SEQUENCE ? "an empty list"
                                                         : tfu_node_describe(l, n));
        return;
    }
    if (n->first->kind != TFU_NODE_SEQUENCE) {
        read_zip(l, s, "zip", n, in, d);
        return;
    }
    size_t k = 0;
    for (const struct tfu_node *i = n->first; i && !l->out_of_memory; i = i->next, k++) {
        const char *path = tfu_load_printf(l, "zip.%zu", k);
        if (path && (i->kind != TFU_NODE_SEQUENCE || d->count >= s->axes))
            tfu_diagnostics_add(l->diagnostics, i->mark, "%s: expected a list of axes, got %s",
                                path, tfu_node_describe(l, i));
        else if (path)
            read_zip(l, s, path, i, in, d);
    }
}

/* ---- `draw` */

struct draw_keys {
    int64_t n, seed;
};

static const struct tfu_option draw_options[] = {
    {.name = "n",
     .help = "how many combinations are drawn",
     .type = TFU_INT,
     .flags = TFU_OPT_REQUIRED,
     .offset = offsetof(struct draw_keys, n),
     .imin = 1,
     .imax = 100000},
    TFU_OPT_INT(struct draw_keys, seed, 0, 0, INT64_MAX, "number that the draws follow from"),
};

/* Takes the dimensions of the axes that are drawn out of `d` and puts one in their place. */
static void draw(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *n,
                 struct dimensions *d)
{
    static const char *const other[] = {"axes"};
    struct draw_keys keys;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(draw_options, &keys);
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    tfu_options_read(
        l,
        &(struct tfu_options_section){
            .path = "draw", .table = &table, .table_count = 1, .other = other, .other_count = 1},
        n, n->mark);
    const struct tfu_node *list = tfu_node_at(n, "axes");
    const bool *in = tfu_spec_read_axis_list(l, s, "draw.axes", list);
    struct tfu_dimension *member = tfu_load_array(l, d->count + 1, sizeof *member);
    size_t members = 0, rest = 0;
    if (!in || !member || tfu_diagnostics_count(l->diagnostics) > before)
        return;
    for (size_t i = 0; i < d->count; i++) {
        bool drawn = !list;
        for (size_t k = 0; k < d->item[i].axes; k++)
            drawn |= in[d->item[i].axis[k]];
        if (drawn)
            member[members++] = d->item[i];
        else
            d->item[rest++] = d->item[i];
    }
    d->count = rest;
    struct tfu_dimension drawn = {.mark = n->mark};
    const struct tfu_draw_request request = {.member = member,
                                             .members = members,
                                             .axis = s->axis,
                                             .axes = s->axes,
                                             .exclude = s->exclude,
                                             .excludes = s->excludes,
                                             .n = (size_t)keys.n,
                                             .seed = (uint64_t)keys.seed};
    tfu_grid_draw(l, &drawn, &request);
    if (drawn.rows < request.n && !l->out_of_memory)
        tfu_diagnostics_add(l->diagnostics, tfu_node_at(n, "n")->mark,
                            "draw.n: only %zu different combinations were found, %zu were asked "
                            "for; lower `n`, or leave `draw` out for all of them",
                            drawn.rows, request.n);
    d->item[d->count++] = drawn;
}

/* ---- all together */

static void read_excludes(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root)
{
    const struct tfu_node *n = tfu_node_at(root, "exclude");
    if (!n)
        return;
    if (n->kind != TFU_NODE_SEQUENCE) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "exclude: expected a list, such as [{arch: cbr_tiny, start: "
                            "mean_var}], got %s",
                            tfu_node_describe(l, n));
        return;
    }
    s->exclude = tfu_load_array(l, n->count + 1, sizeof *s->exclude);
    for (const struct tfu_node *i = n->first; i && s->exclude; i = i->next) {
        const char *path = tfu_load_printf(l, "exclude.%zu", s->excludes);
        if (path)
            tfu_selection_read(l, &s->exclude[s->excludes++], path, i, s->axis, s->axes);
    }
}

/* What is on no case is a slip of the pen. */
static void exclude(struct tfu_load *l, struct tfu_spec *s)
{
    for (size_t i = 0; i < s->excludes; i++) {
        bool narrowed = false;
        for (size_t k = 0; k < s->exclude[i].count; k++)
            narrowed |= s->axis[s->exclude[i].by[k].axis].narrowed;
        if (tfu_grid_exclude(&s->grid, &s->exclude[i]) == 0 && !narrowed && tfu_spec_is_clean(l, s))
            tfu_diagnostics_add(l->diagnostics, s->exclude[i].mark,
                                "exclude.%zu: no case is like that", i);
    }
}

static void make_dimensions(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root,
                            const bool *added, struct dimensions *d)
{
    bool *in = tfu_load_array(l, s->axes + 1, sizeof *in);
    d->item = tfu_load_array(l, 2 * s->axes + 2, sizeof *d->item);
    if (!in || !d->item)
        return;
    read_zips(l, s, root, in, d);
    for (size_t a = 0; a < s->axes && !l->out_of_memory; a++) {
        if (in[a] || added[a])
            continue;
        struct tfu_dimension *one = push_dimension(l, d, 1);
        if (!one)
            return;
        one->axis[one->axes++] = a;
        one->rows = s->axis[a].count;
        one->mark = s->axis[a].mark;
        if (!s->axis[a].only)
            continue;
        const char *path = tfu_load_printf(l, "cases.%s.only", s->axis[a].name);
        struct tfu_selection *only = tfu_load_alloc(l, sizeof *only);
        if (path && only)
            tfu_selection_read(l, only, path, s->axis[a].only, s->axis, s->axes);
        one->only = only;
    }
}

static void refuse_undrawn(struct tfu_load *l, const struct tfu_spec *s, const struct dimensions *d)
{
    for (size_t i = 0; i < d->count; i++)
        for (size_t k = 0; k < d->item[i].axes && !d->item[i].row; k++)
            if (s->axis[d->item[i].axis[k]].drawn)
                tfu_diagnostics_add(l->diagnostics, s->axis[d->item[i].axis[k]].mark,
                                    "cases.%s: how often is it drawn? say its `draws`, or draw "
                                    "whole cases: `draw: {n: 20, seed: 1}`",
                                    s->axis[d->item[i].axis[k]].name);
}

static void refuse_many(struct tfu_load *l, const struct tfu_spec *s, uint64_t count,
                        const struct tfu_node *cases)
{
    tfu_diagnostics_add(l->diagnostics, cases->mark,
                        "cases: the axes come to %llu cases, and more than %lld are taken for a "
                        "mistake; say `max_cases` if they are meant",
                        (unsigned long long)count, (long long)s->max_cases);
}

void tfu_spec_multiply(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root)
{
    const struct tfu_node *cases = tfu_node_at(root, "cases"), *add = tfu_node_at(root, "add");
    const struct tfu_node *drawing = tfu_node_at(root, "draw");
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    const bool list = cases && cases->kind == TFU_NODE_SEQUENCE;
    struct dimensions d = {.count = 0};
    /* axes without a value of `cases` are those of added cases alone */
    bool *added = tfu_load_array(l, s->axes + 1, sizeof *added);
    if (!added)
        return;
    s->grid = (struct tfu_grid){.axes = s->axes, .limit = (size_t)s->max_cases};
    for (size_t a = 0; a < s->axes; a++)
        added[a] = s->axis[a].count == 0 && !s->axis[a].drawn;
    read_excludes(l, s, root);
    make_dimensions(l, s, root, added, &d);
    if (l->out_of_memory || !cases || !tfu_dimensions_sort(l, d.item, d.count, s->axis, s->axes))
        return;
    if (drawing)
        draw(l, s, drawing, &d);
    if (tfu_spec_is_clean(l, s))
        refuse_undrawn(l, s, &d);
    if (tfu_diagnostics_count(l->diagnostics) == before && !list && d.count)
        tfu_grid_add_product(l, &s->grid, d.item, d.count);
    if (s->grid.over) {
        refuse_many(l, s, tfu_grid_product(d.item, d.count), cases);
        return;
    }
    exclude(l, s);
    if (list)
        for_each_entry(l, s, cases, "cases", add_entry);
    if (add && add->kind == TFU_NODE_SEQUENCE)
        for_each_entry(l, s, add, "add", add_entry);
    size_t twice;
    if (s->grid.over)
        refuse_many(l, s, (uint64_t)s->max_cases + 1, add ? add : cases);
    else if (tfu_grid_sort(l, &s->grid, &twice) && add)
        tfu_diagnostics_add(l->diagnostics, add->mark,
                            "add: one of its cases is there already, by `cases` or by another of "
                            "its entries");
    else if (list && s->grid.count && tfu_grid_sort(l, &s->grid, &twice))
        tfu_diagnostics_add(l->diagnostics, cases->mark, "cases: two of them are the same case");
    if (s->grid.count == 0 && tfu_spec_is_clean(l, s))
        tfu_diagnostics_add(l->diagnostics, cases->mark,
                            s->excludes ? "cases: `exclude` leaves none" : "cases: there are none");
}
