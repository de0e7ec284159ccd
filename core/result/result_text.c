/* SPDX-License-Identifier: MIT */
#include "core/result/result_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "core/result/columns.h"

/* NULL: memory ran out. */
static const char *cell_text(struct tfu_arena *a, const struct tfu_cell *c, int digits)
{
    if (c->kind == TFU_CELL_TEXT)
        return c->text;
    if (c->kind == TFU_CELL_WHOLE)
        return tfu_arena_printf(a, "%" PRId64, c->whole);
    if (c->kind == TFU_CELL_EMPTY)
        return "";
    if (isnan(c->number))
        return "n/a";
    if (!isnan(c->sd))
        return tfu_arena_printf(a, "%.*f ± %.*f", digits, c->number, digits, c->sd);
    if (!isnan(c->low))
        return tfu_arena_printf(a, "%.*f [%.*f, %.*f]", digits, c->number, digits, c->low, digits,
                                c->high);
    return tfu_arena_printf(a, "%.*f", digits, c->number);
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
        cell[t->columns + i] = cell_text(&arena, &t->cell[i], t->column[i % t->columns].digits);
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
