/* SPDX-License-Identifier: MIT */
#include "core/report/markdown_table.h"
#include "core/report/markup.h"
#include "core/report/number_text.h"
#include "core/report/table_heads.h"

/* Digits, points and brackets: they mean nothing in Markdown where no link is. */
static void put_digits(struct tfu_text *out, const struct tfu_report_number *n, const char *before,
                       void (*put)(struct tfu_text *out, const struct tfu_report_number *n))
{
    tfu_report_put_said(out, NULL, n, before, put);
}

static void put_said(struct tfu_text *out, const struct tfu_report_number *n, const char *before,
                     void (*put)(struct tfu_text *out, const struct tfu_report_number *n))
{
    tfu_report_put_said(out, &tfu_markup_markdown, n, before, put);
}

static void put_reason(struct tfu_text *out, const struct tfu_report_reasons *reasons,
                       const char *why)
{
    const size_t number = tfu_report_reason_number(reasons, why);
    if (number)
        tfu_text_printf(out, " (%zu)", number);
}

static void put_number(struct tfu_text *out, const struct tfu_report_number *n,
                       const struct tfu_report_reasons *reasons)
{
    if (tfu_report_number_missing(n)) {
        if (tfu_report_number_absent(n))
            tfu_text_puts(out, "–");
        else
            tfu_text_printf(out, "*%s*", tfu_report_number_hole(n));
    } else {
        tfu_text_puts(out, n->best ? "**" : "");
        put_said(out, n, "", tfu_report_put_value);
        tfu_text_puts(out, n->best ? "**" : "");
        put_digits(out, n, "", tfu_report_put_spread);
        put_digits(out, n, " ", tfu_report_put_interval);
        tfu_text_puts(out, n->better ? " ▲" : n->worse ? " ▼" : "");
        put_digits(out, n, " ", tfu_report_put_corrected_p);
    }
    if (n->runs < n->asked) {
        tfu_text_puts(out, ", *");
        tfu_report_put_count(out, n->runs, n->asked);
        tfu_text_puts(out, "*");
    }
    put_reason(out, reasons, n->why);
    put_said(out, n, "; published ", tfu_report_put_published);
}

/* Markdown has one row of heads: those above each other become one... */
static void put_head(struct tfu_text *out, const struct tfu_report_table *t, size_t column)
{
    for (size_t r = 0, said = 0; r < t->head_rows; r++) {
        const char *head = tfu_report_head_over(t, r, column)->text;
        if (!head[0])
            continue;
        tfu_text_puts(out, said++ ? " / " : "");
        tfu_markup_line(out, &tfu_markup_markdown, head);
    }
}

/* ... and the corner says what they are in the same order: "arch \ limit / start". */
static void put_corner(struct tfu_text *out, const struct tfu_report_table *t, size_t column)
{
    put_head(out, t, column);
    for (size_t r = 0, said = 0; r < t->head_rows; r++) {
        const char *axis = tfu_report_corner_axis(t, r, column);
        if (!axis)
            continue;
        tfu_markup_plain(out, &tfu_markup_markdown, said++ ? " / " : " \\ ");
        tfu_markup_line(out, &tfu_markup_markdown, axis);
    }
}

static void put_heads(struct tfu_text *out, const struct tfu_report_table *t)
{
    for (size_t c = 0; c < t->columns; c++) {
        tfu_text_puts(out, c ? " | " : "| ");
        if (c < t->head_columns)
            put_corner(out, t, c);
        else
            put_head(out, t, c);
    }
    tfu_text_puts(out, " |\n");
    for (size_t c = 0; c < t->columns; c++)
        tfu_text_puts(out, c < t->head_columns ? "| --- " : "| ---: ");
    tfu_text_puts(out, "|\n");
}

static void put_row(struct tfu_text *out, const struct tfu_report_table *t, size_t row,
                    const struct tfu_report_reasons *reasons)
{
    for (size_t c = 0; c < t->columns; c++) {
        const struct tfu_report_cell *cell = tfu_report_cell_at(t, row, c);
        tfu_text_puts(out, c ? " | " : "| ");
        if (cell->text)
            tfu_markup_line(out, &tfu_markup_markdown, cell->text);
        else
            put_number(out, &cell->number, reasons);
    }
    tfu_text_puts(out, " |\n");
}

enum tfu_status tfu_markdown_table(struct tfu_text *out, const struct tfu_report_table *t,
                                   struct tfu_error *e)
{
    struct tfu_report_reasons reasons;
    const enum tfu_status st = tfu_report_reasons_collect(&reasons, t, e);
    if (st != TFU_OK)
        return st;
    put_heads(out, t);
    for (size_t r = t->head_rows; r < t->rows; r++)
        put_row(out, t, r, &reasons);
    tfu_text_puts(out, "\n");
    for (size_t i = 0; i < t->notes; i++) {
        if (tfu_report_reasons_say(&reasons, t->note[i]))
            continue;
        tfu_markup_line(out, &tfu_markup_markdown, t->note[i]);
        tfu_text_puts(out, "\n\n");
    }
    for (size_t i = 0; i < reasons.count; i++) {
        tfu_text_printf(out, "(%zu) ", i + 1);
        tfu_markup_line(out, &tfu_markup_markdown, reasons.text[i]);
        tfu_text_puts(out, "\n\n");
    }
    tfu_report_reasons_free(&reasons);
    return out->failed ? tfu_error_memory(e, "writing a table", 0) : TFU_OK;
}
