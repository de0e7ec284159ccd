/* SPDX-License-Identifier: MIT */
#include "core/report/figure_ends.h"

#include <math.h>

#include "core/result/figure_axes.h"

bool tfu_report_drop_logs(struct tfu_figure_panel *panel, size_t panels)
{
    bool drop_x = false, any_y = false, seen = false, asked = false;
    for (size_t i = 0; i < panels; i++) {
        asked |= panel[i].log_y;
        for (size_t k = 0; k < panel[i].series_count; k++)
            for (size_t p = 0; p < panel[i].series[k].count; p++) {
                drop_x |= !(panel[i].series[k].point[p].x > 0);
                any_y |= panel[i].series[k].point[p].y > 0;
                seen |= isfinite(panel[i].series[k].point[p].y);
            }
    }
    for (size_t i = 0; i < panels; i++) {
        panel[i].log_x = panel[i].log_x && !drop_x;
        panel[i].log_y = panel[i].log_y && any_y;
    }
    return asked && seen && !any_y;
}

struct left_out {
    size_t points, beyond, below; /* all, those beyond an end, those not above 0 */
};

static void count_point(struct left_out *n, const struct tfu_figure_panel *p, double y)
{
    const bool below = p->log_y && y <= 0;
    if (!isfinite(y))
        return;
    n->points++;
    n->below += below;
    n->beyond += !below && !tfu_figure_shows(p, y);
}

static struct left_out count_points(const struct tfu_figure *f)
{
    struct left_out n = {.points = 0};
    for (size_t i = 0; i < f->panel_count; i++) {
        const struct tfu_figure_panel *p = &f->panel[i];
        for (size_t k = 0; k < p->series_count; k++)
            for (size_t j = 0; j < p->series[k].count && !p->series[k].front; j++)
                count_point(&n, p, p->series[k].point[j].y);
        for (size_t k = 0; k < p->matrix.rows * p->matrix.columns; k++)
            count_point(&n, p, p->matrix.value[k]);
    }
    return n;
}

static void put_axis(struct tfu_text *out, const struct tfu_figure_ends *y)
{
    if (y->has_low && y->has_high)
        tfu_text_printf(out, ", which is from %g to %g", y->low, y->high);
    else if (y->has_low)
        tfu_text_printf(out, ", which begins at %g", y->low);
    else
        tfu_text_printf(out, ", which ends at %g", y->high);
}

/* What becomes of points beyond an end. */
static const struct fate {
    const char *one, *many, *ends; /* "point is", "points are", "axis" */
    const char *one_then, *many_then;
} fates[] = {
    [TFU_FIGURE_LINES] = {"points is", "points are", "axis", "is not shown", "are not shown"},
    [TFU_FIGURE_BARS] = {"bars ends", "bars end", "axis", "is cut there", "are cut there"},
    [TFU_FIGURE_HEAT_MAP] = {"cells is", "cells are", "scale", "has the colour of its end",
                             "have the colour of its end"},
};

void tfu_report_put_ends(struct tfu_text *out, const struct tfu_figure *f)
{
    const struct left_out n = count_points(f);
    const struct tfu_figure_panel *p = f->panel;
    if (f->panel_count == 0)
        return;
    const bool bars = f->kind == TFU_FIGURE_BARS, bounded = p->y.has_low || p->y.has_high;
    const struct fate *fate =
        &fates[bars || f->kind == TFU_FIGURE_HEAT_MAP ? f->kind : TFU_FIGURE_LINES];
    if (n.beyond) {
        tfu_text_printf(out, " %zu of %zu %s beyond the %s", n.beyond, n.points,
                        n.beyond == 1 ? fate->one : fate->many, fate->ends);
        put_axis(out, &p->y);
        tfu_text_printf(out, ", and %s.", n.beyond == 1 ? fate->one_then : fate->many_then);
    }
    if (n.below)
        tfu_text_printf(out,
                        " %zu of %zu %s %s not above 0, and not shown on an axis of powers of "
                        "ten.",
                        n.below, n.points, bars ? "bars" : "points", n.below == 1 ? "is" : "are");
    if ((f->kind == TFU_FIGURE_LINES || bounded) && tfu_figure_cuts_intervals(f))
        tfu_text_puts(out, bounded ? " Intervals that reach beyond the axis are cut at its edge."
                                   : " Bands that reach far beyond all lines are cut at the edge.");
}
