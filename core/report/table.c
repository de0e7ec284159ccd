/* SPDX-License-Identifier: MIT
 *
 * A table: its numbers, its tests and what is said beside and below it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/report/notes.h"
#include "core/report/published.h"
#include "core/report/table_against.h"
#include "core/report/table_derived.h"
#include "core/report/table_number.h"
#include "core/report/table_test.h"
#include "core/report/tuned.h"
#include "core/report/value_title.h"

enum { NOTES_MAX = 200 };

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "making a table", 0);
}

/* ---- which cases are in which cell */

static enum tfu_status place_cases(struct tfu_report_grid *g, struct tfu_error *e)
{
    const struct tfu_report_cases *c = g->b->cases;
    size_t *row_of, *column_of;
    enum tfu_status st =
        tfu_report_group(c, g->ask->chosen, &g->ask->rows, &g->row, &g->rows, &row_of, e);
    if (st == TFU_OK)
        st = tfu_report_group(c, g->ask->chosen, &g->ask->columns, &g->column, &g->columns,
                              &column_of, e);
    if (st != TFU_OK)
        return st;
    g->wide = g->columns * g->ask->values;
    if (g->wide && g->rows > TFU_REPORT_CELLS_MAX / g->wide)
        return tfu_error_at(e, TFU_EINVAL, g->ask->mark.source, g->ask->mark.line,
                            g->ask->mark.column,
                            "the table '%s' would have %zu rows of %zu numbers, which nobody "
                            "reads; choose by `where`, or name fewer axes",
                            g->ask->name, g->rows, g->wide);
    const size_t cells = g->rows * g->columns;
    size_t *list = tfu_arena_array(c->arena, c->count + 1, sizeof *list);
    g->item = tfu_arena_array(c->arena, cells + 1, sizeof *g->item);
    g->items = tfu_arena_array(c->arena, cells + 1, sizeof *g->items);
    if (!list || !g->item || !g->items)
        return no_memory(e);
    for (size_t i = 0; i < c->count; i++)
        if (g->ask->chosen[i])
            g->items[row_of[i] * g->columns + column_of[i]]++;
    for (size_t k = 0; k < cells; k++) {
        g->item[k] = list;
        list += g->items[k];
        g->items[k] = 0;
    }
    for (size_t i = 0; i < c->count; i++)
        if (g->ask->chosen[i]) {
            const size_t k = row_of[i] * g->columns + column_of[i];
            g->item[k][g->items[k]++] = i;
        }
    return TFU_OK;
}

/* "arch=cbr_tiny start=random", and which of several values. */
static const char *number_name(const struct tfu_report_grid *g, size_t cell, size_t value)
{
    const char *name = tfu_report_grid_cell_name(g, cell / g->columns, cell % g->columns);
    return name ? tfu_report_join(g->b->cases, name, g->ask->values > 1 ? g->title[value] : "")
                : NULL;
}

/* ---- numbers */

/* Numbers of one value have as many digits as the one that takes most. */
static void even_digits(const struct tfu_report_grid *g, struct tfu_report_number *number,
                        size_t value)
{
    int most = 0;
    for (size_t i = value; i < g->rows * g->wide; i += g->ask->values)
        if (isfinite(number[i].value) && number[i].digits > most)
            most = number[i].digits;
    for (size_t i = value; i < g->rows * g->wide; i += g->ask->values)
        if (isfinite(number[i].value))
            number[i].digits = most;
}

static enum tfu_status fill(struct tfu_report_grid *g, struct tfu_error *e)
{
    const struct tfu_report_ask *ask = g->ask;
    struct tfu_arena *arena = g->b->cases->arena;
    const size_t count = g->rows * g->wide;
    enum tfu_status st = TFU_OK;
    g->series = tfu_arena_array(arena, ask->values + 1, sizeof *g->series);
    g->title = tfu_arena_array(arena, ask->values + 1, sizeof *g->title);
    g->number = tfu_arena_array(arena, count + 1, sizeof *g->number);
    g->hole = tfu_arena_array(arena, count + 1, sizeof *g->hole);
    if (!g->series || !g->title || !g->number || !g->hole)
        return no_memory(e);
    for (size_t v = 0; st == TFU_OK && v < ask->values; v++) {
        st = tfu_report_series_get(&g->b->numbers, &ask->value[v], &g->series[v], e);
        if (st == TFU_OK &&
            !(g->title[v] = tfu_report_value_title(g->b, ask->value[v].text, ask->chosen, e)))
            st = e->status;
    }
    for (size_t k = 0; st == TFU_OK && k < g->rows * g->columns; k++)
        for (size_t v = 0; st == TFU_OK && v < ask->values; v++) {
            struct tfu_report_number *x = &g->number[k * ask->values + v];
            if (g->items[k])
                st = tfu_report_number_make(&g->b->numbers, g->series[v], &ask->over, g->item[k],
                                            g->items[k], ask->digits, x,
                                            &g->hole[k * ask->values + v], e);
            else
                *x = tfu_report_number_none(NULL);
        }
    for (size_t v = 0; st == TFU_OK && ask->digits < 0 && v < ask->values; v++)
        even_digits(g, g->number, v);
    return st;
}

/* The best of each row by each value, of numbers that rest on all that was asked. */
static void mark_best(struct tfu_report_grid *g)
{
    const size_t values = g->ask->values;
    for (size_t r = 0; r < g->rows; r++)
        for (size_t v = 0; v < values; v++) {
            double best = NAN;
            size_t whole = 0;
            for (size_t k = 0; k < g->columns; k++) {
                const struct tfu_report_number *x = &g->number[(r * g->columns + k) * values + v];
                if (isnan(x->value) || x->why || x->runs < x->asked)
                    continue;
                whole++;
                if (isnan(best) || (g->series[v]->lower ? x->value < best : x->value > best))
                    best = x->value;
            }
            for (size_t k = 0; whole > 1 && k < g->columns; k++) {
                struct tfu_report_number *x = &g->number[(r * g->columns + k) * values + v];
                x->best = isfinite(x->value) && !x->why && x->runs == x->asked &&
                          !(x->value < best || x->value > best);
            }
        }
}

/* The number behind which those of the same cell lack the same for the same reason end. */
static size_t end_of_same(const struct tfu_report_grid *g, const char *const *hole, size_t i)
{
    const size_t end = (i / g->ask->values + 1) * g->ask->values;
    size_t k = i + 1;
    while (k < end && hole[k] && strcmp(hole[k], hole[i]) == 0)
        k++;
    return k;
}

/* Of the values, or of what `kind` derives from them. */
static enum tfu_status note_holes(struct tfu_report_grid *g, const char *const *hole,
                                  const enum tfu_report_derivation *kind, struct tfu_error *e)
{
    const size_t values = g->ask->values;
    size_t holes = 0, unsaid = 0;
    for (size_t i = 0, end; i < g->rows * g->wide; i = end) {
        end = i + 1;
        if (!hole[i])
            continue;
        end = end_of_same(g, hole, i);
        if (holes++ >= NOTES_MAX) {
            unsaid += end - i;
            continue;
        }
        const size_t cell = i / values;
        const char *name = kind ? tfu_report_grid_cell_name(g, cell / g->columns, cell % g->columns)
                                : number_name(g, cell, i % values);
        if (!name)
            return no_memory(e);
        tfu_text_puts(&g->notes, name);
        for (size_t v = kind ? i : i + 1; v < end; v++) {
            const char *what =
                kind ? tfu_report_derived_head(g, *kind, v % values, false) : g->title[v % values];
            if (!what)
                return no_memory(e);
            tfu_text_printf(&g->notes, ", %s", what);
        }
        tfu_text_printf(&g->notes, ": %s\n", hole[i]);
    }
    if (unsaid)
        tfu_text_printf(&g->notes, "%zu more numbers rest on fewer runs than asked\n", unsaid);
    return TFU_OK;
}

/* ---- what is held against other cells */

static enum tfu_status derive(struct tfu_report_grid *g, struct tfu_error *e)
{
    enum tfu_status st = tfu_report_derive(g, e);
    for (size_t i = 0; st == TFU_OK && i < TFU_DERIVATIONS; i++) {
        const enum tfu_report_derivation kind = (enum tfu_report_derivation)i;
        if (!g->derived[i])
            continue;
        for (size_t v = 0; g->ask->digits < 0 && v < g->ask->values; v++)
            even_digits(g, g->derived[i], v);
        st = note_holes(g, g->derived_hole[i], &kind, e);
    }
    return st;
}

static enum tfu_status test_cells(struct tfu_report_grid *g, struct tfu_error *e)
{
    const struct tfu_report_ask *ask = g->ask;
    const struct tfu_report_against *against = &ask->test.against;
    const size_t values = ask->values;
    struct tfu_report_pair *pair =
        tfu_arena_array(g->b->cases->arena, g->rows * g->wide + 1, sizeof *pair);
    size_t pairs = 0;
    if (!pair)
        return no_memory(e);
    if (against->gone) {
        tfu_text_printf(&g->caption,
                        "%sNo tests: there is no %s=%s, against which they are, among what is "
                        "asked for now.",
                        g->caption.length ? " " : "", g->b->cases->axis[against->axis].word,
                        against->gone);
        return TFU_OK;
    }
    for (size_t at = 0; at < g->rows * g->columns; at++) {
        const size_t other = tfu_report_cell_against(g, against, at / g->columns, at % g->columns);
        for (size_t v = 0; other != TFU_REPORT_NONE && v < values; v++) {
            const char *name = number_name(g, at, v);
            if (!name)
                return no_memory(e);
            pair[pairs++] = (struct tfu_report_pair){.number = &g->number[at * values + v],
                                                     .name = name,
                                                     .series = g->series[v],
                                                     .item = g->item[at],
                                                     .items = g->items[at],
                                                     .other = g->item[other],
                                                     .others = g->items[other]};
        }
    }
    if (g->caption.length)
        tfu_text_puts(&g->caption, " ");
    return tfu_report_test_table(g->b, ask, pair, pairs, &g->notes, &g->caption, e);
}

/* ---- caption */

static void count_holes(const struct tfu_report_grid *g, const struct tfu_report_number *number,
                        size_t *holes, size_t *all)
{
    for (size_t i = 0; i < g->rows * g->wide; i++) {
        *all += number[i].asked > 0;
        *holes += number[i].runs < number[i].asked && !number[i].missed;
    }
}

static void put_caption(struct tfu_report_grid *g, struct tfu_text *out)
{
    const struct tfu_report_ask *ask = g->ask;
    size_t least = SIZE_MAX, most = 0, metrics = 0, holes = 0, all = 0;
    bool interval = false, own = false;
    count_holes(g, g->number, &holes, &all);
    for (size_t i = 0; i < TFU_DERIVATIONS; i++)
        if (g->derived[i])
            count_holes(g, g->derived[i], &holes, &all);
    for (size_t i = 0; i < g->rows * g->wide; i++) {
        const struct tfu_report_number *x = &g->number[i];
        if (x->asked == 0)
            continue;
        least = x->asked < least ? x->asked : least;
        most = x->asked > most ? x->asked : most;
        interval |= isfinite(x->low) && x->runs > 1;
        own |= isfinite(x->low) && x->runs == 1;
    }
    if (ask->caption[0])
        tfu_text_printf(out, "%s%s ", ask->caption,
                        strchr(".!?:;", ask->caption[strlen(ask->caption) - 1]) ? "" : ".");
    for (size_t v = 0; v < ask->values; v++) {
        tfu_text_printf(out, "%s%s", v ? ", " : "", g->title[v]);
        metrics += ask->value[v].measure == TFU_MEASURE_METRIC;
    }
    if (metrics && strcmp(ask->at, "best") == 0)
        tfu_text_puts(out, " at each run's best step");
    else if (metrics && strcmp(ask->at, "last") != 0)
        tfu_text_printf(out, " after step %s", ask->at);
    tfu_text_puts(out, ": ");
    tfu_report_put_over(out, g->b, ask, least, most);
    if (interval)
        tfu_text_puts(out, ", \xC2\xB1 standard deviation, with 95 % intervals of the mean "
                           "(Student's t)");
    if (own)
        tfu_text_puts(out, interval ? "; of single runs the interval is the metric's own, over "
                                      "examples"
                                    : ", with the metric's own 95 % intervals, over examples");
    tfu_text_puts(out, ".");
    if (holes)
        tfu_text_printf(out,
                        " %zu of %zu numbers %s on fewer runs than asked, or on none: see "
                        "below.",
                        holes, all, holes == 1 ? "rests" : "rest");
    if (g->caption.length)
        tfu_text_printf(out, " %s", tfu_text_get(&g->caption));
    out->failed |= g->caption.failed;
}

static enum tfu_status finish(struct tfu_report_grid *g, struct tfu_error *e)
{
    const struct tfu_report_ask *ask = g->ask;
    struct tfu_report_table *t = tfu_arena_alloc(g->b->cases->arena, sizeof *t);
    struct tfu_text caption = TFU_TEXT_INIT;
    if (!t)
        return no_memory(e);
    t->name = ask->name;
    put_caption(g, &caption);
    t->caption = tfu_report_keep(g->b, &caption, e);
    for (size_t v = 0; v < ask->values; v++)
        if (g->series[v]->processor)
            tfu_text_printf(&g->notes, "%s: one thread%s%s\n", g->title[v],
                            g->series[v]->processor[0] ? ", measured on: " : "",
                            g->series[v]->processor[0]
                                ? g->series[v]->processor
                                : ", on several processors: not to be compared");
    enum tfu_status st = t->caption ? tfu_report_grid_lay_out(g, t, e) : e->status;
    if (st == TFU_OK &&
        (g->notes.failed ||
         !tfu_report_notes(g->b->cases->arena, tfu_text_get(&g->notes), &t->note, &t->notes)))
        st = no_memory(e);
    return st == TFU_OK
               ? tfu_report_add(g->b,
                                &(struct tfu_report_block){.kind = TFU_REPORT_TABLE, .table = t}, e)
               : st;
}

enum tfu_status tfu_report_table_build(struct tfu_report_builder *b,
                                       const struct tfu_report_ask *ask, struct tfu_error *e)
{
    struct tfu_report_grid g = {
        .b = b, .ask = ask, .notes = TFU_TEXT_INIT, .caption = TFU_TEXT_INIT};
    enum tfu_status st = place_cases(&g, e);
    if (st == TFU_OK && g.rows == 0)
        return tfu_report_add_text(b, TFU_REPORT_HOLE, 0,
                                   tfu_arena_printf(b->cases->arena,
                                                    "the table '%s': there are no cases to show",
                                                    ask->name),
                                   e);
    if (st == TFU_OK)
        st = fill(&g, e);
    if (st == TFU_OK) {
        mark_best(&g);
        st = note_holes(&g, g.hole, NULL, e);
    }
    if (st == TFU_OK)
        st = derive(&g, e);
    if (st == TFU_OK)
        st = tfu_report_tuned(b->cases, ask->chosen, &g.notes, e);
    if (st == TFU_OK && ask->test.paired != TFU_PAIRED_NONE)
        st = test_cells(&g, e);
    const struct tfu_published_cells cells = {.cases = b->cases,
                                              .ask = ask,
                                              .row = g.row,
                                              .rows = g.rows,
                                              .column = g.column,
                                              .columns = g.columns};
    if (st == TFU_OK && ask->published)
        st = tfu_published_put(&cells, g.number, &g.notes, e);
    if (st == TFU_OK)
        st = finish(&g, e);
    tfu_text_free(&g.notes);
    tfu_text_free(&g.caption);
    return st;
}
