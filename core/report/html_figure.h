/* SPDX-License-Identifier: MIT
 *
 * html_figure.h - a figure of a report as a part of its page: the drawing itself, its caption, and
 * links to its files.
 */
#ifndef TFU_CORE_REPORT_HTML_FIGURE_H
#define TFU_CORE_REPORT_HTML_FIGURE_H

#include "core/report/report_files.h"

/* `number`: "Figure 3". TFU_ECORRUPT: what is called a drawing is none. */
enum tfu_status tfu_html_put_figure(struct tfu_text *out, const struct tfu_report_page *page,
                                    const struct tfu_report_figure *f,
                                    const struct tfu_report_picture *drawing, size_t number,
                                    struct tfu_error *e);
/* Something that is missing, in a box. */
void tfu_html_put_missing(struct tfu_text *out, const char *text);

#endif
