/* SPDX-License-Identifier: MIT
 *
 * figure.h - a figure as data: panels of lines, heat maps, scatters, histograms, bars or boxes,
 * with a caption that says what was compared. Written as its numbers, a gnuplot script, an SVG, a
 * PNG and a PDF; the same figure gives the same bytes. The caption is a file of its own beside
 * them: it is never drawn.
 *
 * Texts may hold anything: control characters become blanks, what is too long is cut in its middle.
 * A number that is not finite is missing: a gap in a line, an empty cell.
 */
#ifndef TFU_CORE_RESULT_FIGURE_H
#define TFU_CORE_RESULT_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

enum tfu_figure_kind {
    TFU_FIGURE_LINES,     /* series over categories or numbers */
    TFU_FIGURE_HEAT_MAP,  /* a matrix */
    TFU_FIGURE_SCATTER,   /* points, with a fitted line */
    TFU_FIGURE_HISTOGRAM, /* bins */
    TFU_FIGURE_IMAGES,    /* PNG files that lie beside it, with titles */
    TFU_FIGURE_BARS,      /* a group of bars for each category, of each series one */
    TFU_FIGURE_BOX,       /* numbers of each series at each category: points, median, quartiles */
};

struct tfu_figure_point {
    double x, y;
    double low, high; /* interval of y; NaN: none */
};

/* In a histogram a point is the bin that reaches from its x to the x of the next point, y high; the
 * last point only closes the last bin. */
struct tfu_figure_series {
    const char *label; /* at the end of its line, or in the legend */
    const char *key;   /* what a program knows it by; NULL: the label */
    const struct tfu_figure_point *point;
    size_t count;
    bool band;      /* lines: the interval as a band and not as bars */
    bool reference; /* lines: a baseline, drawn thin and gray without markers */
    /* scatter: the fitted line with its band, at increasing x */
    const struct tfu_figure_point *fit;
    size_t fit_count;
    const char *fit_label; /* "slope 0.81 [0.72, 0.90], R² 0.77" */
    /* Colour and mark, 1, 2, ...: the same number looks the same in all figures, see look.h. `look`
     * 0: as its position has it; `mark` 0: the mark, dash and fill of the look, too. */
    size_t look, mark;
    bool front;                     /* scatter: steps join its points, by x; see front.h */
    const char *const *point_label; /* scatter: beside the points, NULL or "": none; may be NULL */
    const char *const *point_key;   /* likewise as `key` */
};

struct tfu_figure_matrix {
    const char *const *row, *const *column; /* names */
    size_t rows, columns;
    const double *value; /* rows x columns; row 0 is drawn at the top */
    double low, high;    /* ends of the colour scale; both 0: from the data */
    const char *label;   /* of the scale */
    const char *const *row_key, *const *column_key; /* what a program knows them by; NULL: names */
};

struct tfu_figure_image {
    const char *file; /* in the figure's folder */
    int64_t height, width;
};

/* Where an axis ends; what is not given follows from the data. */
struct tfu_figure_ends {
    bool has_low, has_high;
    double low, high; /* low < high, where both are given */
};

/* Series number i looks the same in all panels: the legend names those of the first panel. In bars
 * and boxes x is the place of the category, and several points of one x are one box. */
struct tfu_figure_panel {
    const char *title; /* NULL: none */
    const char *key;   /* what a program knows it by; NULL: the title */
    const char *note;  /* a line below it; NULL: none */
    const char *x_label, *y_label;
    const char *const
        *category; /* what x = 0, 1, ... are; NULL: x is a number, but in bars, boxes */
    const char *const *category_key; /* what a program knows them by; NULL: the same */
    size_t category_count;
    bool apart;    /* bars, boxes: no two series share a category, and each has its whole width */
    bool log_x;    /* all x are above 0 */
    bool log_y;    /* what is not above 0 is not shown; ends that are given are */
    bool diagonal; /* scatter: draw y = x */
    struct tfu_figure_ends y; /* heat map: of the colour scale */
    const struct tfu_figure_series *series;
    size_t series_count;
    struct tfu_figure_matrix matrix; /* heat map */
    struct tfu_figure_image image;   /* images */
};

struct tfu_figure {
    enum tfu_figure_kind kind;
    const char *title;   /* NULL: none */
    const char *caption; /* what was compared, how many rows and draws; NULL or "": none */
    const struct tfu_figure_panel *panel;
    size_t panel_count;
    size_t columns; /* of panels; 0: chosen */
    bool same_y;    /* all panels have one range of y: they show the same quantity */
    bool has_keys;  /* its table has the keys of panels, series and points beside their labels */
};

/* Is there a text? */
static inline bool tfu_figure_said(const char *text)
{
    return text && *text;
}

/* Writes <stem>.csv, <stem>.gp, <stem>.caption.txt where there is a caption, and runs gnuplot to
 * make <stem>.svg, .png and .pdf, of which the PDF has half the size of the others: it is as wide
 * as a column of a page. The folder is there already. TFU_ENOTFOUND: there is no gnuplot, the
 * message says what to install; all but the drawings are written. */
enum tfu_status tfu_figure_write(const struct tfu_figure *f, const char *stem, struct tfu_error *e);

#endif
