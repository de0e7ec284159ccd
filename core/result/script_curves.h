/* SPDX-License-Identifier: MIT
 *
 * script_curves.h - series as lines, scatters or histograms, in a plot command.
 */
#ifndef TFU_CORE_RESULT_SCRIPT_CURVES_H
#define TFU_CORE_RESULT_SCRIPT_CURVES_H

#include "core/result/script_style.h"

/* Series `i` of a panel, whose numbers, at least one, begin at `row` of the table. */
void tfu_script_curve(struct tfu_script_plot *plot, const struct tfu_figure *f,
                      const struct tfu_figure_panel *p, size_t i, size_t row);

#endif
