/* SPDX-License-Identifier: MIT */
#include "core/report/write.h"

#include "core/report/drawings.h"
#include "core/report/html_page.h"
#include "core/report/latex.h"
#include "core/report/latex_table.h"
#include "core/report/markdown.h"
#include "core/report/markdown_table.h"
#include "core/report/output_folder.h"
#include "core/report/report_csv.h"
#include "core/report/report_json.h"

struct work {
    struct tfu_output_folder folder;
    struct tfu_report_page page;
};

/* ---- pages */

static const struct page_format {
    unsigned format;
    const char *file;
    enum tfu_status (*make)(struct tfu_text *out, const struct tfu_report_page *page,
                            struct tfu_error *e);
} pages[] = {
    {TFU_REPORT_MARKDOWN, "report.md", tfu_markdown_page},
    {TFU_REPORT_LATEX, "report.tex", tfu_latex_page},
    {TFU_REPORT_JSON, "report.json", tfu_report_json},
    {TFU_REPORT_HTML, "index.html", tfu_html_page}, /* last: it links to all others */
};

static enum tfu_status put_text(struct work *w, const char *name, const struct tfu_text *text,
                                struct tfu_error *e)
{
    if (text->failed)
        return tfu_error_memory(e, "writing a report", 0);
    return tfu_output_folder_put(&w->folder, name, tfu_text_get(text), text->length, e);
}

static enum tfu_status write_page(struct work *w, const struct page_format *p, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = TFU_OK;
    if (w->page.formats & p->format) {
        st = p->make(&text, &w->page, e);
        if (st == TFU_OK)
            st = put_text(w, p->file, &text, e);
    }
    tfu_text_free(&text);
    return st;
}

/* ---- tables */

static const struct table_format {
    unsigned format;
    const char *ending;
    enum tfu_status (*make)(struct tfu_text *out, const struct tfu_report_table *t,
                            struct tfu_error *e);
} tables[] = {
    {TFU_REPORT_CSV, "csv", tfu_report_table_csv},
    {TFU_REPORT_MARKDOWN, "md", tfu_markdown_table},
    {TFU_REPORT_LATEX, "tex", tfu_latex_table_file},
};

static enum tfu_status write_table(struct work *w, const struct tfu_report_table *t,
                                   struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(tables); i++) {
        struct tfu_text name = TFU_TEXT_INIT, text = TFU_TEXT_INIT;
        if (!(w->page.formats & tables[i].format))
            continue;
        tfu_text_puts(&name, "tables/");
        tfu_report_put_name(&name, t->name);
        tfu_text_printf(&name, ".%s", tables[i].ending);
        st = name.failed ? tfu_error_memory(e, "writing a table", 0) : tables[i].make(&text, t, e);
        if (st == TFU_OK)
            st = put_text(w, name.data, &text, e);
        tfu_text_free(&name);
        tfu_text_free(&text);
    }
    return st;
}

static enum tfu_status write_runs(struct work *w, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = TFU_OK;
    if (w->page.formats & TFU_REPORT_CSV) {
        st = tfu_report_runs_csv(&text, w->page.report, e);
        if (st == TFU_OK)
            st = put_text(w, "runs.csv", &text, e);
    }
    tfu_text_free(&text);
    return st;
}

/* ---- all of it */

static enum tfu_status write_all(struct work *w, struct tfu_error *e)
{
    const struct tfu_report *r = w->page.report;
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < r->blocks; i++)
        if (r->block[i].kind == TFU_REPORT_TABLE)
            st = write_table(w, r->block[i].table, e);
    if (st == TFU_OK)
        st = write_runs(w, e);
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(pages); i++)
        st = write_page(w, &pages[i], e);
    return st == TFU_OK ? tfu_output_folder_end(&w->folder, e) : st;
}

enum tfu_status tfu_report_write(const struct tfu_report *r, struct tfu_report_writing *writing,
                                 struct tfu_error *e)
{
    struct work w = {
        .page = {.report = r, .formats = writing->formats, .refresh = writing->refresh}};
    struct tfu_report_picture *drawing = NULL;
    struct tfu_error missing = TFU_ERROR_INIT; /* gnuplot is */
    enum tfu_status st = tfu_output_folder_begin(&w.folder, writing->folder, e);
    if (st == TFU_OK) {
        st = tfu_report_draw(&drawing, &w.folder, r, writing, &missing);
        w.page.drawing = drawing;
        if (st == TFU_ENOTFOUND)
            st = TFU_OK;
        else if (st != TFU_OK)
            *e = missing;
    }
    if (st == TFU_OK)
        st = write_all(&w, e);
    if (st == TFU_OK && missing.status != TFU_OK) {
        *e = missing;
        st = missing.status;
    }
    writing->changed = w.folder.changed;
    tfu_output_folder_free(&w.folder);
    return st;
}
