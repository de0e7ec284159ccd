/* SPDX-License-Identifier: MIT */
#include "core/report/markdown.h"

#include "core/report/excerpt.h"
#include "core/report/markdown_table.h"
#include "core/report/markup.h"
#include "core/report/number_text.h"

static void put_line(struct tfu_text *out, const char *text)
{
    tfu_markup_line(out, &tfu_markup_markdown, text);
}

static void put_printed(struct tfu_text *out, const char *text, const char *file)
{
    const struct tfu_excerpt x = tfu_excerpt(text, TFU_PRINTED_MOST);
    const char *end = text + x.bytes;
    /* indented: no fence that it may hold ends it */
    while (text < end) {
        const char *start = text;
        while (text < end && *text != '\n')
            text++;
        tfu_text_puts(out, "    ");
        tfu_text_append(out, start, (size_t)(text - start));
        tfu_text_puts(out, "\n");
        text += text < end;
    }
    tfu_text_puts(out, "\n");
    if (x.shown == x.lines)
        return;
    tfu_text_printf(out, "*%zu lines of %zu*", x.shown, x.lines);
    if (file) {
        tfu_text_puts(out, ": the rest stands in ");
        put_line(out, file);
    }
    tfu_text_puts(out, ".\n\n");
}

static void put_missing(struct tfu_text *out, const char *text)
{
    tfu_text_puts(out, "> **Missing:** ");
    put_line(out, text);
    tfu_text_puts(out, "\n\n");
}

static enum tfu_status put_table(struct tfu_text *out, const struct tfu_report_table *t,
                                 size_t number, struct tfu_error *e)
{
    tfu_text_printf(out, "**Table %zu.** ", number);
    put_line(out, t->caption ? t->caption : t->name);
    tfu_text_puts(out, "\n\n");
    return tfu_markdown_table(out, t, e);
}

static void put_picture(struct tfu_text *out, const struct tfu_report_figure *f,
                        const struct tfu_report_picture *d, size_t number)
{
    const bool svg = d->has[TFU_FIGURE_SVG], png = d->has[TFU_FIGURE_PNG];
    if (f->hole) {
        put_missing(out, f->hole);
    } else if (svg || png) {
        tfu_text_puts(out, "![");
        tfu_markup_plain(out, &tfu_markup_markdown,
                         f->alternative ? f->alternative
                         : f->caption   ? f->caption
                                        : f->name);
        tfu_text_printf(out, "](%s.%s)\n\n", d->base, svg ? "svg" : "png");
    }
    tfu_text_printf(out, "**Figure %zu.** ", number);
    put_line(out, f->caption ? f->caption : f->name);
    if (f->asked > f->runs) {
        tfu_text_puts(out, " *Over ");
        tfu_report_put_count(out, f->runs, f->asked);
        tfu_text_puts(out, ".*");
    }
    for (size_t i = 0, count = 0; i < TFU_FIGURE_FILES; i++)
        if (d->has[i])
            tfu_text_printf(out, "%s[%s](%s.%s)",
                            count++ ? ", " : " Files: ", tfu_figure_endings[i].title, d->base,
                            tfu_figure_endings[i].ending);
    tfu_text_puts(out, "\n\n");
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
            tfu_text_puts(out, tfu_report_heading_level(r, i) == 2 ? "## " : "### ");
            put_line(out, b->text);
            tfu_text_puts(out, "\n\n");
            break;
        case TFU_REPORT_TEXT:
            tfu_markup_prose(out, &tfu_markup_markdown, b->text);
            break;
        case TFU_REPORT_PRINTED:
            put_printed(out, b->text, b->file);
            break;
        case TFU_REPORT_TABLE:
            st = put_table(out, b->table, ++tables, e);
            break;
        case TFU_REPORT_FIGURE:
            put_picture(out, b->figure, &page->drawing[i], ++figures);
            break;
        case TFU_REPORT_HOLE:
            put_missing(out, b->text);
            break;
        }
    }
    return st;
}

enum tfu_status tfu_markdown_page(struct tfu_text *out, const struct tfu_report_page *page,
                                  struct tfu_error *e)
{
    const struct tfu_report *r = page->report;
    tfu_text_puts(out, "# ");
    put_line(out, r->title ? r->title : r->study ? r->study : "Report");
    tfu_text_printf(out, "\n\n%zu of %zu runs are done.\n\n", r->done, r->runs);
    const enum tfu_status st = put_blocks(out, page, e);
    if (r->commands)
        tfu_text_puts(out, "## Commands\n\n");
    for (size_t i = 0; i < r->commands; i++)
        tfu_text_printf(out, "    %s\n", r->command[i]);
    return st == TFU_OK && out->failed ? tfu_error_memory(e, "writing a report", 0) : st;
}
