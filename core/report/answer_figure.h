/* SPDX-License-Identifier: MIT
 *
 * answer_figure.h - the figure of an analysis in the words of `names`. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_ANSWER_FIGURE_H
#define TFU_CORE_REPORT_ANSWER_FIGURE_H

#include "core/report/build_parts.h"

/* The figure that "<stem>.json" has, in words, to be drawn anew; NULL: no word is in it, or it is
 * of an older program, whose JSON had no figure. */
enum tfu_status tfu_report_answer_figure(struct tfu_report_builder *b, const char *stem,
                                         struct tfu_figure **out, struct tfu_error *e);

#endif
