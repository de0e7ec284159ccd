/* SPDX-License-Identifier: MIT */
#include "core/result/figure_axes.h"

#include <math.h>

#include "core/result/lengths.h"

/* On an axis of powers of ten there is nothing else. */
static void see_y(const struct tfu_figure_panel *p, struct tfu_axis_range *y, double v)
{
    if (!p->log_y || v > 0)
        tfu_axis_see(y, v);
}

static void see_values(const struct tfu_figure_panel *p, const struct tfu_figure_point *point,
                       size_t count, struct tfu_axis_range *x, struct tfu_axis_range *y)
{
    for (size_t i = 0; i < count; i++) {
        tfu_axis_see(x, point[i].x);
        see_y(p, y, point[i].y);
    }
}

/* Where intervals are cut that reach further. */
struct edges {
    double low, high;
};
static const struct edges endless = {-INFINITY, INFINITY};

/* Intervals between these. */
static void see_intervals(const struct tfu_figure_panel *p, const struct tfu_figure_point *point,
                          size_t count, struct edges edges, struct tfu_axis_range *y)
{
    for (size_t i = 0; i < count; i++) {
        if (isfinite(point[i].low))
            see_y(p, y, fmax(point[i].low, edges.low));
        if (isfinite(point[i].high))
            see_y(p, y, fmin(point[i].high, edges.high));
    }
}

static void see_panel(const struct tfu_figure_panel *p, struct tfu_axis_range *x,
                      struct tfu_axis_range *y)
{
    for (size_t i = 0; i < p->series_count; i++) {
        see_values(p, p->series[i].point, p->series[i].count, x, y);
        see_values(p, p->series[i].fit, p->series[i].fit_count, x, y);
    }
}

/* Bars are seen whole. A band over few runs may be many times as high as all its line: it gets
 * half as much room again on either side of all values, so that the lines can still be told apart.
 */
static struct edges edges_of(const struct tfu_figure_panel *p, const struct tfu_figure_series *s,
                             struct tfu_axis_range value)
{
    const double room = value.high / 2 - value.low / 2;
    if (!s->band || !(room > 0))
        return endless;
    if (p->log_y) {
        const double factor = sqrt(value.high) / sqrt(value.low);
        return (struct edges){value.low / factor, value.high * factor};
    }
    return (struct edges){value.low - room, value.high + room};
}

static void see_bars(const struct tfu_figure_panel *p, struct tfu_axis_range value,
                     struct tfu_axis_range *y)
{
    for (size_t i = 0; i < p->series_count; i++) {
        const struct tfu_figure_series *s = &p->series[i];
        see_intervals(p, s->point, s->count, edges_of(p, s, value), y);
        see_intervals(p, s->fit, s->fit_count, endless, y);
    }
}

/* The panels whose range of y is that of `p`: all, or itself. */
static const struct tfu_figure_panel *alike(const struct tfu_figure *f,
                                            const struct tfu_figure_panel *p, size_t *count)
{
    *count = f->same_y ? f->panel_count : 1;
    return f->same_y ? f->panel : p;
}

/* The range of all values, without intervals. */
static struct tfu_axis_range values_of(const struct tfu_figure *f, const struct tfu_figure_panel *p)
{
    struct tfu_axis_range x = {0, 0, false}, y = {0, 0, false};
    size_t count;
    const struct tfu_figure_panel *panel = alike(f, p, &count);
    for (size_t i = 0; i < count; i++)
        see_panel(&panel[i], &x, &y);
    return y;
}

static void see_series(const struct tfu_figure *f, const struct tfu_figure_panel *p,
                       struct tfu_axis_range *x, struct tfu_axis_range *y)
{
    struct tfu_axis_range own = {0, 0, false};
    size_t count;
    const struct tfu_figure_panel *panel = alike(f, p, &count);
    const struct tfu_axis_range value = values_of(f, p);
    see_panel(p, x, &own);
    *y = value;
    for (size_t i = 0; i < count; i++)
        see_bars(&panel[i], value, y);
}

static bool is_cut(const struct tfu_figure_panel *p, const struct tfu_figure_series *s,
                   struct tfu_axis_range value)
{
    struct edges edges = edges_of(p, s, value);
    edges.low = p->y.has_low ? p->y.low : edges.low;
    edges.high = p->y.has_high ? p->y.high : edges.high;
    for (size_t i = 0; i < s->count; i++)
        if (s->point[i].low < edges.low || s->point[i].high > edges.high)
            return true;
    return false;
}

bool tfu_figure_cuts_intervals(const struct tfu_figure *f)
{
    for (size_t i = 0; i < f->panel_count; i++) {
        const struct tfu_axis_range value = values_of(f, &f->panel[i]);
        for (size_t k = 0; k < f->panel[i].series_count; k++)
            if (is_cut(&f->panel[i], &f->panel[i].series[k], value))
                return true;
    }
    return false;
}

bool tfu_figure_shows(const struct tfu_figure_panel *p, double y)
{
    return !(p->log_y && y <= 0) && !(p->y.has_low && y < p->y.low) &&
           !(p->y.has_high && y > p->y.high);
}

/* With the ends that are given: if all numbers lie beyond one, the axis begins there. */
static struct tfu_axis_range with_ends(const struct tfu_figure_panel *p, struct tfu_axis_range r)
{
    const struct tfu_figure_ends *ends = &p->y;
    if (!ends->has_low && !ends->has_high)
        return r;
    const bool empty = !r.seen || (ends->has_low && ends->low >= r.high) ||
                       (ends->has_high && ends->high <= r.low);
    r.low = ends->has_low ? ends->low : r.low;
    r.high = ends->has_high ? ends->high : r.high;
    r.seen = true;
    if (!empty || (ends->has_low && ends->has_high))
        return r;
    if (ends->has_low)
        r.high = p->log_y ? r.low * 10 : r.low + fmax(fabs(r.low) * 0.1, 1e-3);
    else
        r.low = p->log_y ? r.high / 10 : r.high - fmax(fabs(r.high) * 0.1, 1e-3);
    return r;
}

static void see_matrix(const struct tfu_figure_matrix *m, struct tfu_axis_range *range)
{
    for (size_t i = 0; i < m->rows * m->columns; i++)
        tfu_axis_see(range, m->value[i]);
}

static void matrix_scale(struct tfu_axis *scale, const struct tfu_figure *f,
                         const struct tfu_figure_panel *p)
{
    const struct tfu_figure_matrix *m = &p->matrix;
    const bool given = m->low != 0 || m->high != 0;
    struct tfu_axis_range range = {m->low, m->high, given};
    size_t count;
    const struct tfu_figure_panel *panel = alike(f, p, &count);
    for (size_t i = 0; !given && i < count; i++)
        see_matrix(&panel[i].matrix, &range);
    range = with_ends(p, range);
    tfu_axis_linear(scale, range, 5, given || p->y.has_low || p->y.has_high);
}

static void find_x(struct tfu_axis *out, const struct tfu_figure *f,
                   const struct tfu_figure_panel *p, struct tfu_axis_range x, double width)
{
    if (p->log_x) {
        tfu_axis_log(out, x);
        return;
    }
    for (size_t wanted = 6; wanted >= 2; wanted--) {
        tfu_axis_linear(out, x, wanted, f->kind != TFU_FIGURE_SCATTER);
        if (tfu_layout_text_width((out->label_length + 1) * out->tics, TFU_LAYOUT_FONT) <= width)
            break;
    }
    if (f->kind != TFU_FIGURE_HISTOGRAM) /* which stands on its axis */
        tfu_axis_pad(out);
}

/* Three tics at least: two leave a reader guessing between them. */
static void find_tics(struct tfu_axis *out, struct tfu_axis_range y, bool exact)
{
    for (size_t wanted = 5; wanted <= 8; wanted++) {
        tfu_axis_linear(out, y, wanted, exact);
        if (out->tics >= 3)
            return;
    }
}

static void find_y(struct tfu_axis *out, const struct tfu_figure *f,
                   const struct tfu_figure_panel *p, struct tfu_axis_range y)
{
    const bool standing = f->kind == TFU_FIGURE_HISTOGRAM || f->kind == TFU_FIGURE_BARS;
    const bool low = p->y.has_low, high = p->y.has_high;
    if (standing && !p->log_y)
        tfu_axis_see(&y, 0);
    y = with_ends(p, y);
    if (p->log_y) {
        tfu_axis_log_kept(out, y, low, high);
        return;
    }
    find_tics(out, y, low || high || !standing); /* no half of a panel for a rounder end */
    const double foot = out->low, top = out->high;
    if (f->kind != TFU_FIGURE_HISTOGRAM)
        tfu_axis_pad(out);
    if (low || (f->kind == TFU_FIGURE_BARS && foot >= 0))
        out->low = foot;
    if (high)
        out->high = top;
}

void tfu_figure_axes_find(struct tfu_figure_axes *out, const struct tfu_figure *f,
                          const struct tfu_figure_panel *p, double width)
{
    if (f->kind == TFU_FIGURE_IMAGES)
        return;
    if (f->kind == TFU_FIGURE_HEAT_MAP) {
        matrix_scale(&out->scale, f, p);
        return;
    }
    struct tfu_axis_range x = {0, 0, false}, y = {0, 0, false};
    see_series(f, p, &x, &y);
    find_x(&out->x, f, p, x, width);
    find_y(&out->y, f, p, y);
}

double tfu_figure_share_x(const struct tfu_figure_axes *a, const struct tfu_figure_panel *p,
                          double x)
{
    if (p->category)
        return (x + 0.5) / (double)p->category_count;
    if (p->log_x)
        return log(x / a->x.low) / log(a->x.high / a->x.low);
    return (x / 2 - a->x.low / 2) / (a->x.high / 2 - a->x.low / 2);
}

double tfu_figure_share_y(const struct tfu_figure_axes *a, double y)
{
    if (a->y.log)
        return y > 0 ? log(y / a->y.low) / log(a->y.high / a->y.low) : -1;
    return (y / 2 - a->y.low / 2) / (a->y.high / 2 - a->y.low / 2);
}

double tfu_figure_bar_width(const struct tfu_figure_panel *p)
{
    return p->apart ? 0.8 : 0.8 / (double)p->series_count;
}

double tfu_figure_shift(const struct tfu_figure *f, const struct tfu_figure_panel *p, size_t i)
{
    const double from_middle = (double)i - (double)(p->series_count - 1) / 2;
    if (f->kind == TFU_FIGURE_BARS || f->kind == TFU_FIGURE_BOX)
        return p->apart ? 0 : from_middle * tfu_figure_bar_width(p);
    /* lines over the same names stand a little beside each other: their bars are seen */
    const struct tfu_figure_series *s = &p->series[i];
    if (!p->category || p->series_count < 2 || s->band || s->reference)
        return 0;
    return from_middle * fmin(0.08, 0.5 / (double)p->series_count);
}

bool tfu_figure_has_interval(const struct tfu_figure_series *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (isfinite(s->point[i].low) && isfinite(s->point[i].high))
            return true;
    return false;
}
