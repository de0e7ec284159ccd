/* SPDX-License-Identifier: MIT
 *
 * Where the heads and the numbers of a table stand.
 */
#include "core/report/table_grid.h"

#include "core/config/hint.h"
#include "core/report/table_against.h"
#include "core/report/table_derived.h"

static const char none[] = "\xE2\x80\x93";

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "making a table", 0);
}

const char *tfu_report_grid_cell_name(const struct tfu_report_grid *g, size_t row, size_t column)
{
    const struct tfu_report_cases *c = g->b->cases;
    const char *a = tfu_report_group_name(c, &g->ask->rows, &g->row[row], false);
    const char *b = tfu_report_group_name(c, &g->ask->columns, &g->column[column], false);
    return a && b ? tfu_report_join(c, a, b) : NULL;
}

/* ---- what stands beside each other */

/* A column of numbers: a value, or what is derived from it. */
struct slot {
    size_t column, value; /* of the grid */
    bool derived;
    enum tfu_report_derivation kind;
};

/* Each value, then what it is against; of the column that others are held against there is nothing.
 */
static size_t list_slots(const struct tfu_report_grid *g, struct slot *out)
{
    size_t count = 0;
    for (size_t k = 0; k < g->wide; k++) {
        const struct slot own = {.column = k / g->ask->values, .value = k % g->ask->values};
        out[count++] = own;
        for (size_t i = 0; i < TFU_DERIVATIONS; i++) {
            if (!g->derived[i] ||
                tfu_report_column_is_against(g, &g->ask->derived[i].against, own.column))
                continue;
            out[count] = own;
            out[count].derived = true;
            out[count++].kind = (enum tfu_report_derivation)i;
        }
    }
    return count;
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

/* What a number is, where not even the table says it alone. */
static bool put_value_head(const struct tfu_report_grid *g, const struct slot *slot,
                           struct tfu_report_cell *out)
{
    struct tfu_arena *arena = g->b->cases->arena;
    const size_t v = slot->value;
    const char *unit = g->series[v]->unit, *text = g->ask->value[v].text, *title = g->title[v];
    if (slot->derived) {
        out->text = tfu_report_derived_head(g, slot->kind, v, false);
        out->key = tfu_report_derived_head(g, slot->kind, v, true);
        return out->text && out->key;
    }
    out->text = unit ? tfu_arena_printf(arena, "%s, %s", title, unit) : title;
    if (title != text)
        out->key = unit ? tfu_arena_printf(arena, "%s, %s", text, unit) : text;
    return out->text && (out->key || title == text);
}

/* What a column is called by its axis number `level`, or by its value. `axis`: who says of each
 * level what it is. False: memory ran out. */
static bool put_head(const struct tfu_report_grid *g, const char *const *axis, size_t level,
                     const struct slot *slot, struct tfu_report_cell *out)
{
    struct tfu_arena *arena = g->b->cases->arena;
    const struct tfu_report_ask *ask = g->ask;
    if (level == ask->columns.count)
        return put_value_head(g, slot, out);
    const struct tfu_report_axis *a = &g->b->cases->axis[ask->columns.item[level]];
    const size_t v = g->column[slot->column].value[level];
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

/* Do two columns of numbers stand under one head, down to `level`? */
static bool under_one(const struct tfu_report_grid *g, size_t level, const struct slot *a,
                      const struct slot *b)
{
    if (level == g->ask->columns.count)
        return a == b;
    for (size_t i = 0; i <= level; i++)
        if (g->column[a->column].value[i] != g->column[b->column].value[i])
            return false;
    return true;
}

static bool put_heads(const struct tfu_report_grid *g, const struct tfu_report_table *t,
                      const struct slot *slot, struct tfu_report_cell *cell)
{
    const struct tfu_report_ask *ask = g->ask;
    const size_t slots = t->columns - t->head_columns;
    for (size_t level = 0; level < t->head_rows; level++) {
        struct tfu_report_cell *line = &cell[level * t->columns];
        for (size_t i = 0; i < t->head_columns; i++) {
            const struct tfu_report_axis *a = &g->b->cases->axis[ask->rows.item[i]];
            const bool here = level + 1 == t->head_rows;
            line[i].text = here ? a->word : "";
            line[i].key = here && a->word != a->name ? a->name : NULL;
        }
        for (size_t k = 0; k < slots; k++) {
            struct tfu_report_cell *x = &line[t->head_columns + k];
            x->text = "";
            if (k > 0 && under_one(g, level, &slot[k - 1], &slot[k]))
                continue;
            if (!put_head(g, t->head_axis, level, &slot[k], x))
                return false;
            while (k + x->columns < slots && under_one(g, level, &slot[k], &slot[k + x->columns]))
                x->columns++;
        }
    }
    return true;
}

/* ---- all of it */

/* Does a line of heads say the values, and their units? */
static bool has_value_heads(const struct tfu_report_grid *g, size_t slots)
{
    return g->ask->values > 1 || g->ask->columns.count == 0 || slots > g->wide;
}

static void put_row(const struct tfu_report_grid *g, size_t row, const struct slot *slot,
                    size_t slots, struct tfu_report_cell *line)
{
    const struct tfu_report_axes *by = &g->ask->rows;
    for (size_t i = 0; i < by->count; i++) {
        const size_t v = g->row[row].value[i];
        const struct tfu_report_axis *a = &g->b->cases->axis[by->item[i]];
        line[i].text = v == TFU_REPORT_NONE ? none : a->value_word[v];
        if (v != TFU_REPORT_NONE && a->value_word[v] != a->value[v])
            line[i].key = a->value[v];
    }
    for (size_t k = 0; k < slots; k++) {
        const struct tfu_report_number *number =
            slot[k].derived ? g->derived[slot[k].kind] : g->number;
        line[by->count + k].number =
            number[row * g->wide + slot[k].column * g->ask->values + slot[k].value];
        line[by->count + k].number.unit_above = has_value_heads(g, slots);
    }
}

enum tfu_status tfu_report_grid_lay_out(const struct tfu_report_grid *g, struct tfu_report_table *t,
                                        struct tfu_error *e)
{
    const struct tfu_report_ask *ask = g->ask;
    struct tfu_arena *arena = g->b->cases->arena;
    struct slot *slot = tfu_arena_array(arena, g->wide * (1 + TFU_DERIVATIONS) + 1, sizeof *slot);
    if (!slot)
        return no_memory(e);
    const size_t slots = list_slots(g, slot);
    t->head_columns = ask->rows.count;
    t->head_rows = ask->columns.count + has_value_heads(g, slots);
    t->rows = t->head_rows + g->rows;
    t->columns = t->head_columns + slots;
    const char **axis = tfu_arena_array(arena, t->head_rows + 1, sizeof *axis);
    struct tfu_report_cell *cell = tfu_arena_array(arena, t->rows * t->columns + 1, sizeof *cell);
    for (size_t level = 0; axis && level < ask->columns.count; level++)
        if (!are_numbers(g, level))
            axis[level] = g->b->cases->axis[ask->columns.item[level]].word;
    t->head_axis = axis;
    if (!axis || !cell || !put_heads(g, t, slot, cell))
        return no_memory(e);
    for (size_t r = 0; r < g->rows; r++)
        put_row(g, r, slot, slots, &cell[(t->head_rows + r) * t->columns]);
    t->cell = cell;
    return TFU_OK;
}
