/* SPDX-License-Identifier: MIT */
#include "core/result/script_curves.h"

#include "core/result/figure_axes.h"

/* Between columns 6 and 7, with a thin line around it: a band in the light colour of a print is
 * seen. What is beyond the axis is taken to its end: gnuplot 5.4 fills elsewhere, where it cuts a
 * band itself (PNG, PDF). */
static void put_band(struct tfu_script_plot *plot, struct tfu_series_look look, size_t row,
                     size_t count, double dx)
{
    tfu_script_rows(plot, row, count, dx, "(cut($6)):(cut($7)) with filledcurves");
    tfu_text_printf(plot->out, " fs transparent solid 0.18 noborder fc rgb '%s' notitle",
                    look.colour);
    for (int column = 6; column <= 7; column++) {
        tfu_script_rows(plot, row, count, dx, column == 6 ? "6 with lines" : "7 with lines");
        tfu_text_printf(plot->out, " lc rgb '%s' lw 0.6 notitle", look.colour);
    }
}

static void put_line(struct tfu_script_plot *plot, struct tfu_series_look look, size_t row,
                     size_t count, double dx, const char *columns)
{
    tfu_script_rows(plot, row, count, dx, columns);
    tfu_script_line_style(plot->out, look);
    tfu_text_puts(plot->out, " notitle");
}

static void put_points(struct tfu_script_plot *plot, struct tfu_series_look look, size_t row,
                       size_t count, double dx, double size)
{
    tfu_script_rows(plot, row, count, dx, "5 with points");
    tfu_script_marker_style(plot->out, look, size);
    tfu_text_puts(plot->out, " notitle");
}

/* Around the points of other series. */
static void put_rings(struct tfu_script_plot *plot, struct tfu_series_look look, size_t row,
                      size_t count)
{
    look.marker = 6;
    put_points(plot, look, row, count, 0, 1.6);
}

static void put_bars(struct tfu_script_plot *plot, struct tfu_series_look look, size_t row,
                     size_t count, double dx)
{
    tfu_script_intervals(plot, row, count, dx, look.colour);
}

static void put_lines(struct tfu_script_plot *plot, const struct tfu_figure_series *s,
                      struct tfu_series_look look, size_t row, double dx)
{
    const bool interval = tfu_figure_has_interval(s);
    if (s->band && interval)
        put_band(plot, look, row, s->count, dx);
    put_line(plot, look, row, s->count, dx, "5 with lines");
    if (s->reference)
        return;
    if (!s->band && interval)
        put_bars(plot, look, row, s->count, dx);
    if (s->count <= 40) /* more would hide the line */
        put_points(plot, look, row, s->count, dx, 0.6);
}

static void put_scatter(struct tfu_script_plot *plot, const struct tfu_figure_series *s,
                        struct tfu_series_look look, size_t row)
{
    if (s->fit_count > 0)
        put_band(plot, look, row + s->count, s->fit_count, 0);
    if (s->count > 0 && s->front)
        put_line(plot, look, row, s->count, 0, "5 with steps");
    if (s->count > 0 && tfu_figure_has_interval(s))
        put_bars(plot, look, row, s->count, 0);
    if (s->count > 0 && s->front && s->reference)
        put_rings(plot, look, row, s->count);
    else if (s->count > 0)
        put_points(plot, look, row, s->count, 0, s->count > 300 ? 0.3 : s->count > 30 ? 0.5 : 0.7);
    if (s->fit_count > 0)
        put_line(plot, look, row + s->count, s->fit_count, 0, "5 with lines");
}

static void put_histogram(struct tfu_script_plot *plot, const struct tfu_figure_series *s,
                          struct tfu_series_look look, size_t row)
{
    tfu_script_rows(plot, row, s->count, 0, "5 with fillsteps");
    tfu_text_printf(plot->out, " fs transparent solid 0.2 noborder fc rgb '%s' notitle",
                    look.colour);
    put_line(plot, look, row, s->count, 0, "5 with steps");
}

void tfu_script_curve(struct tfu_script_plot *plot, const struct tfu_figure *f,
                      const struct tfu_figure_panel *p, size_t i, size_t row)
{
    const struct tfu_figure_series *s = &p->series[i];
    const struct tfu_series_look look = tfu_look_of(s, i);
    if (f->kind == TFU_FIGURE_SCATTER)
        put_scatter(plot, s, look, row);
    else if (f->kind == TFU_FIGURE_HISTOGRAM)
        put_histogram(plot, s, look, row);
    else
        put_lines(plot, s, look, row, tfu_figure_shift(f, p, i));
}
