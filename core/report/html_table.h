/* SPDX-License-Identifier: MIT
 *
 * html_table.h - a table of a report as a part of its page.
 */
#ifndef TFU_CORE_REPORT_HTML_TABLE_H
#define TFU_CORE_REPORT_HTML_TABLE_H

#include "core/report/report_files.h"

/* `number`: "Table 3". */
enum tfu_status tfu_html_put_table(struct tfu_text *out, const struct tfu_report_page *page,
                                   const struct tfu_report_table *t, size_t number,
                                   struct tfu_error *e);

#endif
