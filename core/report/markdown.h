/* SPDX-License-Identifier: MIT
 *
 * markdown.h - a report as Markdown with tables (GitHub's).
 */
#ifndef TFU_CORE_REPORT_MARKDOWN_H
#define TFU_CORE_REPORT_MARKDOWN_H

#include "core/report/report_files.h"

enum tfu_status tfu_markdown_page(struct tfu_text *out, const struct tfu_report_page *page,
                                  struct tfu_error *e);

#endif
