/* SPDX-License-Identifier: MIT
 *
 * markdown_table.h - a table of a report as Markdown.
 */
#ifndef TFU_CORE_REPORT_MARKDOWN_TABLE_H
#define TFU_CORE_REPORT_MARKDOWN_TABLE_H

#include "core/base/text.h"
#include "core/report/report.h"

/* The table alone, with its notes and the reasons of its holes. */
enum tfu_status tfu_markdown_table(struct tfu_text *out, const struct tfu_report_table *t,
                                   struct tfu_error *e);

#endif
