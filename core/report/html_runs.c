/* SPDX-License-Identifier: MIT */
#include "core/report/html_runs.h"

#include <string.h>

#include "core/report/markup.h"
#include "core/report/run_sets.h"

static void put_plain(struct tfu_text *out, const char *text)
{
    tfu_markup_plain(out, &tfu_markup_html, text ? text : "");
}

/* ---- the table: runs of a set that follow each other are one body, to which its link leads */

static void put_head(struct tfu_text *out, const struct tfu_report *r)
{
    tfu_text_puts(out, "<thead>\n<tr><th scope=\"col\">run</th><th scope=\"col\">state</th>");
    if (r->columns == 0)
        tfu_text_puts(out, "<th scope=\"col\">what it is</th>");
    for (size_t k = 0; k < r->columns; k++) {
        tfu_text_puts(out, "<th scope=\"col\">");
        put_plain(out, r->column_title ? r->column_title[k] : r->column[k]);
        tfu_text_puts(out, "</th>");
    }
    tfu_text_puts(out, "<th scope=\"col\">in the store</th></tr>\n</thead>\n");
}

static void put_place(struct tfu_text *out, const struct tfu_report_run *run)
{
    tfu_text_puts(out, "<td class=\"why\">");
    if (run->path) {
        tfu_text_puts(out, "<code>");
        put_plain(out, run->path);
        tfu_text_puts(out, "</code>");
    }
    if (run->why) {
        tfu_text_puts(out, run->path ? "<br>" : "");
        tfu_markup_line(out, &tfu_markup_html, run->why);
    } else if (!run->path) {
        tfu_text_puts(out, "not begun");
    }
    tfu_text_puts(out, "</td>");
}

static void put_run(struct tfu_text *out, const struct tfu_report *r, size_t i)
{
    const struct tfu_report_run *run = &r->run[i];
    const bool done = run->state && strcmp(run->state, "done") == 0;
    tfu_text_printf(out, "<tr id=\"run-%zu\"><th scope=\"row\">%zu</th><td%s>", i + 1, i + 1,
                    done ? "" : " class=\"not-done\"");
    put_plain(out, run->state);
    tfu_text_puts(out, "</td>");
    if (r->columns == 0) {
        tfu_text_puts(out, "<td>");
        put_plain(out, run->label);
        tfu_text_puts(out, "</td>");
    }
    const char *const *value = run->word ? run->word : run->column;
    for (size_t k = 0; k < r->columns; k++) {
        tfu_text_puts(out, "<td>");
        put_plain(out, value ? value[k] : NULL);
        tfu_text_puts(out, "</td>");
    }
    put_place(out, run);
    tfu_text_puts(out, "</tr>\n");
}

static void put_rows(struct tfu_text *out, const struct tfu_report *r, size_t first, size_t end,
                     const char *name)
{
    if (first >= end)
        return;
    if (name)
        tfu_text_printf(out, "<tbody class=\"set\" id=\"%s\">\n", name);
    else
        tfu_text_puts(out, "<tbody>\n");
    for (size_t i = first; i < end; i++)
        put_run(out, r, i);
    tfu_text_puts(out, "</tbody>\n");
}

static void put_table(struct tfu_text *out, const struct tfu_report *r,
                      const struct tfu_run_sets *sets)
{
    size_t next = 0;
    tfu_text_puts(out, "<div class=\"scroll runs\" role=\"region\" tabindex=\"0\" "
                       "aria-labelledby=\"runs\">\n<table aria-labelledby=\"runs\">\n");
    put_head(out, r);
    for (size_t i = 0; i < sets->count && sets->set[i].together; i++) {
        const struct tfu_run_set *s = &sets->set[i];
        put_rows(out, r, next, s->run[0], NULL);
        next = s->run[0] + s->runs;
        put_rows(out, r, s->run[0], next, s->name);
    }
    put_rows(out, r, next, r->runs, NULL);
    tfu_text_puts(out, "</table>\n</div>\n");
}

/* ---- the other sets, as lists of links */

static void put_others(struct tfu_text *out, const struct tfu_report *r,
                       const struct tfu_run_sets *sets)
{
    size_t i = 0;
    while (i < sets->count && sets->set[i].together)
        i++;
    if (i == sets->count)
        return;
    tfu_text_puts(out, "<h3>Numbers over runs that stand apart</h3>\n<ul>\n");
    for (; i < sets->count; i++) {
        const struct tfu_run_set *s = &sets->set[i];
        tfu_text_printf(out, "<li id=\"%s\">%zu runs:", s->name, s->runs);
        for (size_t k = 0; k < s->runs; k++) {
            tfu_text_printf(out, "%s<a href=\"#run-%zu\" title=\"", k ? ", " : " ", s->run[k] + 1);
            put_plain(out, r->run[s->run[k]].label);
            tfu_text_printf(out, "\">%zu</a>", s->run[k] + 1);
        }
        tfu_text_puts(out, "</li>\n");
    }
    tfu_text_puts(out, "</ul>\n");
}

enum tfu_status tfu_html_put_runs(struct tfu_text *out, const struct tfu_report_page *page,
                                  struct tfu_error *e)
{
    const struct tfu_report *r = page->report;
    struct tfu_run_sets sets;
    const enum tfu_status st = tfu_run_sets_collect(&sets, r, e);
    if (st != TFU_OK)
        return st;
    tfu_text_puts(out, "<section>\n<h2 id=\"runs\">Runs</h2>\n<p>What the numbers above rest on: "
                       "each of them is a link to its runs here.");
    if (page->formats & TFU_REPORT_CSV)
        tfu_text_puts(out, " The same as a file: <a href=\"runs.csv\">runs.csv</a>.");
    tfu_text_puts(out, "</p>\n");
    put_table(out, r, &sets);
    put_others(out, r, &sets);
    tfu_text_puts(out, "</section>\n");
    tfu_run_sets_free(&sets);
    return TFU_OK;
}
