/* SPDX-License-Identifier: MIT */
#include "core/report/cases.h"

#include <stdlib.h>
#include <string.h>

#include "core/index/column.h"
#include "core/sweep/choose.h"

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "making a report", 0);
}

/* ---- names and axes */

static bool add_axis(struct tfu_report_cases *c, const struct tfu_report_axis *axis)
{
    const char **word = tfu_arena_array(c->arena, axis->count + 1, sizeof *word);
    if (!word)
        return false;
    if (axis->count)
        memcpy(word, axis->value, axis->count * sizeof *word);
    if (c->axes == c->room) {
        const size_t room = c->room ? 2 * c->room : 16;
        struct tfu_report_axis *more = tfu_arena_array(c->arena, room, sizeof *more);
        if (!more)
            return false;
        if (c->axes)
            memcpy(more, c->axis, c->axes * sizeof *more);
        c->axis = more;
        c->room = room;
    }
    c->axis[c->axes] = *axis;
    c->axis[c->axes].word = axis->name;
    c->axis[c->axes++].value_word = word;
    return true;
}

/* The number of `value` among those of the axis; `hint`: of the case before. */
static size_t number_of(const struct tfu_sweep_axis *a, const char *value, size_t hint)
{
    for (size_t i = 0; value && i < a->count; i++) {
        const size_t v = (hint + i) % a->count;
        if (a->value[v] == value || strcmp(a->value[v], value) == 0)
            return v;
    }
    return TFU_REPORT_NONE;
}

static bool take_axis(struct tfu_report_cases *c, size_t number)
{
    const struct tfu_sweep *s = c->sweep;
    const struct tfu_sweep_axis *a = &s->axis[number];
    size_t *of = tfu_arena_array(c->arena, c->count + 1, sizeof *of), hint = 0;
    for (size_t i = 0; of && i < c->count; i++) {
        of[i] = number_of(a, s->item[s->support + i].value[number], hint);
        hint = of[i] == TFU_REPORT_NONE ? 0 : of[i];
    }
    const char **value = tfu_arena_array(c->arena, a->count + 1, sizeof *value);
    for (size_t v = 0; value && v < a->count; v++)
        if (!(value[v] = tfu_arena_strdup(c->arena, a->value[v])))
            return false;
    const char *name = tfu_arena_strdup(c->arena, a->name);
    return of && value && name &&
           add_axis(c, &(struct tfu_report_axis){
                           .name = name, .value = value, .count = a->count, .of = of});
}

enum tfu_status tfu_report_cases_name(struct tfu_report_cases *out, struct tfu_arena *arena,
                                      struct tfu_sweep *sweep, struct tfu_index *index,
                                      struct tfu_error *e)
{
    *out =
        (struct tfu_report_cases){.arena = arena, .sweep = sweep, .index = index, .between = " "};
    out->count = sweep ? sweep->count - sweep->support : index ? tfu_index_count(index) : 0;
    out->item = tfu_arena_array(arena, out->count + 1, sizeof *out->item);
    if (!out->item)
        return no_memory(e);
    for (size_t i = 0; i < out->count; i++) {
        const char *name =
            sweep ? sweep->item[sweep->support + i].name : tfu_index_run(index, i)->path;
        out->item[i] =
            (struct tfu_report_case){tfu_arena_strdup(arena, name), .row = TFU_REPORT_NONE};
        if (!out->item[i].name)
            return no_memory(e);
    }
    for (size_t a = 0; sweep && a < sweep->axis_count; a++)
        if (!take_axis(out, a))
            return no_memory(e);
    return TFU_OK;
}

/* ---- keys of configurations as axes */

struct counted {
    const char *text;
    double number;
    size_t place; /* of a case, then of the value among all */
};

static int by_value(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    if (x->number < y->number || x->number > y->number)
        return x->number < y->number ? -1 : 1;
    const bool no_x = x->number != x->number, no_y = y->number != y->number;
    return no_x != no_y ? (no_x ? 1 : -1) : strcmp(x->text, y->text);
}

/* Numbers by their size, then words. */
static bool sort_values(struct tfu_report_cases *c, const struct tfu_index_column *column,
                        struct tfu_report_axis *axis)
{
    struct counted *all = tfu_arena_array(c->arena, c->count + 1, sizeof *all);
    const char **value = tfu_arena_array(c->arena, c->count + 1, sizeof *value);
    size_t *of = tfu_arena_array(c->arena, c->count + 1, sizeof *of), n = 0;
    if (!all || !value || !of)
        return false;
    for (size_t i = 0; i < c->count; i++) {
        char text[TFU_INDEX_TIME_SIZE];
        of[i] = TFU_REPORT_NONE;
        if (!column->value[i].there)
            continue;
        const char *said =
            column->value[i].text ? column->value[i].text : tfu_index_value_text(column, i, text);
        all[n] = (struct counted){tfu_arena_strdup(c->arena, said), column->value[i].number, i};
        if (!all[n++].text)
            return false;
    }
    qsort(all, n, sizeof *all, by_value);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || by_value(&all[i - 1], &all[i]) != 0)
            value[axis->count++] = all[i].text;
        of[all[i].place] = axis->count - 1;
    }
    axis->value = value;
    axis->of = of;
    return true;
}

static size_t find_key(struct tfu_report_cases *c, struct tfu_load *l, const char *path,
                       struct tfu_mark m, const char *name)
{
    const struct tfu_index_column *column;
    struct tfu_error e = TFU_ERROR_INIT;
    for (size_t a = 0; a < c->axes; a++)
        if (strcmp(c->axis[a].name, name) == 0)
            return a;
    if (c->blind)
        return 0;
    const enum tfu_status st =
        c->index ? tfu_index_column(c->index, name, &column, &e)
                 : tfu_error_set(&e, TFU_ENOTFOUND, "the store has no runs, and so no '%s'", name);
    if (st != TFU_OK) {
        l->out_of_memory |= st == TFU_ENOMEM;
        tfu_diagnostics_add(l->diagnostics, m, "%s: %s", path, e.text);
        return TFU_REPORT_NONE;
    }
    struct tfu_report_axis axis = {.name = tfu_arena_strdup(c->arena, name)};
    if (!axis.name || !sort_values(c, column, &axis) || !add_axis(c, &axis)) {
        l->out_of_memory = true;
        return TFU_REPORT_NONE;
    }
    return c->axes - 1;
}

size_t tfu_report_axis_find(struct tfu_report_cases *c, struct tfu_load *l, const char *path,
                            struct tfu_mark m, const char *name)
{
    return c->sweep ? tfu_sweep_axis_find(c->sweep, l, path, m, name)
                    : find_key(c, l, path, m, name);
}
