/* SPDX-License-Identifier: MIT
 *
 * figure_panel.h - a panel of a figure: its series, their looks and its axes. Private to this
 * folder.
 */
#ifndef TFU_CORE_REPORT_FIGURE_PANEL_H
#define TFU_CORE_REPORT_FIGURE_PANEL_H

#include "core/report/figure_lines.h"

/* Lines have one place in all panels: those of all cases. */
struct tfu_report_lines {
    struct tfu_report_group *item;
    size_t count, *of; /* `of` each case: which line it is of */
};

enum tfu_status tfu_report_panel_draw(struct tfu_report_drawn *f,
                                      const struct tfu_report_group *panel,
                                      const struct tfu_report_lines *lines,
                                      struct tfu_figure_panel *out, struct tfu_error *e);
/* Are there more lines than can be told apart? Then each is thin, gray and without a name. */
bool tfu_report_figure_is_crowded(const struct tfu_report_ask *ask, size_t lines);

#endif
