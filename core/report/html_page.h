/* SPDX-License-Identifier: MIT
 *
 * html_page.h - a report as one page of HTML that needs nothing else: it opens from a file, without
 * a network and without scripts.
 */
#ifndef TFU_CORE_REPORT_HTML_PAGE_H
#define TFU_CORE_REPORT_HTML_PAGE_H

#include "core/report/report_files.h"

enum tfu_status tfu_html_page(struct tfu_text *out, const struct tfu_report_page *page,
                              struct tfu_error *e);

#endif
