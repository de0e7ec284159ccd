/* SPDX-License-Identifier: MIT
 *
 * Lines, scatters and histograms: all have series over an axis of numbers or names.
 */
#include "core/result/script_series.h"

#include <math.h>

#include "core/result/label.h"
#include "core/result/script_legend.h"
#include "core/result/script_pieces.h"

/* Okabe and Ito, "Color universal design", 2008: told apart by the colour-blind; and markers and
 * dashes that tell them apart without colour. */
static const char *const colour[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                     "#E69F00", "#56B4E9", "#000000"};
static const int marker[] = {7, 5, 9, 13, 11, 6, 4};
static const char *const dash[] = {"solid", "(10,5)", "(3,3)", "(12,4,3,4)", "(18,5)"};

static const char *series_colour(const struct tfu_figure_series *s, size_t i)
{
    return s->reference ? "#555555" : colour[i % TFU_COUNT(colour)];
}

static void put_line_style(struct tfu_text *out, const struct tfu_figure_series *s, size_t i)
{
    const char *d = s->reference ? "(4,4)" : dash[i % TFU_COUNT(dash)];
    tfu_text_printf(out, " lc rgb '%s' lw %s dt %s", series_colour(s, i),
                    s->reference ? "1.4" : "1.8", d);
}

static void put_colour(struct tfu_text *out, const struct tfu_figure_series *s, size_t i)
{
    tfu_text_printf(out, " lc rgb '%s'", series_colour(s, i));
}

static void put_marker_style(struct tfu_text *out, size_t i, double size)
{
    tfu_text_printf(out, " pt %d ps %.2f", marker[i % TFU_COUNT(marker)], size);
}

/* Series of points at the same names stand a little beside each other: their bars are seen. */
static double shift(const struct tfu_figure_panel *p, size_t i)
{
    if (!p->category || p->series_count < 2)
        return 0;
    const double step = fmin(0.08, 0.5 / (double)p->series_count);
    return ((double)i - (double)(p->series_count - 1) / 2) * step;
}

/* ", table every ::first::last using (x):columns"; the comma but for the first of the command. */
static void put_rows(struct tfu_text *out, bool *first, size_t from, size_t count, double dx,
                     const char *columns)
{
    tfu_text_printf(out, "%s table every ::%zu::%zu using ", *first ? "plot" : ", \\\n    ", from,
                    from + count - 1);
    if (dx != 0)
        tfu_text_printf(out, "($4%+.3f):%s", dx, columns);
    else
        tfu_text_printf(out, "4:%s", columns);
    *first = false;
}

static bool has_interval(const struct tfu_figure_series *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (isfinite(s->point[i].low) && isfinite(s->point[i].high))
            return true;
    return false;
}

static void put_lines(struct tfu_text *out, bool *first, const struct tfu_figure_panel *p, size_t i,
                      size_t row)
{
    const struct tfu_figure_series *s = &p->series[i];
    const double dx = s->band || s->reference ? 0 : shift(p, i);
    if (s->band && has_interval(s)) {
        put_rows(out, first, row, s->count, dx, "6:7");
        tfu_text_printf(out,
                        " with filledcurves fs transparent solid 0.2 noborder fc rgb '%s' "
                        "notitle",
                        series_colour(s, i));
    }
    put_rows(out, first, row, s->count, dx, "5 with lines");
    put_line_style(out, s, i);
    tfu_text_puts(out, " notitle");
    if (s->reference)
        return;
    if (!s->band && has_interval(s)) {
        put_rows(out, first, row, s->count, dx, "5:6:7 with yerrorbars");
        tfu_text_printf(out, " lc rgb '%s' lw 1.2 pt 0 ps 0 notitle", series_colour(s, i));
    }
    if (s->count <= 40) { /* more would hide the line */
        put_rows(out, first, row, s->count, dx, "5 with points");
        put_colour(out, s, i);
        put_marker_style(out, i, 0.6);
        tfu_text_puts(out, " notitle");
    }
}

static void put_scatter(struct tfu_text *out, bool *first, const struct tfu_figure_panel *p,
                        size_t i, size_t row)
{
    const struct tfu_figure_series *s = &p->series[i];
    if (s->fit_count > 0) {
        put_rows(out, first, row + s->count, s->fit_count, 0, "6:7");
        tfu_text_printf(out,
                        " with filledcurves fs transparent solid 0.2 noborder fc rgb '%s' "
                        "notitle",
                        series_colour(s, i));
    }
    if (s->count > 0) {
        put_rows(out, first, row, s->count, 0, "5 with points");
        put_colour(out, s, i);
        put_marker_style(out, i, s->count > 300 ? 0.3 : 0.5);
        tfu_text_puts(out, " notitle");
    }
    if (s->fit_count > 0) {
        put_rows(out, first, row + s->count, s->fit_count, 0, "5 with lines");
        put_line_style(out, s, i);
        tfu_text_puts(out, " notitle");
    }
}

static void put_histogram(struct tfu_text *out, bool *first, const struct tfu_figure_panel *p,
                          size_t i, size_t row)
{
    const struct tfu_figure_series *s = &p->series[i];
    put_rows(out, first, row, s->count, 0, "5 with fillsteps");
    tfu_text_printf(out, " fs transparent solid 0.2 noborder fc rgb '%s' notitle",
                    series_colour(s, i));
    put_rows(out, first, row, s->count, 0, "5 with steps");
    put_line_style(out, s, i);
    tfu_text_puts(out, " notitle");
}

static void put_legend_item(struct tfu_text *out, const struct tfu_figure *f,
                            const struct tfu_layout *l, size_t i, size_t item, bool fit)
{
    const struct tfu_figure_series *s = &f->panel[0].series[i];
    if (fit || f->kind != TFU_FIGURE_SCATTER) {
        tfu_script_legend_line(out, l, item);
        put_line_style(out, s, i);
        tfu_text_puts(out, "\n");
    }
    if (!fit && !s->reference && f->kind != TFU_FIGURE_HISTOGRAM) {
        tfu_script_legend_point(out, l, item);
        put_colour(out, s, i);
        put_marker_style(out, i, 0.6);
        tfu_text_puts(out, "\n");
    }
    tfu_script_legend_text(out, l, item, fit ? s->fit_label : s->label);
}

static void put_legend(struct tfu_text *out, const struct tfu_figure *f, const struct tfu_layout *l)
{
    size_t item = 0;
    for (size_t i = 0; i < f->panel[0].series_count; i++) {
        const struct tfu_figure_series *s = &f->panel[0].series[i];
        if (tfu_figure_said(s->label))
            put_legend_item(out, f, l, i, item++, false);
        if (s->fit_count > 0 && tfu_figure_said(s->fit_label))
            put_legend_item(out, f, l, i, item++, true);
    }
}

static void put_tics(struct tfu_text *out, char axis, const struct tfu_axis *a)
{
    tfu_text_printf(out, "set %crange [%.10g:%.10g]\nset %ctics norotate (", axis, a->low, a->high,
                    axis);
    for (size_t i = 0; i < a->tics; i++)
        tfu_text_printf(out, "%s'%s' %.10g", i ? ", " : "", a->label[i], a->tic[i]);
    tfu_text_puts(out, ")\n");
}

static void put_axes(struct tfu_text *out, const struct tfu_figure_panel *p,
                     const struct tfu_layout_panel *at)
{
    tfu_text_printf(out,
                    "set border 3\nset tics nomirror out scale 0.5\n"
                    "set grid ytics lt 1 lw 0.5 lc rgb '#d9d9d9'\n%s logscale x\n",
                    p->log_x && !p->category ? "set" : "unset");
    if (p->category)
        tfu_script_names(out, 'x', p->category, p->category_count, at);
    else
        put_tics(out, 'x', &at->x);
    put_tics(out, 'y', &at->y);
}

size_t tfu_script_series(struct tfu_text *out, const struct tfu_figure *f,
                         const struct tfu_layout *l, size_t panel, size_t first_row)
{
    const struct tfu_figure_panel *p = &f->panel[panel];
    put_axes(out, p, &l->panel[panel]);
    if (panel == 0)
        put_legend(out, f, l);
    size_t numbers = 0;
    for (size_t i = 0; i < p->series_count; i++)
        numbers += p->series[i].count + p->series[i].fit_count;
    if (numbers == 0) {
        tfu_script_nothing(out);
        return first_row;
    }
    bool first = true;
    size_t row = first_row;
    if (f->kind == TFU_FIGURE_SCATTER && p->diagonal) {
        tfu_text_puts(out, "plot x with lines lc rgb '#555555' lw 1 dt (4,4) notitle");
        first = false;
    }
    for (size_t i = 0; i < p->series_count; i++) {
        const struct tfu_figure_series *s = &p->series[i];
        if (f->kind == TFU_FIGURE_SCATTER)
            put_scatter(out, &first, p, i, row);
        else if (s->count > 0 && f->kind == TFU_FIGURE_LINES)
            put_lines(out, &first, p, i, row);
        else if (s->count > 0)
            put_histogram(out, &first, p, i, row);
        row += s->count + s->fit_count;
    }
    tfu_text_puts(out, "\n");
    return row;
}
