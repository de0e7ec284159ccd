/* SPDX-License-Identifier: MIT
 *
 * Where the heads and the numbers of a table stand.
 */
#include "core/report/table_grid.h"

#include "core/config/hint.h"

static const char none[] = "\xE2\x80\x93";

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "making a table", 0);
}

/* ---- heads above */

/* Are all heads of the level numbers without words? Then each says what it counts, else the corner
 * does. */
static bool are_numbers(const struct tfu_report_grid *g, size_t level)
{
    const struct tfu_report_axis *a = &g->b->cases->axis[g->ask->columns.item[level]];
    for (size_t k = 0; k < g->columns; k++) {
        const size_t v = g->column[k].value[level];
        if (v != TFU_REPORT_NONE &&
            (a->value_word[v] != a->value[v] || !tfu_hint_is_number(a->value[v])))
            return false;
    }
    return true;
}

/* What a column is called by its axis number `level`, or by its value. `axis`: who says of each
 * level what it is. False: memory ran out. */
static bool put_head(const struct tfu_report_grid *g, const char *const *axis, size_t level,
                     size_t column, struct tfu_report_cell *out)
{
    struct tfu_arena *arena = g->b->cases->arena;
    const struct tfu_report_ask *ask = g->ask;
    if (level == ask->columns.count) {
        const size_t v = column % ask->values;
        const struct tfu_report_series *s = g->series[v];
        const char *text = ask->value[v].text, *title = g->title[v];
        out->text = s->unit ? tfu_arena_printf(arena, "%s, %s", title, s->unit) : title;
        if (title != text)
            out->key = s->unit ? tfu_arena_printf(arena, "%s, %s", text, s->unit) : text;
        return out->text && (out->key || title == text);
    }
    const struct tfu_report_axis *a = &g->b->cases->axis[ask->columns.item[level]];
    const size_t v = g->column[column / ask->values].value[level];
    if (v == TFU_REPORT_NONE) {
        out->text = none;
    } else if (!axis[level]) { /* a number alone does not say what it counts */
        out->text = tfu_arena_printf(arena, "%s %s", a->word, a->value[v]);
        if (a->word != a->name)
            out->key = tfu_arena_printf(arena, "%s %s", a->name, a->value[v]);
        return out->text && (out->key || a->word == a->name);
    } else {
        out->text = a->value_word[v];
        out->key = a->value_word[v] != a->value[v] ? a->value[v] : NULL;
    }
    return true;
}

/* Do two columns stand under one head, down to `level`? */
static bool under_one(const struct tfu_report_grid *g, size_t level, size_t a, size_t b)
{
    const size_t x = a / g->ask->values, y = b / g->ask->values;
    if (level == g->ask->columns.count)
        return a == b;
    for (size_t i = 0; i <= level; i++)
        if (g->column[x].value[i] != g->column[y].value[i])
            return false;
    return true;
}

static bool put_heads(const struct tfu_report_grid *g, const struct tfu_report_table *t,
                      struct tfu_report_cell *cell)
{
    const struct tfu_report_ask *ask = g->ask;
    for (size_t level = 0; level < t->head_rows; level++) {
        struct tfu_report_cell *line = &cell[level * t->columns];
        for (size_t i = 0; i < t->head_columns; i++) {
            const struct tfu_report_axis *a = &g->b->cases->axis[ask->rows.item[i]];
            const bool here = level + 1 == t->head_rows;
            line[i].text = here ? a->word : "";
            line[i].key = here && a->word != a->name ? a->name : NULL;
        }
        for (size_t k = 0; k < g->wide; k++) {
            struct tfu_report_cell *x = &line[t->head_columns + k];
            x->text = "";
            if (k > 0 && under_one(g, level, k - 1, k))
                continue;
            if (!put_head(g, t->head_axis, level, k, x))
                return false;
            while (k + x->columns < g->wide && under_one(g, level, k, k + x->columns))
                x->columns++;
        }
    }
    return true;
}

/* ---- all of it */

/* Does a line of heads say the values, and their units? */
static bool has_value_heads(const struct tfu_report_ask *ask)
{
    return ask->values > 1 || ask->columns.count == 0;
}

static void put_row(const struct tfu_report_grid *g, size_t row, struct tfu_report_cell *line)
{
    const struct tfu_report_axes *by = &g->ask->rows;
    for (size_t i = 0; i < by->count; i++) {
        const size_t v = g->row[row].value[i];
        const struct tfu_report_axis *a = &g->b->cases->axis[by->item[i]];
        line[i].text = v == TFU_REPORT_NONE ? none : a->value_word[v];
        if (v != TFU_REPORT_NONE && a->value_word[v] != a->value[v])
            line[i].key = a->value[v];
    }
    for (size_t k = 0; k < g->wide; k++) {
        line[by->count + k].number = g->number[row * g->wide + k];
        line[by->count + k].number.unit_above = has_value_heads(g->ask);
    }
}

enum tfu_status tfu_report_grid_lay_out(const struct tfu_report_grid *g, struct tfu_report_table *t,
                                        struct tfu_error *e)
{
    const struct tfu_report_ask *ask = g->ask;
    struct tfu_arena *arena = g->b->cases->arena;
    t->head_columns = ask->rows.count;
    t->head_rows = ask->columns.count + has_value_heads(ask);
    t->rows = t->head_rows + g->rows;
    t->columns = t->head_columns + g->wide;
    const char **axis = tfu_arena_array(arena, t->head_rows + 1, sizeof *axis);
    struct tfu_report_cell *cell = tfu_arena_array(arena, t->rows * t->columns + 1, sizeof *cell);
    for (size_t level = 0; axis && level < ask->columns.count; level++)
        if (!are_numbers(g, level))
            axis[level] = g->b->cases->axis[ask->columns.item[level]].word;
    t->head_axis = axis;
    if (!axis || !cell || !put_heads(g, t, cell))
        return no_memory(e);
    for (size_t r = 0; r < g->rows; r++)
        put_row(g, r, &cell[(t->head_rows + r) * t->columns]);
    t->cell = cell;
    return TFU_OK;
}
