/* SPDX-License-Identifier: MIT
 *
 * layout.h - where everything of a figure goes, in the lengths of lengths.h.
 */
#ifndef TFU_CORE_RESULT_LAYOUT_H
#define TFU_CORE_RESULT_LAYOUT_H

#include "core/result/ends.h"
#include "core/result/figure.h"
#include "core/result/figure_axes.h"
#include "core/result/lengths.h"

struct tfu_layout_panel {
    double left, right, top, bottom; /* of the plot: from the left and the top of the canvas */
    struct tfu_figure_axes axes;
    double outer_left, outer_right; /* with what stands beside it */
    double names;                   /* height of what stands directly below it */
    bool slanted;                   /* the names below it are */
    size_t name_step;               /* every so manieth name is shown */
    size_t title_most;              /* characters that fit */
};

struct tfu_layout {
    double width, height;
    double title_top, legend_top; /* of the first line */
    double panels_bottom;
    size_t title_most, legend_most;
    size_t legend_columns, legend_items;
    double legend_width; /* of a column */
    size_t ends;         /* names at the ends of lines; 0: the legend has them */
    struct tfu_end end[TFU_ENDS_MOST];
    double ends_left;               /* where they begin */
    struct tfu_layout_panel *panel; /* as many as the figure's */
};

enum tfu_status tfu_layout_make(struct tfu_layout *l, const struct tfu_figure *f,
                                struct tfu_error *e);
void tfu_layout_free(struct tfu_layout *l);

/* The place of a number in a panel, from the left and the top of the canvas. */
double tfu_layout_x(const struct tfu_layout_panel *at, const struct tfu_figure_panel *p, double x);
double tfu_layout_y(const struct tfu_layout_panel *at, double y);

/* Has a heat map of it a cell without a value? */
bool tfu_layout_missing(const struct tfu_figure *f);

#endif
