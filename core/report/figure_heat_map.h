/* SPDX-License-Identifier: MIT
 *
 * figure_heat_map.h - the panel of a heat map: a row for each line, a column for each value of the
 * axis to the right. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_FIGURE_HEAT_MAP_H
#define TFU_CORE_REPORT_FIGURE_HEAT_MAP_H

#include "core/report/figure_lines.h"

/* Makes the series of a panel that was drawn by an axis its matrix, and takes them away. Cells
 * without a number are NaN. */
enum tfu_status tfu_report_heat_map(struct tfu_report_drawn *f, struct tfu_figure_panel *panel,
                                    struct tfu_error *e);

#endif
