/* SPDX-License-Identifier: MIT */
#include "core/cli/table.h"

#include <math.h>
#include <stdlib.h>

void tfu_table_init(struct tfu_table *t, size_t columns)
{
    *t = (struct tfu_table){.columns = columns};
    tfu_arena_init(&t->arena, 0);
}

void tfu_table_free(struct tfu_table *t)
{
    tfu_arena_free(&t->arena);
    free(t->cell);
}

static bool make_room(struct tfu_table *t)
{
    if (t->count < t->capacity)
        return true;
    const size_t capacity = t->capacity ? 2 * t->capacity : 64;
    const char **cell = reallocarray(t->cell, capacity, sizeof *cell);
    if (!cell)
        return false;
    t->cell = cell;
    t->capacity = capacity;
    return true;
}

void tfu_table_cell(struct tfu_table *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = tfu_arena_printf_v(&t->arena, fmt, args);
    va_end(args);
    if (text && make_room(t))
        t->cell[t->count++] = text;
    else
        t->failed = true;
}

void tfu_table_number(struct tfu_table *t, double value, int digits)
{
    if (isnan(value))
        tfu_table_cell(t, "n/a");
    else
        tfu_table_cell(t, "%.*f", digits, value);
}

/* Characters, not bytes, of UTF-8. */
static int width_of(const char *s)
{
    int n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

static int column_width(const struct tfu_table *t, size_t column)
{
    int width = 0;
    for (size_t i = column; i < t->count; i += t->columns) {
        const int w = width_of(t->cell[i]);
        width = w > width ? w : width;
    }
    return width;
}

enum tfu_status tfu_table_print(const struct tfu_table *t, FILE *out, struct tfu_error *e)
{
    int *width = calloc(t->columns, sizeof *width);
    if (t->failed || !width) {
        free(width);
        return tfu_error_memory(e, "printing a table", 0);
    }
    for (size_t k = 0; k < t->columns; k++)
        width[k] = column_width(t, k);
    for (size_t i = 0; i < t->count; i++) {
        const size_t k = i % t->columns;
        const bool last = k + 1 == t->columns;
        const int blanks = width[k] - width_of(t->cell[i]);
        if (k == 0)
            fprintf(out, "  %s%*s", t->cell[i], last ? 0 : blanks, "");
        else
            fprintf(out, "  %*s%s", blanks, "", t->cell[i]);
        if (last)
            fputc('\n', out);
    }
    free(width);
    return TFU_OK;
}
