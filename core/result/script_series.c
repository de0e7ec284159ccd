/* SPDX-License-Identifier: MIT
 *
 * Lines, scatters, histograms, bars and boxes: all have series over an axis of numbers or names.
 */
#include "core/result/script_series.h"

#include "core/result/boxes.h"
#include "core/result/label.h"
#include "core/result/script_bars.h"
#include "core/result/script_curves.h"
#include "core/result/script_legend.h"
#include "core/result/script_names.h"
#include "core/result/script_pieces.h"

static void put_legend_item(struct tfu_text *out, const struct tfu_figure *f,
                            const struct tfu_layout *l, size_t i, size_t item, bool fit)
{
    const struct tfu_figure_series *s = &f->panel[0].series[i];
    const struct tfu_series_look look = tfu_look_of(s, i);
    const bool bars = f->kind == TFU_FIGURE_BARS, points = f->kind == TFU_FIGURE_SCATTER;
    if (bars) {
        tfu_script_legend_box(out, l, item);
        tfu_script_fill_style(out, look);
        tfu_text_puts(out, "\n");
    } else if (fit || s->front || (!points && f->kind != TFU_FIGURE_BOX)) {
        tfu_script_legend_line(out, l, item);
        tfu_script_line_style(out, look);
        tfu_text_puts(out, "\n");
    }
    if (!fit && !s->reference && !bars && f->kind != TFU_FIGURE_HISTOGRAM) {
        tfu_script_legend_point(out, l, item);
        tfu_script_marker_style(out, look, 0.6);
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

static bool is_bounded(const struct tfu_figure_panel *p)
{
    return p->y.has_low || p->y.has_high;
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
        put_tics(out, 'x', &at->axes.x);
    put_tics(out, 'y', &at->axes.y);
    tfu_text_printf(out, "cut(v) = v < %.10g ? %.10g : v > %.10g ? %.10g : v\n", at->axes.y.low,
                    at->axes.y.low, at->axes.y.high, at->axes.y.high);
    if (p->log_y)
        tfu_text_printf(out, "set logscale y\nabove(v) = v > 0 ? v : %.10g\n", at->axes.y.low / 10);
    if (is_bounded(p)) /* a line that crosses the panel between two points outside is seen */
        tfu_text_puts(out, "set clip two\n");
}

/* The panels share a script: what only one has is taken back. */
static void end_axes(struct tfu_text *out, const struct tfu_figure_panel *p)
{
    tfu_text_puts(out, p->log_y ? "unset logscale y\n" : "");
    tfu_text_puts(out, is_bounded(p) ? "unset clip two\n" : "");
}

size_t tfu_script_series(struct tfu_text *out, const struct tfu_figure *f,
                         const struct tfu_layout *l, size_t panel, size_t first_row)
{
    const struct tfu_figure_panel *p = &f->panel[panel];
    put_axes(out, p, &l->panel[panel]);
    if (panel == 0 && l->ends > 0)
        tfu_script_ends(out, f, l);
    else if (panel == 0)
        put_legend(out, f, l);
    if (f->kind == TFU_FIGURE_SCATTER)
        tfu_script_point_names(out, p, l, panel);
    size_t numbers = 0;
    for (size_t i = 0; i < p->series_count; i++)
        numbers += p->series[i].count + p->series[i].fit_count;
    if (numbers == 0) {
        tfu_script_nothing(out);
        end_axes(out, p);
        return first_row;
    }
    struct tfu_script_plot plot = {.out = out, .log_y = p->log_y};
    size_t row = first_row;
    if (f->kind == TFU_FIGURE_SCATTER && p->diagonal) {
        tfu_script_next(&plot);
        tfu_text_puts(out, "x with lines lc rgb '#555555' lw 1 dt (4,4) notitle");
    }
    for (size_t i = 0; i < p->series_count; i++) {
        const struct tfu_figure_series *s = &p->series[i];
        if (s->count > 0 && f->kind == TFU_FIGURE_BARS)
            tfu_script_bars(&plot, f, p, &l->panel[panel].axes, i, row);
        else if (s->count > 0 && f->kind == TFU_FIGURE_BOX)
            tfu_script_boxes(&plot, f, p, i, row);
        else if (s->count + s->fit_count > 0)
            tfu_script_curve(&plot, f, p, i, row);
        row += s->count + s->fit_count + (f->kind == TFU_FIGURE_BOX ? tfu_boxes_count(s) : 0);
    }
    tfu_text_puts(out, "\n");
    end_axes(out, p);
    return row;
}
