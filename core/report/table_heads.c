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

static const char *text_of(const struct tfu_report_cell *c)
{
    return c->text ? c->text : "";
}

const char *tfu_report_head_over(const struct tfu_report_table *t, size_t head_row, size_t column)
{
    for (size_t c = 0, width; c < t->columns; c += width) {
        width = tfu_report_cell_width(t, head_row, c);
        if (column < c + width)
            return text_of(tfu_report_cell_at(t, head_row, c));
    }
    return "";
}

const char *tfu_report_head_beside(const struct tfu_report_table *t, size_t row, size_t head_column)
{
    for (size_t r = row + 1; r-- > t->head_rows;) {
        const char *text = text_of(tfu_report_cell_at(t, r, head_column));
        if (text[0])
            return text;
    }
    return "";
}

size_t tfu_report_reason_number(const struct tfu_report_reasons *r, const char *why)
{
    for (size_t i = 0; why && i < r->count; i++)
        if (r->text[i] == why || strcmp(r->text[i], why) == 0)
            return i + 1;
    return 0;
}

enum tfu_status tfu_report_reasons_collect(struct tfu_report_reasons *r,
                                           const struct tfu_report_table *t, struct tfu_error *e)
{
    const size_t cells = t->rows * t->columns;
    *r = (struct tfu_report_reasons){.text = calloc(cells + 1, sizeof *r->text)};
    if (!r->text)
        return tfu_error_memory(e, "writing a table", 0);
    for (size_t i = 0; i < cells; i++) {
        const struct tfu_report_cell *c = &t->cell[i];
        if (!c->text && c->number.why && tfu_report_reason_number(r, c->number.why) == 0)
            r->text[r->count++] = c->number.why;
    }
    return TFU_OK;
}

bool tfu_report_reasons_say(const struct tfu_report_reasons *r, const char *note)
{
    for (size_t i = 0; i < r->count; i++)
        if (strstr(note, r->text[i]))
            return true;
    return false;
}

void tfu_report_reasons_free(struct tfu_report_reasons *r)
{
    free(r->text);
    *r = (struct tfu_report_reasons){.text = NULL};
}
