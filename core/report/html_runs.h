/* SPDX-License-Identifier: MIT
 *
 * html_runs.h - the runs of a report as the end of its page: what links of numbers lead to.
 */
#ifndef TFU_CORE_REPORT_HTML_RUNS_H
#define TFU_CORE_REPORT_HTML_RUNS_H

#include "core/report/report_files.h"

enum tfu_status tfu_html_put_runs(struct tfu_text *out, const struct tfu_report_page *page,
                                  struct tfu_error *e);

#endif
