/* SPDX-License-Identifier: MIT
 *
 * script.h - a figure as the gnuplot script that draws it from the table of its numbers.
 */
#ifndef TFU_CORE_RESULT_SCRIPT_H
#define TFU_CORE_RESULT_SCRIPT_H

#include "core/base/text.h"
#include "core/result/layout.h"

/* `name` is that of the files, without folder and extension. */
void tfu_figure_script(struct tfu_text *out, const struct tfu_figure *f, const struct tfu_layout *l,
                       const char *name);

#endif
