/* SPDX-License-Identifier: MIT
 *
 * figure_ends.h - what the axis of a figure does not show, as it ends before it or is one of powers
 * of ten. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_FIGURE_ENDS_H
#define TFU_CORE_REPORT_FIGURE_ENDS_H

#include "core/base/text.h"
#include "core/result/figure.h"

/* An axis of powers of ten on which nothing could be shown becomes a common one; so does one to the
 * right on which something could not. Returns whether the axis upwards did. */
bool tfu_report_drop_logs(struct tfu_figure_panel *panel, size_t panels);
/* " 3 of 40 points are not shown: ...", where the axis upwards leaves some out; likewise intervals
 * that are cut. */
void tfu_report_put_ends(struct tfu_text *out, const struct tfu_figure *f);

#endif
