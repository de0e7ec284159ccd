/* SPDX-License-Identifier: MIT */
#include "core/sweep/grid.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/sweep/axis_draw.h"

/* ---- order */

static bool has_axis(const struct tfu_dimension *d, size_t axis)
{
    for (size_t i = 0; i < d->axes; i++)
        if (d->axis[i] == axis)
            return true;
    return false;
}

bool tfu_dimensions_have(const struct tfu_dimension *d, size_t count, size_t axis)
{
    for (size_t i = 0; i < count; i++)
        if (has_axis(&d[i], axis))
            return true;
    return false;
}

/* Does the condition of `d` go by an axis of one of the others? */
static bool waits(const struct tfu_dimension *d, const struct tfu_dimension *others, size_t count)
{
    for (size_t i = 0; d->only && i < d->only->count; i++)
        if (tfu_dimensions_have(others, count, d->only->by[i].axis))
            return true;
    return false;
}

bool tfu_dimensions_sort(struct tfu_load *l, struct tfu_dimension *d, size_t count,
                         const struct tfu_case_axis *axis, size_t axes)
{
    (void)axes;
    for (size_t done = 0; done < count; done++) {
        size_t next = done;
        while (next < count && waits(&d[next], d + done, count - done))
            next++;
        if (next == count) {
            tfu_diagnostics_add(l->diagnostics, d[done].only->mark,
                                "cases.%s.only: the conditions of the axes go round in a circle",
                                axis[d[done].axis[0]].name);
            return false;
        }
        const struct tfu_dimension moved = d[next];
        memmove(d + done + 1, d + done, (next - done) * sizeof *d);
        d[done] = moved;
    }
    return true;
}

/* ---- products */

uint64_t tfu_case_grid_product(const struct tfu_dimension *d, size_t count)
{
    uint64_t n = 1;
    for (size_t i = 0; i < count; i++)
        if (__builtin_mul_overflow(n, (uint64_t)d[i].rows, &n))
            return d[i].rows ? UINT64_MAX : 0;
    return n;
}

static void put_row(const struct tfu_dimension *d, size_t row, uint32_t *tuple)
{
    for (size_t i = 0; i < d->axes; i++)
        tuple[d->axis[i]] = d->row ? d->row[row * d->axes + i] : (uint32_t)row;
}

static bool push(struct tfu_load *l, struct tfu_case_grid *g, const uint32_t *tuple)
{
    if (g->count == g->limit) {
        g->over = true;
        return false;
    }
    /* the room is doubled whenever it is a power of two */
    if ((g->count & (g->count - 1)) == 0) {
        const size_t room = g->count ? 2 * g->count : 1;
        uint32_t *more = tfu_load_array(l, room, (g->axes + 1) * sizeof *more);
        if (!more)
            return false;
        if (g->count)
            memcpy(more, g->tuple, g->count * g->axes * sizeof *more);
        g->tuple = more;
    }
    if (g->axes)
        memcpy(g->tuple + g->count * g->axes, tuple, g->axes * sizeof *tuple);
    g->count++;
    return true;
}

static bool multiply(struct tfu_load *l, struct tfu_case_grid *g, const struct tfu_dimension *d,
                     size_t count, uint32_t *tuple)
{
    if (count == 0)
        return push(l, g, tuple);
    if (d->only && !tfu_case_selection_has(d->only, tuple)) {
        for (size_t i = 0; i < d->axes; i++)
            tuple[d->axis[i]] = TFU_AXIS_NONE;
        return multiply(l, g, d + 1, count - 1, tuple);
    }
    for (size_t row = 0; row < d->rows; row++) {
        put_row(d, row, tuple);
        if (!multiply(l, g, d + 1, count - 1, tuple))
            return false;
    }
    return true;
}

static uint32_t *new_tuple(struct tfu_load *l, size_t axes)
{
    uint32_t *tuple = tfu_load_array(l, axes + 1, sizeof *tuple);
    for (size_t i = 0; tuple && i < axes; i++)
        tuple[i] = TFU_AXIS_NONE;
    return tuple;
}

void tfu_case_grid_add_product(struct tfu_load *l, struct tfu_case_grid *g,
                               const struct tfu_dimension *d, size_t count)
{
    uint32_t *tuple = new_tuple(l, g->axes);
    if (tuple)
        multiply(l, g, d, count, tuple);
}

size_t tfu_case_grid_exclude(struct tfu_case_grid *g, const struct tfu_case_selection *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->count; i++) {
        const uint32_t *tuple = g->tuple + i * g->axes;
        if (tfu_case_selection_has(s, tuple))
            continue;
        if (g->axes)
            memmove(g->tuple + kept * g->axes, tuple, g->axes * sizeof *tuple);
        kept++;
    }
    const size_t gone = g->count - kept;
    /* push() counts on a room of the next power of two, which is still there */
    g->count = kept;
    return gone;
}

/* ---- order of cases */

/* As compare_tuples() for qsort(): the tuple, with its length in front. */
static int compare(const void *left, const void *right)
{
    const uint32_t *a = *(const uint32_t *const *)left, *b = *(const uint32_t *const *)right;
    for (uint32_t i = 1; i <= a[0]; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

bool tfu_case_grid_sort(struct tfu_load *l, struct tfu_case_grid *g, size_t *twice)
{
    const size_t width = g->axes + 1;
    uint32_t *copy = tfu_load_array(l, g->count + 1, width * sizeof *copy);
    uint32_t **order = tfu_load_array(l, g->count + 1, sizeof *order);
    if (!copy || !order)
        return false;
    for (size_t i = 0; i < g->count; i++) {
        order[i] = copy + i * width;
        order[i][0] = (uint32_t)g->axes;
        if (g->axes)
            memcpy(order[i] + 1, g->tuple + i * g->axes, g->axes * sizeof *copy);
    }
    qsort(order, g->count, sizeof *order, compare);
    bool found = false;
    for (size_t i = 0; i < g->count; i++) {
        if (g->axes)
            memcpy(g->tuple + i * g->axes, order[i] + 1, g->axes * sizeof *copy);
        if (i && !found && compare(&order[i - 1], &order[i]) == 0) {
            found = true;
            *twice = i;
        }
    }
    return found;
}

/* ---- draws */

static bool is_excluded(const struct tfu_case_grid_draw_request *r, const uint32_t *tuple)
{
    for (size_t i = 0; i < r->excludes; i++)
        if (tfu_case_selection_has(&r->exclude[i], tuple))
            return true;
    return false;
}

/* Each dimension from numbers of its own: one more axis changes no other axis' draws. */
static void draw_row(struct tfu_load *l, const struct tfu_case_grid_draw_request *r, uint64_t index,
                     uint32_t *tuple)
{
    for (size_t i = 0; i < r->members; i++) {
        const struct tfu_dimension *d = &r->member[i];
        struct tfu_case_axis *first = &r->axis[d->axis[0]];
        const char *name = first->key ? first->key : first->name;
        const uint64_t key = tfu_random_subkey(tfu_random_key(r->seed, "sweep draw", name), index);
        for (size_t k = 0; k < d->axes; k++)
            tuple[d->axis[k]] = TFU_AXIS_NONE;
        if (d->only && !tfu_case_selection_has(d->only, tuple))
            continue;
        const size_t row = tfu_case_axis_draw(l, first, key);
        if (row == SIZE_MAX)
            return;
        put_row(d, row, tuple);
    }
}

static bool is_new(const uint32_t *rows, size_t count, size_t axes, const uint32_t *row)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(rows + i * axes, row, axes * sizeof *row) == 0)
            return false;
    return true;
}

void tfu_case_grid_draw(struct tfu_load *l, struct tfu_dimension *out,
                        const struct tfu_case_grid_draw_request *r)
{
    enum { TRIES = 1000 }; /* for one row that is not there yet */
    size_t axes = 0, made = 0;
    uint64_t index = 0;
    for (size_t i = 0; i < r->members; i++)
        axes += r->member[i].axes;
    uint32_t *tuple = new_tuple(l, r->axes), *rows = tfu_load_array(l, r->n + 1, (axes + 1) * 4);
    out->axis = tfu_load_array(l, axes + 1, sizeof *out->axis);
    if (!tuple || !rows || !out->axis)
        return;
    for (size_t i = 0; i < r->members; i++)
        for (size_t k = 0; k < r->member[i].axes; k++)
            out->axis[out->axes++] = r->member[i].axis[k];
    for (size_t tries = 0; made < r->n && tries < TRIES && !l->out_of_memory; tries++) {
        uint32_t *row = rows + made * axes;
        draw_row(l, r, index++, tuple);
        for (size_t k = 0; k < axes; k++)
            row[k] = tuple[out->axis[k]];
        if (is_excluded(r, tuple) || !is_new(rows, made, axes, row))
            continue;
        made++;
        tries = 0;
    }
    out->rows = made;
    out->row = rows;
}
