/* SPDX-License-Identifier: MIT */
#include "core/report/html_page.h"

#include "core/report/excerpt.h"
#include "core/report/html_figure.h"
#include "core/report/html_runs.h"
#include "core/report/html_style.h"
#include "core/report/html_table.h"
#include "core/report/markup.h"

static const char *title_of(const struct tfu_report *r)
{
    return r->title ? r->title : r->study ? r->study : "Report";
}

/* ---- the head, and what stands before the first block */

static void put_head(struct tfu_text *out, const struct tfu_report_page *page)
{
    tfu_text_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, "
                       "initial-scale=1\">\n");
    if (page->refresh)
        tfu_text_printf(out, "<meta http-equiv=\"refresh\" content=\"%u\">\n", page->refresh);
    tfu_text_puts(out, "<title>");
    tfu_markup_plain(out, &tfu_markup_html, title_of(page->report));
    tfu_text_puts(out, "</title>\n<style>\n");
    for (size_t i = 0; i < tfu_html_style_count; i++) {
        tfu_text_puts(out, tfu_html_style[i]);
        tfu_text_puts(out, "\n");
    }
    tfu_text_puts(out, "</style>\n</head>\n<body>\n"
                       "<a class=\"skip\" href=\"#content\">Skip to the content</a>\n");
}

static void put_other_forms(struct tfu_text *out, unsigned formats)
{
    static const struct {
        unsigned format;
        const char *file, *title;
    } forms[] = {{TFU_REPORT_MARKDOWN, "report.md", "Markdown"},
                 {TFU_REPORT_LATEX, "report.tex", "LaTeX"},
                 {TFU_REPORT_JSON, "report.json", "JSON"},
                 {TFU_REPORT_CSV, "runs.csv", "runs (CSV)"}};
    size_t count = 0;
    for (size_t i = 0; i < TFU_COUNT(forms); i++)
        if (formats & forms[i].format)
            tfu_text_printf(out, "%s<a href=\"%s\">%s</a>", count++ ? ", " : " Also as ",
                            forms[i].file, forms[i].title);
    tfu_text_puts(out, count ? "." : "");
}

static void put_header(struct tfu_text *out, const struct tfu_report_page *page)
{
    const struct tfu_report *r = page->report;
    tfu_text_puts(out, "<header>\n<h1>");
    tfu_markup_line(out, &tfu_markup_html, title_of(r));
    tfu_text_puts(out, "</h1>\n<p class=\"state\">");
    if (r->study) {
        tfu_text_puts(out, "Study <code>");
        tfu_markup_plain(out, &tfu_markup_html, r->study);
        tfu_text_puts(out, "</code>. ");
    }
    if (r->runs == r->done)
        tfu_text_printf(out, "All %zu runs are done.", r->runs);
    else
        tfu_text_printf(out,
                        "<strong>%zu of %zu runs are done</strong>: what is missing is marked.",
                        r->done, r->runs);
    put_other_forms(out, page->formats);
    tfu_text_puts(out, "</p>\n</header>\n");
}

/* ---- headings */

static void put_entry(struct tfu_text *out, const struct tfu_report *r, size_t i)
{
    tfu_text_printf(out, "<li><a href=\"#section-%zu\">", i + 1);
    tfu_markup_plain(out, &tfu_markup_html, r->block[i].text);
    tfu_text_puts(out, "</a>");
}

static void put_contents(struct tfu_text *out, const struct tfu_report *r)
{
    bool open = false, deeper = false;
    tfu_text_puts(out, "<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n"
                       "<ul>\n");
    for (size_t i = 0; i < r->blocks; i++) {
        if (r->block[i].kind != TFU_REPORT_HEADING)
            continue;
        const bool sub = tfu_report_heading_level(r, i) == 3;
        if (sub && !deeper)
            tfu_text_puts(out, "\n<ul>\n");
        else if (open)
            tfu_text_puts(out, deeper && !sub ? "</li>\n</ul>\n</li>\n" : "</li>\n");
        put_entry(out, r, i);
        open = true;
        deeper = sub;
    }
    if (open)
        tfu_text_puts(out, deeper ? "</li>\n</ul>\n</li>\n" : "</li>\n");
    if (r->commands)
        tfu_text_puts(out, "<li><a href=\"#commands\">Commands</a></li>\n");
    if (r->runs)
        tfu_text_puts(out, "<li><a href=\"#runs\">Runs</a></li>\n");
    tfu_text_puts(out, "</ul>\n</nav>\n");
}

static void put_heading(struct tfu_text *out, const struct tfu_report *r, size_t i)
{
    const int level = tfu_report_heading_level(r, i);
    tfu_text_printf(out, "<h%d id=\"section-%zu\">", level, i + 1);
    tfu_markup_line(out, &tfu_markup_html, r->block[i].text);
    tfu_text_printf(out, "</h%d>\n", level);
}

/* ---- blocks */

/* Text as a terminal has it: its line ends stay. */
static void put_printed(struct tfu_text *out, const char *text, const char *file)
{
    const size_t lines = tfu_excerpt(text, 0).lines;
    if (lines > TFU_PRINTED_FOLDED) {
        tfu_text_printf(out, "<details>\n<summary>%zu lines of text", lines);
        if (file) {
            tfu_text_puts(out, ", as in <code>");
            tfu_markup_plain(out, &tfu_markup_html, file);
            tfu_text_puts(out, "</code>");
        }
        tfu_text_puts(out, "</summary>\n");
    }
    tfu_text_puts(out, "<pre tabindex=\"0\"><code>");
    while (*text) {
        struct tfu_text line = TFU_TEXT_INIT;
        const char *start = text;
        while (*text && *text != '\n')
            text++;
        tfu_text_append(&line, start, (size_t)(text - start));
        tfu_markup_plain(out, &tfu_markup_html, tfu_text_get(&line));
        tfu_text_puts(out, "\n");
        text += *text == '\n';
        out->failed |= line.failed;
        tfu_text_free(&line);
    }
    tfu_text_puts(out,
                  lines > TFU_PRINTED_FOLDED ? "</code></pre>\n</details>\n" : "</code></pre>\n");
}

static enum tfu_status put_blocks(struct tfu_text *out, const struct tfu_report_page *page,
                                  struct tfu_error *e)
{
    const struct tfu_report *r = page->report;
    enum tfu_status st = TFU_OK;
    size_t tables = 0, figures = 0;
    for (size_t i = 0; st == TFU_OK && i < r->blocks; i++) {
        const struct tfu_report_block *b = &r->block[i];
        switch (b->kind) {
        case TFU_REPORT_HEADING:
            put_heading(out, r, i);
            break;
        case TFU_REPORT_TEXT:
            tfu_markup_prose(out, &tfu_markup_html, b->text);
            break;
        case TFU_REPORT_PRINTED:
            put_printed(out, b->text, b->file);
            break;
        case TFU_REPORT_TABLE:
            st = tfu_html_put_table(out, page, b->table, ++tables, e);
            break;
        case TFU_REPORT_FIGURE:
            st = tfu_html_put_figure(out, page, b->figure, &page->drawing[i], ++figures, e);
            break;
        case TFU_REPORT_HOLE:
            tfu_html_put_missing(out, b->text);
            break;
        }
    }
    return st;
}

static void put_commands(struct tfu_text *out, const struct tfu_report *r)
{
    if (!r->commands)
        return;
    tfu_text_puts(out, "<section>\n<h2 id=\"commands\">Commands</h2>\n<p>What made this report, "
                       "and what makes what is missing:</p>\n<pre tabindex=\"0\"><code>");
    for (size_t i = 0; i < r->commands; i++) {
        tfu_markup_plain(out, &tfu_markup_html, r->command[i]);
        tfu_text_puts(out, "\n");
    }
    tfu_text_puts(out, "</code></pre>\n</section>\n");
}

enum tfu_status tfu_html_page(struct tfu_text *out, const struct tfu_report_page *page,
                              struct tfu_error *e)
{
    const struct tfu_report *r = page->report;
    put_head(out, page);
    put_header(out, page);
    put_contents(out, r);
    tfu_text_puts(out, "<main id=\"content\" tabindex=\"-1\">\n");
    enum tfu_status st = put_blocks(out, page, e);
    put_commands(out, r);
    if (st == TFU_OK && r->runs)
        st = tfu_html_put_runs(out, page, e);
    tfu_text_puts(out, "</main>\n<footer>\n<p>Marks: ▲ better and ▼ worse by the test that the "
                       "caption names; bold: the best; dashed: runs are missing. A number says "
                       "more when pointed at, and its "
                       "link leads to its runs.</p>\n</footer>\n</body>\n</html>\n");
    return st == TFU_OK && out->failed ? tfu_error_memory(e, "writing a page", 0) : st;
}
