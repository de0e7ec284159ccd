/* SPDX-License-Identifier: MIT
 *
 * script_legend.h - the samples of a legend and their names, in a script.
 */
#ifndef TFU_CORE_RESULT_SCRIPT_LEGEND_H
#define TFU_CORE_RESULT_SCRIPT_LEGEND_H

#include "core/base/text.h"
#include "core/result/layout.h"

/* Parts of item number `item` of the legend. The first three are ended by the caller with a style.
 */
void tfu_script_legend_line(struct tfu_text *out, const struct tfu_layout *l, size_t item);
void tfu_script_legend_point(struct tfu_text *out, const struct tfu_layout *l, size_t item);
void tfu_script_legend_box(struct tfu_text *out, const struct tfu_layout *l, size_t item);
void tfu_script_legend_text(struct tfu_text *out, const struct tfu_layout *l, size_t item,
                            const char *label);

#endif
