/* SPDX-License-Identifier: MIT
 *
 * script_bars.h - series as bars or boxes over categories, in a plot command.
 */
#ifndef TFU_CORE_RESULT_SCRIPT_BARS_H
#define TFU_CORE_RESULT_SCRIPT_BARS_H

#include "core/result/figure_axes.h"
#include "core/result/script_style.h"

/* Series `i` of a panel, whose numbers, at least one, begin at `row` of the table. */
void tfu_script_bars(struct tfu_script_plot *plot, const struct tfu_figure *f,
                     const struct tfu_figure_panel *p, const struct tfu_figure_axes *axes, size_t i,
                     size_t row);
/* The same of boxes; those of the series follow its numbers in the table. */
void tfu_script_boxes(struct tfu_script_plot *plot, const struct tfu_figure *f,
                      const struct tfu_figure_panel *p, size_t i, size_t row);

#endif
