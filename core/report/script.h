/* SPDX-License-Identifier: MIT
 *
 * script.h - a figure as a table of its numbers and as the gnuplot script that draws them.
 */
#ifndef TFU_CORE_REPORT_SCRIPT_H
#define TFU_CORE_REPORT_SCRIPT_H

#include <stdio.h>

#include "core/base/text.h"
#include "core/report/layout.h"

/* Rows in the order in which the script counts them: panel by panel, series by series, points
 * before the fitted line; cells of a matrix row by row. A missing number is "NaN", as R and pandas
 * read it and gnuplot leaves a gap. False: memory ran out. */
bool tfu_figure_table(FILE *out, const struct tfu_figure *f);

/* `name` is that of the files, without folder and extension. */
void tfu_figure_script(struct tfu_text *out, const struct tfu_figure *f, const struct tfu_layout *l,
                       const char *name);

/* The pieces that the kinds share. A position as "0.1234,0.5678" of the screen. */
void tfu_script_at(struct tfu_text *out, const struct tfu_layout *l, double x, double y);
/* Cleaned, cut and quoted. */
void tfu_script_text(struct tfu_text *out, const char *text, size_t most);

/* Parts of item number `item` of the legend. The first two are ended by the caller with a style. */
void tfu_script_legend_line(struct tfu_text *out, const struct tfu_layout *l, size_t item);
void tfu_script_legend_point(struct tfu_text *out, const struct tfu_layout *l, size_t item);
void tfu_script_legend_box(struct tfu_text *out, const struct tfu_layout *l, size_t item,
                           const char *colour);
void tfu_script_legend_text(struct tfu_text *out, const struct tfu_layout *l, size_t item,
                            const char *label);

/* Names as tics at 0, 1, ...; axis 'x' or 'y', of which y goes down. */
void tfu_script_names(struct tfu_text *out, char axis, const char *const *name, size_t count,
                      const struct tfu_layout_panel *at);

/* The plot of an empty panel: its axes, and that there is nothing. */
void tfu_script_nothing(struct tfu_text *out);

/* One panel's settings and its plot command; `first_row` is that of its numbers in the table.
 * Returns the row behind them. */
size_t tfu_script_series(struct tfu_text *out, const struct tfu_figure *f,
                         const struct tfu_layout *l, size_t panel, size_t first_row);
size_t tfu_script_heat_map(struct tfu_text *out, const struct tfu_figure *f,
                           const struct tfu_layout *l, size_t panel, size_t first_row);

#endif
