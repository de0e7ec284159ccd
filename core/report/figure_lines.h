/* SPDX-License-Identifier: MIT
 *
 * figure_lines.h - what is drawn in the panels of a figure: points of each series, over which runs,
 * and what they lack. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_FIGURE_LINES_H
#define TFU_CORE_REPORT_FIGURE_LINES_H

#include "core/report/build_parts.h"

/* A figure that is being made. */
struct tfu_report_drawn {
    struct tfu_report_builder *b;
    const struct tfu_report_ask *ask;
    const struct tfu_report_series *y, *x; /* `x`: of scatters and fronts */
    const char *y_title, *x_title;         /* what they are, for a reader */
    bool *rests_on;                        /* of each case: its number is in the figure */
    size_t least, most;                    /* runs of a point */
    struct tfu_text notes;                 /* holes, a line each */
    struct tfu_text said;                  /* the main numbers, for those who do not see it */
};

/* The points of the cases, those of one line of one panel; `name` is theirs. */
enum tfu_status tfu_report_line_by_step(struct tfu_report_drawn *f, const size_t *item,
                                        size_t count, const char *name,
                                        struct tfu_figure_series *out, struct tfu_error *e);
/* The axis `ask->x_axis` to the right, means upwards. */
enum tfu_status tfu_report_line_by_axis(struct tfu_report_drawn *f, const size_t *item,
                                        size_t count, const char *name, bool numbers,
                                        struct tfu_figure_series *out, struct tfu_error *e);
/* Each case a point: `ask->x_axis` or a value to the right. */
enum tfu_status tfu_report_points_of(struct tfu_report_drawn *f, const size_t *item, size_t count,
                                     const char *name, struct tfu_figure_series *out,
                                     struct tfu_error *e);
/* Means of both values, a point for each combination of axes but `over`. */
enum tfu_status tfu_report_line_of_means(struct tfu_report_drawn *f, const size_t *item,
                                         size_t count, const char *name,
                                         struct tfu_figure_series *out, struct tfu_error *e);

#endif
