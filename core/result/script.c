/* SPDX-License-Identifier: MIT */
#include "core/result/script.h"

#include <math.h>

#include "core/result/label.h"
#include "core/result/script_heat_map.h"
#include "core/result/script_pieces.h"
#include "core/result/script_series.h"

static void put_label(struct tfu_text *out, const struct tfu_layout *l, const char *clean,
                      const char *align, int font, double x, double y)
{
    tfu_text_puts(out, "set label ");
    tfu_label_quote(out, clean);
    tfu_text_puts(out, " at screen ");
    tfu_script_at(out, l, x, y);
    tfu_text_printf(out, " %s font ',%d'\n", align, font);
}

/* In as many lines as it takes. */
static void put_title(struct tfu_text *out, const struct tfu_layout *l, const char *text)
{
    struct tfu_text clean = TFU_TEXT_INIT;
    tfu_label_clean(&clean, text, SIZE_MAX);
    const char *next = tfu_text_get(&clean);
    double y = l->title_top + TFU_LAYOUT_TITLE_LINE / 2.0; /* labels are placed by their middle */
    for (const char *s = next; *s; s = next, y += TFU_LAYOUT_TITLE_LINE) {
        struct tfu_text one = TFU_TEXT_INIT;
        tfu_text_append(&one, s, tfu_label_wrap(s, l->title_most, &next));
        put_label(out, l, tfu_text_get(&one), "center", TFU_LAYOUT_TITLE_FONT, l->width / 2, y);
        out->failed |= one.failed;
        tfu_text_free(&one);
    }
    out->failed |= clean.failed;
    tfu_text_free(&clean);
}

static void put_terminals(struct tfu_text *out, const struct tfu_layout *l, const char *name)
{
    /* of the same lengths gnuplot makes other letters and lines in each format; a PDF is half as
     * large, which is what a page has room for */
    const double inch = 72, least = 0.005; /* it cuts off what is less than a point */
    tfu_text_puts(out, "do for [type in 'svg png pdf'] {\nif (type eq 'svg') {\n");
    tfu_text_printf(out,
                    "set terminal svg noenhanced size %.0f,%.0f font 'sans-serif,%d' "
                    "background rgb 'white'\n}\nif (type eq 'png') {\n",
                    l->width, l->height, TFU_LAYOUT_FONT);
    tfu_text_printf(out,
                    "set terminal pngcairo noenhanced size %.0f,%.0f font 'sans-serif,%d' "
                    "fontscale 1.5 linewidth 2 pointscale 2 background rgb 'white'\n}\n"
                    "if (type eq 'pdf') {\n",
                    l->width * 2, l->height * 2, TFU_LAYOUT_FONT);
    tfu_text_printf(out,
                    "set terminal pdfcairo noenhanced size %.3fin,%.3fin font 'sans-serif,%d' "
                    "fontscale 0.375 linewidth 1 pointscale 0.8 background rgb 'white'\n}\n",
                    l->width / 2 / inch + least, l->height / 2 / inch + least, TFU_LAYOUT_FONT);
    tfu_text_puts(out, "set xtics offset 0,(type eq 'svg' ? 0.4 : 0)\n");
    tfu_text_puts(out, "set output './'.");
    tfu_script_text(out, name, SIZE_MAX);
    tfu_text_puts(out, ".'.'.type\nset multiplot\n");
}

static void put_place(struct tfu_text *out, const struct tfu_layout *l,
                      const struct tfu_layout_panel *p)
{
    tfu_text_printf(out, "set lmargin at screen %.4f\nset rmargin at screen %.4f\n",
                    p->left / l->width, p->right / l->width);
    tfu_text_printf(out, "set tmargin at screen %.4f\nset bmargin at screen %.4f\n",
                    1 - p->top / l->height, 1 - p->bottom / l->height);
}

/* Cut to `most` characters; nothing of a text that is none. */
static void put_cut(struct tfu_text *out, const struct tfu_layout *l, const char *text, size_t most,
                    const char *align, int font, double x, double y)
{
    if (!tfu_figure_said(text))
        return;
    struct tfu_text clean = TFU_TEXT_INIT;
    tfu_label_clean(&clean, text, most);
    put_label(out, l, tfu_text_get(&clean), align, font, x, y);
    out->failed |= clean.failed;
    tfu_text_free(&clean);
}

static void put_panel_titles(struct tfu_text *out, const struct tfu_layout *l,
                             const struct tfu_layout_panel *at, const struct tfu_figure_panel *p)
{
    const double middle = (at->left + at->right) / 2;
    double y = at->top - 8;
    if (tfu_figure_said(p->note)) {
        put_cut(out, l, p->note, at->title_most * TFU_LAYOUT_FONT / TFU_LAYOUT_NOTE_FONT, "center",
                TFU_LAYOUT_NOTE_FONT, middle, y - 6);
        y -= 16;
    }
    put_cut(out, l, p->title, at->title_most, "center", TFU_LAYOUT_FONT, middle, y - 7);
}

/* Where gnuplot puts its own depends on the format: these have room in all of them. */
static void put_axis_labels(struct tfu_text *out, const struct tfu_layout *l,
                            const struct tfu_layout_panel *at, const struct tfu_figure_panel *p)
{
    const double middle = (at->top + at->bottom) / 2;
    const size_t high =
        (size_t)fmax((at->bottom - at->top + 40) / (TFU_LAYOUT_FONT * TFU_LAYOUT_LETTER), 1);
    put_cut(out, l, p->x_label, at->title_most, "center", TFU_LAYOUT_FONT,
            (at->left + at->right) / 2, at->bottom + at->names + 12);
    put_cut(out, l, p->y_label, high, "center rotate by 90", TFU_LAYOUT_FONT, at->outer_left + 9,
            middle);
    put_cut(out, l, p->matrix.label, high, "center rotate by 90", TFU_LAYOUT_FONT,
            at->outer_right - 12, middle);
}

static void put_image(struct tfu_text *out, const struct tfu_figure_image *m)
{
    tfu_text_printf(out,
                    "set border 0\nunset tics\nset size ratio -1\nset xrange [-0.5:%lld.5]\n"
                    "set yrange [-0.5:%lld.5]\nplot './'.",
                    (long long)m->width - 1, (long long)m->height - 1);
    tfu_script_text(out, m->file, SIZE_MAX);
    tfu_text_puts(out, " binary filetype=png with rgbimage notitle\n");
}

static void put_panel(struct tfu_text *out, const struct tfu_figure *f, const struct tfu_layout *l,
                      size_t i, size_t *row)
{
    const struct tfu_figure_panel *p = &f->panel[i];
    put_place(out, l, &l->panel[i]);
    put_panel_titles(out, l, &l->panel[i], p);
    put_axis_labels(out, l, &l->panel[i], p);
    if (f->kind == TFU_FIGURE_HEAT_MAP)
        *row = tfu_script_heat_map(out, f, l, i, *row);
    else if (f->kind == TFU_FIGURE_IMAGES)
        put_image(out, &p->image);
    else
        *row = tfu_script_series(out, f, l, i, *row);
    tfu_text_puts(out, "unset label\nunset arrow\nunset object\n");
}

void tfu_figure_script(struct tfu_text *out, const struct tfu_figure *f, const struct tfu_layout *l,
                       const char *name)
{
    tfu_text_puts(out,
                  "# Redraws the figure from the table beside it, run by gnuplot where it lies.\n"
                  "reset session\nset encoding utf8\nunset macros\nset datafile separator comma\n"
                  "set datafile columnheaders\nunset key\nquote = sprintf('%c',39)\ntable = './'.");
    tfu_script_text(out, name, SIZE_MAX);
    tfu_text_puts(out, ".'.csv'\n");
    put_terminals(out, l, name);
    if (tfu_figure_said(f->title))
        put_title(out, l, f->title);
    size_t row = 0;
    for (size_t i = 0; i < f->panel_count; i++)
        put_panel(out, f, l, i, &row);
    if (f->panel_count == 0) { /* without a plot gnuplot shows no label */
        tfu_text_puts(out, "unset border\nunset tics\nset xrange [0:1]\nset yrange [0:1]\n");
        tfu_script_nothing(out);
    }
    tfu_text_puts(out, "unset multiplot\nunset output\n}\n");
}
