/* SPDX-License-Identifier: MIT */
#include "core/report/html_table.h"

#include <math.h>

#include "core/report/markup.h"
#include "core/report/number_text.h"
#include "core/report/run_sets.h"
#include "core/report/table_heads.h"

struct work {
    struct tfu_text *out;
    const struct tfu_report_page *page;
    const struct tfu_report_table *table;
    struct tfu_text name; /* as in ids and names of files */
    struct tfu_report_reasons reasons;
};

/* What `put` says of a number, escaped. */
static void put_said(struct work *w, const struct tfu_report_number *n,
                     void (*put)(struct tfu_text *out, const struct tfu_report_number *n))
{
    tfu_report_put_said(w->out, &tfu_markup_html, n, "", put);
}

/* ---- a number */

static void put_reason_mark(struct work *w, const struct tfu_report_number *n)
{
    const size_t reason = tfu_report_reason_number(&w->reasons, n->why);
    if (reason)
        tfu_text_printf(w->out, "<sup><a href=\"#why-%s-%zu\" title=\"why\">%zu</a></sup>",
                        tfu_text_get(&w->name), reason, reason);
}

/* Opens a link to the runs; false: it rests on none. */
static bool open_link(struct work *w, const struct tfu_report_number *n)
{
    char name[TFU_RUN_SET_NAME];
    tfu_run_set_name(w->page->report, n->run, n->runs, name);
    if (!name[0])
        return false;
    tfu_text_printf(w->out, "<a href=\"#%s\" title=\"", name);
    put_said(w, n, tfu_report_put_details);
    tfu_text_puts(w->out, "\">");
    return true;
}

static void put_value(struct work *w, const struct tfu_report_number *n)
{
    const bool linked = open_link(w, n);
    tfu_text_puts(w->out, "<span class=\"value\">");
    put_said(w, n, tfu_report_put_value);
    tfu_text_puts(w->out, "</span>");
    if (!isnan(n->spread)) {
        tfu_text_puts(w->out, "<span class=\"sd\">");
        put_said(w, n, tfu_report_put_spread);
        tfu_text_puts(w->out, "</span>");
    }
    if (n->best)
        tfu_text_puts(w->out, "<span class=\"aloud\"> (best)</span>");
    tfu_text_puts(w->out, linked ? "</a>" : "");
    if (n->better || n->worse)
        tfu_text_printf(w->out,
                        " <span class=\"mark\" aria-hidden=\"true\">%s</span>"
                        "<span class=\"aloud\"> %s</span>",
                        n->better ? "▲" : "▼", n->better ? "better" : "worse");
}

static void put_line_of(struct work *w, const struct tfu_report_number *n, const char *kind,
                        void (*put)(struct tfu_text *out, const struct tfu_report_number *n))
{
    tfu_text_printf(w->out, "<span class=\"more%s\">", kind);
    put_said(w, n, put);
    tfu_text_puts(w->out, "</span>");
}

static void put_published(struct work *w, const struct tfu_report_number *n)
{
    if (!n->published)
        return;
    tfu_text_puts(w->out, "<span class=\"more\">published ");
    put_said(w, n, tfu_report_put_published);
    tfu_text_puts(w->out, "</span>");
}

static void put_number(struct work *w, const struct tfu_report_number *n)
{
    const bool partial = tfu_report_number_partial(n);
    tfu_text_printf(w->out, "<td class=\"n%s%s%s\">", n->best ? " best" : "",
                    n->better  ? " better"
                    : n->worse ? " worse"
                               : "",
                    partial ? " part" : "");
    put_value(w, n);
    if (partial) {
        tfu_text_puts(w->out, "<span class=\"more\">");
        tfu_report_put_count(w->out, n->runs, n->asked);
        put_reason_mark(w, n);
        tfu_text_puts(w->out, "</span>");
    } else if (n->why) {
        put_reason_mark(w, n);
    }
    if (!isnan(n->low) && !isnan(n->high))
        put_line_of(w, n, "", tfu_report_put_interval);
    if (!isnan(n->p))
        put_line_of(w, n, " p", tfu_report_put_corrected_p);
    put_published(w, n);
    tfu_text_puts(w->out, "</td>");
}

static void put_absent(struct work *w, const struct tfu_report_number *n)
{
    tfu_text_puts(w->out, "<td class=\"n\"><span aria-hidden=\"true\">–</span>"
                          "<span class=\"aloud\">no number</span>");
    put_published(w, n);
    tfu_text_puts(w->out, "</td>");
}

static void put_hole(struct work *w, const struct tfu_report_number *n)
{
    tfu_text_printf(w->out, "<td class=\"%s\" title=\"", n->missed ? "n missed" : "hole");
    put_said(w, n, tfu_report_put_details);
    tfu_text_printf(w->out, "\">%s", tfu_report_number_hole(n));
    put_reason_mark(w, n);
    if (n->asked > 0) {
        tfu_text_puts(w->out, "<span class=\"more\">");
        tfu_report_put_count(w->out, n->runs, n->asked);
        tfu_text_puts(w->out, "</span>");
    }
    put_published(w, n);
    tfu_text_puts(w->out, "</td>");
}

/* ---- rows */

static void put_cell(struct work *w, const struct tfu_report_cell *c, const char *scope,
                     size_t width, bool over_numbers)
{
    const char *element = scope && c->text && c->text[0] ? "th" : "td";
    if (!c->text) {
        if (tfu_report_number_absent(&c->number))
            put_absent(w, &c->number);
        else if (tfu_report_number_missing(&c->number))
            put_hole(w, &c->number);
        else
            put_number(w, &c->number);
        return;
    }
    tfu_text_printf(w->out, "<%s", element);
    if (element[1] == 'h')
        tfu_text_printf(w->out, " scope=\"%s\"%s", scope, over_numbers ? " class=\"n\"" : "");
    if (width > 1)
        tfu_text_printf(w->out, " colspan=\"%zu\"", width);
    tfu_text_puts(w->out, ">");
    tfu_markup_line(w->out, &tfu_markup_html, c->text);
    tfu_text_printf(w->out, "</%s>", element);
}

/* Heads stand above their numbers, which end at the right. */
static bool has_numbers(const struct tfu_report_table *t, size_t column)
{
    for (size_t r = t->head_rows; r < t->rows; r++)
        if (!tfu_report_cell_at(t, r, column)->text)
            return true;
    return false;
}

/* It heads what is below it, or what is beside it. */
static void put_corner(struct work *w, size_t row, size_t column)
{
    const struct tfu_report_table *t = w->table;
    const bool below = tfu_report_cell_at(t, row, column)->text[0] != '\0';
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_report_put_corner(&text, t, row, column);
    const struct tfu_report_cell cell = {.text = tfu_text_get(&text)};
    put_cell(w, &cell, below ? "col" : "row", 1, false);
    w->out->failed |= text.failed;
    tfu_text_free(&text);
}

static void put_row(struct work *w, size_t row)
{
    const struct tfu_report_table *t = w->table;
    tfu_text_puts(w->out, "<tr>");
    for (size_t c = 0, width; c < t->columns; c += width) {
        width = tfu_report_cell_width(t, row, c);
        if (row < t->head_rows && c < t->head_columns) {
            put_corner(w, row, c);
            continue;
        }
        const char *scope = row < t->head_rows    ? width > 1 ? "colgroup" : "col"
                            : c < t->head_columns ? "row"
                                                  : NULL;
        put_cell(w, tfu_report_cell_at(t, row, c), scope, width,
                 row < t->head_rows && has_numbers(t, c));
    }
    tfu_text_puts(w->out, "</tr>\n");
}

/* ---- around it */

static void put_files(struct work *w)
{
    static const struct {
        unsigned format;
        const char *ending, *title;
    } files[] = {{TFU_REPORT_CSV, "csv", "CSV"},
                 {TFU_REPORT_MARKDOWN, "md", "Markdown"},
                 {TFU_REPORT_LATEX, "tex", "LaTeX"}};
    size_t count = 0;
    for (size_t i = 0; i < TFU_COUNT(files); i++)
        if (w->page->formats & files[i].format)
            tfu_text_printf(w->out, "%s<a href=\"tables/%s.%s\">%s</a>",
                            count++ ? " · " : " <span class=\"files\">As a file: ",
                            tfu_text_get(&w->name), files[i].ending, files[i].title);
    tfu_text_puts(w->out, count ? "</span>" : "");
}

static void put_notes(struct work *w)
{
    const struct tfu_report_table *t = w->table;
    const char *name = tfu_text_get(&w->name);
    tfu_text_puts(w->out, t->notes ? "<div class=\"notes\">" : "");
    for (size_t i = 0; i < t->notes; i++) {
        if (tfu_report_reasons_say(&w->reasons, t->note[i]))
            continue;
        tfu_text_puts(w->out, "<p>");
        tfu_markup_line(w->out, &tfu_markup_html, t->note[i]);
        tfu_text_puts(w->out, "</p>");
    }
    tfu_text_puts(w->out, t->notes ? "</div>\n" : "");
    if (!w->reasons.count)
        return;
    tfu_text_puts(w->out, "<ol class=\"notes\">\n");
    for (size_t i = 0; i < w->reasons.count; i++) {
        tfu_text_printf(w->out, "<li id=\"why-%s-%zu\">", name, i + 1);
        tfu_markup_line(w->out, &tfu_markup_html, w->reasons.text[i]);
        tfu_text_puts(w->out, "</li>\n");
    }
    tfu_text_puts(w->out, "</ol>\n");
}

enum tfu_status tfu_html_put_table(struct tfu_text *out, const struct tfu_report_page *page,
                                   const struct tfu_report_table *t, size_t number,
                                   struct tfu_error *e)
{
    struct work w = {.out = out, .page = page, .table = t, .name = TFU_TEXT_INIT};
    const enum tfu_status st = tfu_report_reasons_collect(&w.reasons, t, e);
    if (st != TFU_OK)
        return st;
    tfu_report_put_name(&w.name, t->name);
    const char *name = tfu_text_get(&w.name);
    tfu_text_printf(out,
                    "<figure class=\"table\" id=\"table-%s\">\n<figcaption id=\"caption-%s\">"
                    "<span class=\"number\">Table %zu.</span> ",
                    name, name, number);
    tfu_markup_line(out, &tfu_markup_html, t->caption ? t->caption : t->name);
    put_files(&w);
    tfu_text_printf(out,
                    "</figcaption>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                    "aria-labelledby=\"caption-%s\">\n<table aria-labelledby=\"caption-%s\">\n",
                    name, name);
    tfu_text_puts(out, t->head_rows ? "<thead>\n" : "");
    for (size_t r = 0; r < t->head_rows; r++)
        put_row(&w, r);
    tfu_text_printf(out, "%s<tbody>\n", t->head_rows ? "</thead>\n" : "");
    for (size_t r = t->head_rows; r < t->rows; r++)
        put_row(&w, r);
    tfu_text_puts(out, "</tbody>\n</table>\n</div>\n");
    put_notes(&w);
    tfu_text_puts(out, "</figure>\n");
    out->failed |= w.name.failed;
    tfu_text_free(&w.name);
    tfu_report_reasons_free(&w.reasons);
    return TFU_OK;
}
