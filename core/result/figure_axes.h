/* SPDX-License-Identifier: MIT
 *
 * figure_axes.h - the axes of a panel, from its numbers.
 */
#ifndef TFU_CORE_RESULT_FIGURE_AXES_H
#define TFU_CORE_RESULT_FIGURE_AXES_H

#include "core/result/axis.h"
#include "core/result/figure.h"

struct tfu_figure_axes {
    struct tfu_axis x, y, scale; /* of numbers; scale: heat map's colours */
};

/* `width` is the plot's: the labels below it have to fit. */
void tfu_figure_axes_find(struct tfu_figure_axes *out, const struct tfu_figure *f,
                          const struct tfu_figure_panel *p, double width);

/* Is an interval of it cut: a band that would flatten all lines, or what reaches beyond an end that
 * is given? */
bool tfu_figure_cuts_intervals(const struct tfu_figure *f);
/* Does a number lie between the ends of the axis that are given, and above 0 where it is one of
 * powers of ten? */
bool tfu_figure_shows(const struct tfu_figure_panel *p, double y);

/* Where a number lies: 0 at the left or the bottom end of its axis, 1 at the other. */
double tfu_figure_share_x(const struct tfu_figure_axes *a, const struct tfu_figure_panel *p,
                          double x);
double tfu_figure_share_y(const struct tfu_figure_axes *a, double y);

/* How far the lines, bars or boxes of series `i` stand from the middle of their category. */
double tfu_figure_shift(const struct tfu_figure *f, const struct tfu_figure_panel *p, size_t i);
/* How wide a bar or a box is, where a category is 1. */
double tfu_figure_bar_width(const struct tfu_figure_panel *p);
/* Has the interval of a point of it two ends? */
bool tfu_figure_has_interval(const struct tfu_figure_series *s);

#endif
