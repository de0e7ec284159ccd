/* SPDX-License-Identifier: MIT */
#include "core/result/script_bars.h"

#include <math.h>

#include "core/result/boxes.h"

/* "(x - half):(x + half):", the sides of a bar around x = column 4 + dx. */
static void put_sides(struct tfu_text *out, double dx, double half)
{
    tfu_text_printf(out, ":($4%+.3f):($4%+.3f):", dx - half, dx + half);
}

void tfu_script_bars(struct tfu_script_plot *plot, const struct tfu_figure *f,
                     const struct tfu_figure_panel *p, const struct tfu_figure_axes *axes, size_t i,
                     size_t row)
{
    const struct tfu_figure_series *s = &p->series[i];
    const double dx = tfu_figure_shift(f, p, i), half = 0.45 * tfu_figure_bar_width(p);
    tfu_script_rows(plot, row, s->count, dx, "5");
    put_sides(plot->out, dx, half);
    /* they stand on 0, or where the axis begins above it */
    tfu_text_printf(plot->out, "(%.10g):5 with boxxyerror ",
                    fmin(fmax(0, axes->y.low), axes->y.high));
    tfu_script_fill_style(plot->out, tfu_look_of(s, i));
    tfu_text_puts(plot->out, " lw 0.8 notitle");
    if (tfu_figure_has_interval(s))
        tfu_script_intervals(plot, row, s->count, dx, "#222222");
}

void tfu_script_boxes(struct tfu_script_plot *plot, const struct tfu_figure *f,
                      const struct tfu_figure_panel *p, size_t i, size_t row)
{
    const struct tfu_figure_series *s = &p->series[i];
    const struct tfu_series_look look = tfu_look_of(s, i);
    const double dx = tfu_figure_shift(f, p, i), half = 0.42 * tfu_figure_bar_width(p);
    const size_t boxes = tfu_boxes_count(s);
    if (boxes > 0) {
        tfu_script_rows(plot, row + s->count, boxes, dx, "5");
        put_sides(plot->out, dx, half);
        tfu_text_printf(plot->out,
                        "%s with boxxyerror fc rgb '%s' fs solid 0.15 border lc rgb '%s' lw 0.8 "
                        "notitle",
                        plot->log_y ? "(above($6)):(above($7))" : "6:7", look.colour, look.colour);
        tfu_script_rows(plot, row + s->count, boxes, dx - half, "5");
        tfu_text_printf(plot->out, ":(%.3f):(0) with vectors nohead lc rgb '%s' lw 2.5 notitle",
                        2 * half, look.colour);
    }
    /* beside each other, so that equal ones are seen; one that is alone stands in the middle */
    const double step = boxes == s->count ? 0 : half / 4.5;
    tfu_script_next(plot);
    tfu_text_printf(plot->out,
                    "table every ::%zu::%zu using ($4%+.3f+(int($0)*5%%7-3)*%.4f):5 with points",
                    row, row + s->count - 1, dx, step);
    tfu_script_marker_style(plot->out, look, 0.5);
    tfu_text_puts(plot->out, " notitle");
}
