/* SPDX-License-Identifier: MIT */
#include "core/report/table_heads.h"

#include <stdlib.h>
#include <string.h>

const struct tfu_report_cell *tfu_report_cell_at(const struct tfu_report_table *t, size_t row,
                                                 size_t column)
{
    return &t->cell[row * t->columns + column];
}

size_t tfu_report_cell_width(const struct tfu_report_table *t, size_t row, size_t column)
{
    const size_t width = tfu_report_cell_at(t, row, column)->columns;
    const size_t left = t->columns - column;
    return width == 0 ? 1 : width < left ? width : left;
}

static const struct tfu_report_cell nothing = {.text = ""};

static const struct tfu_report_cell *with_text(const struct tfu_report_cell *c)
{
    return c->text ? c : &nothing;
}

const struct tfu_report_cell *tfu_report_head_over(const struct tfu_report_table *t,
                                                   size_t head_row, size_t column)
{
    for (size_t c = 0, width; c < t->columns; c += width) {
        width = tfu_report_cell_width(t, head_row, c);
        if (column < c + width)
            return with_text(tfu_report_cell_at(t, head_row, c));
    }
    return &nothing;
}

const struct tfu_report_cell *tfu_report_head_beside(const struct tfu_report_table *t, size_t row,
                                                     size_t head_column)
{
    for (size_t r = row + 1; r-- > t->head_rows;) {
        const struct tfu_report_cell *c = with_text(tfu_report_cell_at(t, r, head_column));
        if (c->text[0])
            return c;
    }
    return &nothing;
}

const char *tfu_report_cell_key(const struct tfu_report_cell *c)
{
    return c->key ? c->key : c->text ? c->text : "";
}

const char *tfu_report_corner_axis(const struct tfu_report_table *t, size_t head_row,
                                   size_t head_column)
{
    return t->head_axis && head_column + 1 == t->head_columns ? t->head_axis[head_row] : NULL;
}

void tfu_report_put_corner(struct tfu_text *out, const struct tfu_report_table *t, size_t head_row,
                           size_t head_column)
{
    const char *below = with_text(tfu_report_cell_at(t, head_row, head_column))->text;
    const char *axis = tfu_report_corner_axis(t, head_row, head_column);
    tfu_text_printf(out, "%s%s%s", below, below[0] && axis ? " \\ " : "", axis ? axis : "");
}

/* ---- reasons */

struct reason {
    const char *text;
    size_t place; /* of the first cell that has it */
};

static int by_text(const void *a, const void *b)
{
    const struct reason *x = a, *y = b;
    const int order = strcmp(x->text, y->text);
    return order ? order : x->place < y->place ? -1 : x->place > y->place;
}

static int by_place(const void *a, const void *b)
{
    const struct reason *x = a, *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* Each once, in the order of reading. */
static size_t collect(struct reason *found, const struct tfu_report_table *t)
{
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < t->rows * t->columns; i++)
        if (!t->cell[i].text && t->cell[i].number.why)
            found[count++] = (struct reason){.text = t->cell[i].number.why, .place = i};
    qsort(found, count, sizeof *found, by_text);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(found[kept - 1].text, found[i].text) != 0)
            found[kept++] = found[i];
    qsort(found, kept, sizeof *found, by_place);
    return kept;
}

enum tfu_status tfu_report_reasons_collect(struct tfu_report_reasons *r,
                                           const struct tfu_report_table *t, struct tfu_error *e)
{
    const size_t cells = t->rows * t->columns;
    struct reason *found = calloc(cells + 1, sizeof *found);
    *r = (struct tfu_report_reasons){.text = NULL};
    if (found) {
        r->count = collect(found, t);
        r->text = calloc(r->count + 1, sizeof *r->text);
        r->sorted = calloc(r->count + 1, sizeof *r->sorted);
    }
    if (!found || !r->text || !r->sorted) {
        free(found);
        tfu_report_reasons_free(r);
        return tfu_error_memory(e, "writing a table", 0);
    }
    for (size_t i = 0; i < r->count; i++) {
        r->text[i] = found[i].text;
        found[i].place = i;
    }
    qsort(found, r->count, sizeof *found, by_text);
    for (size_t i = 0; i < r->count; i++)
        r->sorted[i] = found[i].place;
    free(found);
    return TFU_OK;
}

size_t tfu_report_reason_number(const struct tfu_report_reasons *r, const char *why)
{
    size_t low = 0, high = why ? r->count : 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(why, r->text[r->sorted[middle]]);
        if (order == 0)
            return r->sorted[middle] + 1;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

bool tfu_report_reasons_say(const struct tfu_report_reasons *r, const char *note)
{
    while (note) {
        if (tfu_report_reason_number(r, note))
            return true;
        note = strstr(note, ": ");
        note = note ? note + 2 : NULL;
    }
    return false;
}

void tfu_report_reasons_free(struct tfu_report_reasons *r)
{
    free(r->text);
    free(r->sorted);
    *r = (struct tfu_report_reasons){.text = NULL};
}
