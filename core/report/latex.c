/* SPDX-License-Identifier: MIT */
#include "core/report/latex.h"

#include "core/report/excerpt.h"
#include "core/report/latex_table.h"
#include "core/report/markup.h"

static const char preamble[] = "\\documentclass[a4paper]{article}\n"
                               "\\usepackage[T1]{fontenc}\n"
                               "\\usepackage[utf8]{inputenc}\n"
                               "\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}\n"
                               "\\usepackage{textcomp}\n"
                               "\\usepackage{booktabs}\n"
                               "\\usepackage{graphicx}\n"
                               "\\usepackage{longtable}\n"
                               "\\usepackage[margin=25mm]{geometry}\n"
                               "\\usepackage{float}\n"
                               "\\setlength{\\parindent}{0pt}\n"
                               "\\setlength{\\parskip}{0.6em}\n"
                               "\\sloppy\n";

static void put_line(struct tfu_text *out, const char *text)
{
    tfu_markup_line(out, &tfu_markup_latex, text);
}

/* Lines in columns: blanks are kept. */
static void put_printed(struct tfu_text *out, const char *text, const char *file)
{
    const struct tfu_excerpt x = tfu_excerpt(text, TFU_PRINTED_MOST);
    const char *end = text + x.bytes;
    tfu_text_puts(out,
                  "{\\footnotesize\\ttfamily\\raggedright\\parskip=0pt\\obeylines\\obeyspaces%\n");
    while (text < end) {
        struct tfu_text line = TFU_TEXT_INIT;
        const char *start = text;
        while (text < end && *text != '\n')
            text++;
        tfu_text_append(&line, start, (size_t)(text - start));
        tfu_text_puts(out, "\\strut{}"); /* an empty line is one */
        tfu_markup_plain(out, &tfu_markup_latex, tfu_text_get(&line));
        tfu_text_puts(out, "\n");
        text += text < end;
        out->failed |= line.failed;
        tfu_text_free(&line);
    }
    tfu_text_puts(out, "}\n\n");
    if (x.shown == x.lines)
        return;
    tfu_text_printf(out, "\\emph{%zu lines of %zu}", x.shown, x.lines);
    if (file) {
        tfu_text_puts(out, ": the rest stands in \\texttt{");
        tfu_markup_plain(out, &tfu_markup_latex, file);
        tfu_text_puts(out, "}");
    }
    tfu_text_puts(out, ".\n\n");
}

static void put_missing(struct tfu_text *out, const char *text)
{
    tfu_text_puts(out, "\\fbox{\\begin{minipage}{0.96\\linewidth}\\textbf{Missing:} ");
    put_line(out, text);
    tfu_text_puts(out, "\\end{minipage}}\n\n");
}

static void put_caption(struct tfu_text *out, const char *caption, const char *name)
{
    tfu_text_puts(out, "\\caption{");
    put_line(out, caption ? caption : name);
    tfu_text_puts(out, "}\n");
}

static void put_table(struct tfu_text *out, const struct tfu_report_table *t)
{
    struct tfu_text name = TFU_TEXT_INIT;
    tfu_report_put_name(&name, t->name);
    if (tfu_latex_is_long(t)) { /* it floats nowhere */
        tfu_text_puts(out, "\\refstepcounter{table}\\textbf{Table \\thetable:} ");
        put_line(out, t->caption ? t->caption : t->name);
        tfu_text_printf(out, "\n\n{\\small\\input{tables/%s.tex}}\n\n", tfu_text_get(&name));
    } else {
        tfu_text_puts(out, "\\begin{table}[H]\n\\centering\n");
        put_caption(out, t->caption, t->name);
        tfu_text_printf(out, "\\smallskip\n\\small\n\\input{tables/%s.tex}\n\\end{table}\n\n",
                        tfu_text_get(&name));
    }
    out->failed |= name.failed;
    tfu_text_free(&name);
}

static void put_figure(struct tfu_text *out, const struct tfu_report_figure *f,
                       const struct tfu_report_picture *d)
{
    const bool pdf = d->has[TFU_FIGURE_PDF], png = d->has[TFU_FIGURE_PNG];
    tfu_text_puts(out, "\\begin{figure}[H]\n\\centering\n");
    if (f->hole)
        put_missing(out, f->hole);
    else if (pdf || png)
        tfu_text_printf(out,
                        "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}"
                        "{\\includegraphics{%s.%s}}\n",
                        d->base, pdf ? "pdf" : "png");
    else
        put_missing(out, "the picture, as gnuplot did not draw it");
    put_caption(out, f->caption, f->name);
    tfu_text_puts(out, "\\end{figure}\n\n");
}

static void put_block(struct tfu_text *out, const struct tfu_report_page *page, size_t i)
{
    const struct tfu_report_block *b = &page->report->block[i];
    switch (b->kind) {
    case TFU_REPORT_HEADING:
        tfu_text_puts(out, tfu_report_heading_level(page->report, i) == 2 ? "\\section{"
                                                                          : "\\subsection{");
        put_line(out, b->text);
        tfu_text_puts(out, "}\n\n");
        break;
    case TFU_REPORT_TEXT:
        tfu_markup_prose(out, &tfu_markup_latex, b->text);
        break;
    case TFU_REPORT_PRINTED:
        put_printed(out, b->text, b->file);
        break;
    case TFU_REPORT_TABLE:
        put_table(out, b->table);
        break;
    case TFU_REPORT_FIGURE:
        put_figure(out, b->figure, &page->drawing[i]);
        break;
    case TFU_REPORT_HOLE:
        put_missing(out, b->text);
        break;
    }
}

enum tfu_status tfu_latex_page(struct tfu_text *out, const struct tfu_report_page *page,
                               struct tfu_error *e)
{
    const struct tfu_report *r = page->report;
    tfu_text_puts(out, preamble);
    tfu_text_puts(out, tfu_latex_letters);
    tfu_text_puts(out, "\\title{");
    put_line(out, r->title ? r->title : r->study ? r->study : "Report");
    tfu_text_printf(out,
                    "}\n\\date{}\n\\begin{document}\n\\maketitle\n\n%zu of %zu runs are done.\n\n",
                    r->done, r->runs);
    for (size_t i = 0; i < r->blocks; i++)
        put_block(out, page, i);
    if (r->commands)
        tfu_text_puts(out, "\\clearpage\n\\section*{Commands}\n\n");
    for (size_t i = 0; i < r->commands; i++)
        put_printed(out, r->command[i], NULL);
    tfu_text_puts(out, "\\end{document}\n");
    return out->failed ? tfu_error_memory(e, "writing a report", 0) : TFU_OK;
}
