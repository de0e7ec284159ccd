/* SPDX-License-Identifier: MIT */
#include "core/report/html_figure.h"

#include <stdio.h>

#include "core/report/markup.h"
#include "core/report/number_text.h"
#include "core/report/run_sets.h"
#include "core/report/svg_inline.h"
#include "core/result/figure.h"

void tfu_html_put_missing(struct tfu_text *out, const char *text)
{
    tfu_text_puts(out, "<div class=\"missing\"><p><strong>Missing:</strong> ");
    tfu_markup_line(out, &tfu_markup_html, text);
    tfu_text_puts(out, "</p></div>\n");
}

static void put_files(struct tfu_text *out, const struct tfu_report_picture *d)
{
    size_t count = 0;
    for (size_t i = 0; i < TFU_FIGURE_FILES; i++)
        if (d->has[i])
            tfu_text_printf(out, "%s<a href=\"%s.%s\">%s</a>",
                            count++ ? " · " : " <span class=\"files\">As a file: ", d->base,
                            tfu_figure_endings[i].ending, tfu_figure_endings[i].title);
    tfu_text_puts(out, count ? "</span>" : "");
}

static void put_runs(struct tfu_text *out, const struct tfu_report *r,
                     const struct tfu_report_figure *f)
{
    char name[TFU_RUN_SET_NAME];
    tfu_run_set_name(r, f->run, f->runs, name);
    if (f->asked == 0 && f->runs == 0)
        return;
    tfu_text_printf(out, " <span class=\"files\">Over %s%s%s", name[0] ? "<a href=\"#" : "", name,
                    name[0] ? "\">" : "");
    tfu_report_put_count(out, f->runs, f->asked > f->runs ? f->asked : f->runs);
    tfu_text_printf(out, "%s.</span>", name[0] ? "</a>" : "");
}

static enum tfu_status put_drawing(struct tfu_text *out, const struct tfu_report_figure *f,
                                   const struct tfu_report_picture *d, size_t number,
                                   struct tfu_error *e)
{
    char prefix[32], title[32];
    snprintf(prefix, sizeof prefix, "drawing-%zu", number);
    snprintf(title, sizeof title, "Figure %zu", number);
    const struct tfu_svg_words words = {.prefix = prefix,
                                        .title = title,
                                        .description = f->alternative ? f->alternative
                                                       : f->caption   ? f->caption
                                                                      : f->name};
    const bool several = f->figure && f->figure->panel_count > 1;
    tfu_text_printf(out, "<div class=\"drawing%s\"%s>\n", several ? " panels" : "",
                    several ? " tabindex=\"0\"" : "");
    const enum tfu_status st = tfu_svg_put_inline(out, d->svg, d->svg_length, &words, e);
    tfu_text_puts(out, "</div>\n");
    return st == TFU_OK ? st : tfu_error_prefix(e, "%s.svg", d->base);
}

enum tfu_status tfu_html_put_figure(struct tfu_text *out, const struct tfu_report_page *page,
                                    const struct tfu_report_figure *f,
                                    const struct tfu_report_picture *drawing, size_t number,
                                    struct tfu_error *e)
{
    struct tfu_text name = TFU_TEXT_INIT;
    enum tfu_status st = TFU_OK;
    tfu_report_put_name(&name, f->name);
    tfu_text_printf(out, "<figure class=\"picture\" id=\"figure-%s\">\n", tfu_text_get(&name));
    if (f->hole)
        tfu_html_put_missing(out, f->hole);
    else if (drawing->svg)
        st = put_drawing(out, f, drawing, number, e);
    else
        tfu_html_put_missing(out, "the picture, as gnuplot did not draw it; its data and script "
                                  "are there");
    tfu_text_printf(out, "<figcaption><span class=\"number\">Figure %zu.</span> ", number);
    tfu_markup_line(out, &tfu_markup_html, f->caption ? f->caption : f->name);
    put_runs(out, page->report, f);
    if (!(page->formats & TFU_REPORT_ALONE))
        put_files(out, drawing);
    tfu_text_puts(out, "</figcaption>\n</figure>\n");
    out->failed |= name.failed;
    tfu_text_free(&name);
    return st;
}
