/* SPDX-License-Identifier: MIT
 *
 * figure_table.h - the numbers of a figure as a table, which its script draws.
 */
#ifndef TFU_CORE_RESULT_FIGURE_TABLE_H
#define TFU_CORE_RESULT_FIGURE_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/text.h"
#include "core/result/figure.h"

/* Rows in the order in which the script counts them: panel by panel, series by series, points
 * before the fitted line; cells of a matrix row by row. A missing number is "NaN", as R and pandas
 * read it and gnuplot leaves a gap. False: memory ran out. */
bool tfu_figure_table(FILE *out, const struct tfu_figure *f);
/* The same behind what is in `out`. */
enum tfu_status tfu_figure_table_text(struct tfu_text *out, const struct tfu_figure *f,
                                      struct tfu_error *e);

#endif
