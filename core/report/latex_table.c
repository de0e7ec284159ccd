/* SPDX-License-Identifier: MIT */
#include "core/report/latex_table.h"

#include <string.h>

#include "core/report/markup.h"
#include "core/report/number_text.h"
#include "core/report/table_heads.h"

bool tfu_latex_is_long(const struct tfu_report_table *t)
{
    enum { ROWS_OF_A_PAGE = 45 };
    return t->rows > ROWS_OF_A_PAGE;
}

static void put_said(struct tfu_text *out, const struct tfu_report_number *n, const char *before,
                     void (*put)(struct tfu_text *out, const struct tfu_report_number *n))
{
    tfu_report_put_said(out, &tfu_markup_latex, n, before, put);
}

/* The number, and what belongs to it in lines below. */
static void put_number(struct tfu_text *out, const struct tfu_report_number *n,
                       const struct tfu_report_reasons *reasons)
{
    const size_t reason = tfu_report_reason_number(reasons, n->why);
    const bool missing = tfu_report_number_missing(n);
    tfu_text_puts(out, "\\begin{tabular}[t]{@{}r@{}}");
    if (missing) {
        if (tfu_report_number_absent(n))
            tfu_text_puts(out, "--");
        else
            tfu_text_printf(out, "\\emph{%s}", tfu_report_number_hole(n));
    } else {
        tfu_text_puts(out, n->best ? "\\textbf{" : "");
        put_said(out, n, "", tfu_report_put_value);
        tfu_text_puts(out, n->best ? "}" : "");
        put_said(out, n, "", tfu_report_put_spread);
        tfu_text_puts(out, n->better  ? " \\ensuremath{\\uparrow}"
                           : n->worse ? " \\ensuremath{\\downarrow}"
                                      : "");
    }
    if (reason)
        tfu_text_printf(out, "\\textsuperscript{%zu}", reason);
    put_said(out, n, "\\\\\\scriptsize ", tfu_report_put_interval);
    if (n->runs < n->asked) {
        tfu_text_puts(out, "\\\\\\scriptsize\\emph{");
        tfu_report_put_count(out, n->runs, n->asked);
        tfu_text_puts(out, "}");
    }
    if (!missing)
        put_said(out, n, "\\\\\\scriptsize ", tfu_report_put_corrected_p);
    put_said(out, n, "\\\\\\scriptsize published ", tfu_report_put_published);
    tfu_text_puts(out, "\\end{tabular}");
}

/* A long text in lines. */
static void put_words(struct tfu_text *out, const char *text)
{
    enum { WIDE = 40 };
    const bool is_long = strlen(text) > WIDE;
    tfu_text_puts(out, is_long ? "\\parbox[t]{4.5cm}{\\raggedright " : "");
    tfu_markup_line(out, &tfu_markup_latex, text);
    tfu_text_puts(out, is_long ? "}" : "");
}

static void put_cell(struct tfu_text *out, const struct tfu_report_cell *c, bool head, size_t width,
                     const struct tfu_report_reasons *reasons)
{
    if (width > 1)
        tfu_text_printf(out, "\\multicolumn{%zu}{c}{", width);
    if (c->text)
        put_words(out, c->text);
    else if (!head)
        put_number(out, &c->number, reasons);
    tfu_text_puts(out, width > 1 ? "}" : "");
}

/* Lines under what stretches over several columns. */
static void put_lines(struct tfu_text *out, const struct tfu_report_table *t, size_t row)
{
    bool any = false;
    for (size_t c = 0, width; c < t->columns; c += width) {
        width = tfu_report_cell_width(t, row, c);
        if (width < 2)
            continue;
        tfu_text_printf(out, "\\cmidrule(lr){%zu-%zu}", c + 1, c + width);
        any = true;
    }
    tfu_text_puts(out, any ? "\n" : "");
}

/* What heads is beside it stands there. */
static void put_corner(struct tfu_text *out, const struct tfu_report_table *t, size_t row,
                       size_t column)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_report_put_corner(&text, t, row, column);
    const bool beside = text.length > 0 && !tfu_report_cell_at(t, row, column)->text[0];
    tfu_text_puts(out, beside ? "\\multicolumn{1}{r}{\\emph{" : "");
    put_words(out, tfu_text_get(&text));
    tfu_text_puts(out, beside ? "}}" : "");
    out->failed |= text.failed;
    tfu_text_free(&text);
}

static void put_row(struct tfu_text *out, const struct tfu_report_table *t, size_t row,
                    const struct tfu_report_reasons *reasons)
{
    const bool head = row < t->head_rows;
    for (size_t c = 0, width; c < t->columns; c += width) {
        width = tfu_report_cell_width(t, row, c);
        tfu_text_puts(out, c ? " & " : "");
        if (head && c < t->head_columns)
            put_corner(out, t, row, c);
        else
            put_cell(out, tfu_report_cell_at(t, row, c), head, width, reasons);
    }
    tfu_text_puts(out, " \\\\\n");
    if (head && row + 1 < t->head_rows)
        put_lines(out, t, row);
}

/* Notes and reasons, as a paragraph after the table. */
static void put_notes(struct tfu_text *out, const struct tfu_report_table *t,
                      const struct tfu_report_reasons *reasons)
{
    if (t->notes == 0 && reasons->count == 0)
        return;
    tfu_text_puts(out, "\n\\par\\smallskip\n{\\footnotesize\\raggedright\n");
    for (size_t i = 0; i < t->notes; i++) {
        if (tfu_report_reasons_say(reasons, t->note[i]))
            continue;
        tfu_markup_line(out, &tfu_markup_latex, t->note[i]);
        tfu_text_puts(out, "\\par\n");
    }
    for (size_t i = 0; i < reasons->count; i++) {
        tfu_text_printf(out, "\\textsuperscript{%zu}~", i + 1);
        tfu_markup_line(out, &tfu_markup_latex, reasons->text[i]);
        tfu_text_puts(out, "\\par\n");
    }
    tfu_text_puts(out, "}\n");
}

enum tfu_status tfu_latex_table(struct tfu_text *out, const struct tfu_report_table *t,
                                struct tfu_error *e)
{
    const bool is_long = tfu_latex_is_long(t);
    struct tfu_report_reasons reasons;
    const enum tfu_status st = tfu_report_reasons_collect(&reasons, t, e);
    if (st != TFU_OK)
        return st;
    if (!is_long)
        tfu_text_puts(
            out, "\\noindent\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}"
                 "{!}{%\n");
    tfu_text_printf(out, "\\begin{%s}{@{}", is_long ? "longtable" : "tabular");
    for (size_t c = 0; c < t->columns; c++)
        tfu_text_puts(out, c < t->head_columns ? "l" : "r");
    tfu_text_puts(out, "@{}}\n\\toprule\n");
    for (size_t r = 0; r < t->rows; r++) {
        put_row(out, t, r, &reasons);
        if (r + 1 == t->head_rows)
            tfu_text_puts(out, is_long ? "\\midrule\n\\endhead\n" : "\\midrule\n");
        else if (r >= t->head_rows && r + 1 < t->rows)
            tfu_text_puts(out, "\\addlinespace\n");
    }
    tfu_text_printf(out, "\\bottomrule\n\\end{%s}%s\n", is_long ? "longtable" : "tabular",
                    is_long ? "" : "}");
    put_notes(out, t, &reasons);
    tfu_report_reasons_free(&reasons);
    return out->failed ? tfu_error_memory(e, "writing a table", 0) : TFU_OK;
}

const char tfu_latex_letters[] =
    "% a letter that pdflatex has none for: its number; XeLaTeX and LuaLaTeX print it\n"
    "\\ifdefined\\Umathcode\\DeclareRobustCommand{\\otherletter}[2]{#2}\n"
    "\\else\\DeclareRobustCommand{\\otherletter}[2]{\\texttt{[#1]}}\\fi\n";

enum tfu_status tfu_latex_table_file(struct tfu_text *out, const struct tfu_report_table *t,
                                     struct tfu_error *e)
{
    struct tfu_text table = TFU_TEXT_INIT;
    const enum tfu_status st = tfu_latex_table(&table, t, e);
    const char *text = tfu_text_get(&table);
    tfu_text_printf(out,
                    "%% \\usepackage[T1]{fontenc} \\usepackage{textcomp,booktabs,graphicx%s}\n",
                    strstr(text, "{longtable}") ? ",longtable" : "");
    if (strstr(text, "\\otherletter"))
        tfu_text_puts(out, tfu_latex_letters);
    tfu_text_puts(out, text);
    out->failed |= table.failed;
    tfu_text_free(&table);
    return st;
}
