/* SPDX-License-Identifier: MIT
 *
 * The axes to cases: `zip`, `draw`, `exclude`, and what was added.
 */
#include <string.h>

#include "core/config/options.h"
#include "core/sweep/spec.h"

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
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    for (const struct tfu_node *i = n->first; i; i = i->next) {
        const size_t a = i->kind == TFU_NODE_SCALAR
                             ? tfu_axes_find(l, path, i->mark, i->text, s->axis, s->axes)
                             : SIZE_MAX;
        if (i->kind != TFU_NODE_SCALAR)
            tfu_diagnostics_add(l->diagnostics, i->mark, "%s: expected the name of an axis, got %s",
                                path, tfu_node_describe(l, i));
        if (a == SIZE_MAX)
            continue;
        const struct tfu_case_axis *axis = &s->axis[a];
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
        else if (axis->count == 0 && tfu_spec_is_clean(l, s))
            tfu_diagnostics_add(l->diagnostics, i->mark,
                                "%s: axis '%s' has no values under `cases` that could go together "
                                "with others; give it some there",
                                path, axis->name);
        else if (z->rows && axis->count && axis->count != z->rows)
            tfu_diagnostics_add(l->diagnostics, i->mark,
                                "%s: axis '%s' has %zu values, and '%s' has %zu; axes that go "
                                "together have the same number",
                                path, axis->name, axis->count, s->axis[z->axis[0]].name, z->rows);
        in[a] = true;
        z->axis[z->axes++] = a;
        if (z->axes == 1)
            z->rows = axis->count;
    }
    if (n->count < 2 && tfu_diagnostics_count(l->diagnostics) == before)
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: axes go together with others: name two of them or more, or leave "
                            "it out",
                            path);
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

/* Where an axis is on some cases only, what decides on which is drawn before it. */
static void check_conditions(struct tfu_load *l, const struct tfu_spec *s,
                             const struct tfu_dimension *member, size_t members)
{
    for (size_t i = 0; i < members; i++)
        for (size_t k = 0; member[i].only && k < member[i].only->count; k++) {
            const size_t by = member[i].only->by[k].axis;
            if (!tfu_dimensions_have(member, members, by))
                tfu_diagnostics_add(l->diagnostics, member[i].only->mark,
                                    "draw.axes: '%s' is on some cases `only`, by '%s', which is "
                                    "not drawn; draw that one too",
                                    s->axis[member[i].axis[0]].name, s->axis[by].name);
        }
}

/* Takes the dimensions of the axes that are drawn out of `d` and puts one in their place. What is
 * wrong with the axes is to be put right first. */
static void draw(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *n,
                 struct dimensions *d)
{
    static const char *const other[] = {"axes"};
    struct draw_keys keys;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(draw_options, &keys);
    tfu_options_read(
        l,
        &(struct tfu_options_section){
            .path = "draw", .table = &table, .table_count = 1, .other = other, .other_count = 1},
        n, n->mark);
    const struct tfu_node *list = tfu_node_at(n, "axes");
    const bool *in = tfu_spec_read_axis_list(l, s, "draw.axes", list);
    struct tfu_dimension *member = tfu_load_array(l, d->count + 1, sizeof *member);
    size_t members = 0, rest = 0;
    if (!in || !member || !tfu_spec_is_clean(l, s))
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
    check_conditions(l, s, member, members);
    for (size_t a = 0; a < s->axes; a++)
        if (in[a] && !tfu_dimensions_have(member, members, a))
            tfu_diagnostics_add(l->diagnostics, list->mark,
                                "draw.axes: axis '%s' has no values under `cases` to draw among",
                                s->axis[a].name);
    if (!list && !members)
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "draw: there are no axes under `cases` to draw from; leave it out");
    if (!tfu_spec_is_clean(l, s))
        return;
    struct tfu_dimension drawn = {.mark = n->mark};
    const struct tfu_case_grid_draw_request request = {.member = member,
                                                       .members = members,
                                                       .axis = s->axis,
                                                       .axes = s->axes,
                                                       .exclude = s->exclude,
                                                       .excludes = s->excludes,
                                                       .n = (size_t)keys.n,
                                                       .seed = (uint64_t)keys.seed};
    tfu_case_grid_draw(l, &drawn, &request);
    if (drawn.rows < request.n && !l->out_of_memory)
        tfu_diagnostics_add(l->diagnostics, tfu_node_at(n, "n")->mark,
                            "draw.n: only %zu different combinations were found, %zu were asked "
                            "for; lower `n`, or leave `draw` out for all of them",
                            drawn.rows, request.n);
    d->item[d->count++] = drawn;
    /* others may be on some of these only */
    tfu_dimensions_sort(l, d->item, d->count, s->axis, s->axes);
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
            tfu_case_selection_read(l, &s->exclude[s->excludes++], path, i, s->axis, s->axes);
    }
}

/* What is on no case is a slip of the pen. */
static void exclude(struct tfu_load *l, struct tfu_spec *s)
{
    for (size_t i = 0; i < s->excludes; i++) {
        bool narrowed = false;
        for (size_t k = 0; k < s->exclude[i].count; k++)
            narrowed |= s->axis[s->exclude[i].by[k].axis].narrowed;
        if (tfu_case_grid_exclude(&s->grid, &s->exclude[i]) == 0 && !narrowed &&
            tfu_spec_is_clean(l, s))
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
        struct tfu_case_selection *only = tfu_load_alloc(l, sizeof *only);
        if (path && only)
            tfu_case_selection_read(l, only, path, s->axis[a].only, s->axis, s->axes);
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
    s->grid = (struct tfu_case_grid){.axes = s->axes, .limit = (size_t)s->max_cases};
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
        tfu_case_grid_add_product(l, &s->grid, d.item, d.count);
    if (s->grid.over) {
        refuse_many(l, s, tfu_case_grid_product(d.item, d.count), cases);
        return;
    }
    exclude(l, s);
    size_t twice;
    bool again = false;
    if (list) {
        tfu_spec_add_cases(l, s, cases, "cases");
        again = !s->grid.over && s->grid.count && tfu_case_grid_sort(l, &s->grid, &twice);
    }
    if (add && add->kind == TFU_NODE_SEQUENCE)
        tfu_spec_add_cases(l, s, add, "add");
    if (s->grid.over)
        refuse_many(l, s, (uint64_t)s->max_cases + 1, add ? add : cases);
    else if (again)
        tfu_diagnostics_add(l->diagnostics, cases->mark, "cases: two of them are the same case");
    else if (tfu_case_grid_sort(l, &s->grid, &twice) && add)
        tfu_diagnostics_add(l->diagnostics, add->mark,
                            "add: one of its cases is there already, by `cases` or by another of "
                            "its entries");
    if (s->grid.count == 0 && tfu_spec_is_clean(l, s))
        tfu_diagnostics_add(l->diagnostics, cases->mark,
                            s->excludes ? "cases: `exclude` leaves none" : "cases: there are none");
}
