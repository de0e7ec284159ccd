/* SPDX-License-Identifier: MIT
 *
 * script_style.h - series in a plot command: their rows of the table and how they look.
 */
#ifndef TFU_CORE_RESULT_SCRIPT_STYLE_H
#define TFU_CORE_RESULT_SCRIPT_STYLE_H

#include "core/base/text.h"
#include "core/result/look.h"

/* A panel's plot command as it grows: its first piece begins it, the others go on with a comma. */
struct tfu_script_plot {
    struct tfu_text *out;
    bool begun;
    bool log_y; /* what is not above 0 is none: the script's above() takes it below the axis */
};

/* "plot " or ", ". */
void tfu_script_next(struct tfu_script_plot *plot);
/* Of `count` rows of the table from row `from` on: "using (x + dx):columns"; the rest of `columns`
 * is a plot style. */
void tfu_script_rows(struct tfu_script_plot *plot, size_t from, size_t count, double dx,
                     const char *columns);

/* The intervals of such rows, those that have one, as bars with caps. */
void tfu_script_intervals(struct tfu_script_plot *plot, size_t from, size_t count, double dx,
                          const char *colour);

void tfu_script_line_style(struct tfu_text *out, struct tfu_series_look look);
void tfu_script_marker_style(struct tfu_text *out, struct tfu_series_look look, double size);
/* Of a bar or a box with its edge. */
void tfu_script_fill_style(struct tfu_text *out, struct tfu_series_look look);

#endif
