/* SPDX-License-Identifier: MIT
 *
 * markdown.h - a report, and each of its tables, as Markdown with tables (GitHub's).
 */
#ifndef TFU_CORE_REPORT_MARKDOWN_H
#define TFU_CORE_REPORT_MARKDOWN_H

#include "core/report/report_files.h"

enum tfu_status tfu_markdown_page(struct tfu_text *out, const struct tfu_report_page *page,
                                  struct tfu_error *e);
/* The table alone, with its notes and the reasons of its holes. */
enum tfu_status tfu_markdown_table(struct tfu_text *out, const struct tfu_report_table *t,
                                   struct tfu_error *e);

#endif
