/* SPDX-License-Identifier: MIT
 *
 * script_names.h - names inside of a plot, in a script: at the ends of lines, and beside points.
 */
#ifndef TFU_CORE_RESULT_SCRIPT_NAMES_H
#define TFU_CORE_RESULT_SCRIPT_NAMES_H

#include "core/base/text.h"
#include "core/result/layout.h"

/* Those of the layout. */
void tfu_script_ends(struct tfu_text *out, const struct tfu_figure *f, const struct tfu_layout *l);
/* The names of a scatter's points, as many as there is room for: all are in the table. */
void tfu_script_point_names(struct tfu_text *out, const struct tfu_figure_panel *p,
                            const struct tfu_layout *l, size_t panel);

#endif
