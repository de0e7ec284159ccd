/* SPDX-License-Identifier: MIT
 *
 * layout.h - where everything of a figure goes. Lengths are points of the canvas; a canvas of one
 * panel is 480 wide and has letters of 14, which is 7 points in a column of 85 mm.
 */
#ifndef TFU_CORE_RESULT_LAYOUT_H
#define TFU_CORE_RESULT_LAYOUT_H

#include "core/result/axis.h"
#include "core/result/figure.h"

enum {
    TFU_LAYOUT_FONT = 14,         /* labels */
    TFU_LAYOUT_TITLE_FONT = 16,   /* title of the figure */
    TFU_LAYOUT_CAPTION_FONT = 12, /* and notes */
    TFU_LAYOUT_TITLE_LINE = 21,
    TFU_LAYOUT_LEGEND_LINE = 19,
    TFU_LAYOUT_CAPTION_LINE = 16,
    TFU_LAYOUT_EDGE = 10,   /* left free around everything */
    TFU_LAYOUT_NAME = 22,   /* characters of a category, row or column; longer ones are cut */
    TFU_LAYOUT_SAMPLE = 50, /* a legend's line with the room around it */
};

/* Of a letter of height 1: wide fonts are reckoned with. */
#define TFU_LAYOUT_LETTER 0.62

struct tfu_layout_panel {
    double left, right, top, bottom; /* of the plot: from the left and the top of the canvas */
    struct tfu_axis x, y, scale;     /* of numbers; scale: heat map's colours */
    bool slanted;                    /* the names below it are */
    size_t name_step;                /* every so manieth name is shown */
    size_t title_most;               /* characters that fit */
};

struct tfu_layout {
    double width, height;
    double title_top, legend_top, caption_top; /* of the first line */
    size_t title_most, legend_most, caption_most;
    size_t legend_columns, legend_items;
    double legend_width;            /* of a column */
    struct tfu_layout_panel *panel; /* as many as the figure's */
};

enum tfu_status tfu_layout_make(struct tfu_layout *l, const struct tfu_figure *f,
                                struct tfu_error *e);
void tfu_layout_free(struct tfu_layout *l);

/* Has a heat map of it a cell without a value? */
bool tfu_layout_missing(const struct tfu_figure *f);

static inline bool tfu_figure_said(const char *text)
{
    return text && *text;
}

#endif
