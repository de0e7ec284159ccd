/* SPDX-License-Identifier: MIT */
#include "core/result/result_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/result/columns.h"

enum { NUMBER_SIZE = 400 }; /* the largest double, and digits behind the point */

/* What rounds to nothing is 0.00, from whichever side. */
static const char *round_to(char text[NUMBER_SIZE], double v, int digits)
{
    snprintf(text, NUMBER_SIZE, "%.*f", digits, v);
    return text[0] == '-' && text[strspn(text, "-0.")] == '\0' ? text + 1 : text;
}

/* NULL: memory ran out. */
static const char *cell_text(struct tfu_arena *a, const struct tfu_cell *c,
                             const struct tfu_column *column)
{
    char number[NUMBER_SIZE], low[NUMBER_SIZE], high[NUMBER_SIZE];
    const int digits = column->digits;
    if (c->kind == TFU_CELL_TEXT)
        return c->text;
    if (c->kind == TFU_CELL_WHOLE)
        return tfu_arena_printf(a, "%" PRId64, c->whole);
    if (c->kind == TFU_CELL_EMPTY)
        return "";
    if (isnan(c->number))
        return "n/a";
    if (!isnan(c->sd))
        return tfu_arena_printf(a, "%s ± %.*f", round_to(number, c->number, digits), digits, c->sd);
    if (!isnan(c->low))
        return tfu_arena_printf(a, "%s [%s, %s]", round_to(number, c->number, digits),
                                round_to(low, c->low, digits), round_to(high, c->high, digits));
    if (column->probability && c->number < pow(10, -digits))
        return tfu_arena_printf(a, "< %s", round_to(number, pow(10, -digits), digits));
    return tfu_arena_printf(a, "%s", round_to(number, c->number, digits));
}

static bool put_table(const struct tfu_result_table *t, struct tfu_text *out)
{
    struct tfu_arena arena;
    tfu_arena_init(&arena, 0);
    const char **cell = tfu_arena_array(&arena, t->columns + t->count, sizeof *cell);
    bool ok = cell != NULL;
    for (size_t i = 0; ok && i < t->columns; i++)
        cell[i] = t->column[i].title;
    for (size_t i = 0; ok && i < t->count; i++) {
        cell[t->columns + i] = cell_text(&arena, &t->cell[i], &t->column[i % t->columns]);
        ok = cell[t->columns + i] != NULL;
    }
    ok = ok && tfu_columns_put(out, cell, t->columns + t->count, t->columns);
    tfu_arena_free(&arena);
    return ok;
}

enum tfu_status tfu_result_text(const struct tfu_result *r, struct tfu_text *out,
                                struct tfu_error *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < r->parts; i++) {
        const struct tfu_result_part *p = &r->part[i];
        if (p->line)
            tfu_text_printf(out, "%s\n", p->line);
        else if (p->table && p->table->uses & TFU_TABLE_SHOWN)
            ok = put_table(p->table, out);
    }
    return ok && !out->failed ? TFU_OK : tfu_error_memory(e, "writing down results", 0);
}
