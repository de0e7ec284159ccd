/* SPDX-License-Identifier: MIT
 *
 * script_series.h - a panel of lines, a scatter, a histogram, bars or boxes, in a script.
 */
#ifndef TFU_CORE_RESULT_SCRIPT_SERIES_H
#define TFU_CORE_RESULT_SCRIPT_SERIES_H

#include "core/base/text.h"
#include "core/result/layout.h"

/* One panel's settings and its plot command; `first_row` is that of its numbers in the table.
 * Returns the row behind them. */
size_t tfu_script_series(struct tfu_text *out, const struct tfu_figure *f,
                         const struct tfu_layout *l, size_t panel, size_t first_row);

#endif
