/* SPDX-License-Identifier: MIT
 *
 * latex_table.h - a table of a report for LaTeX (booktabs): of a report, or of a document of one's
 * own.
 */
#ifndef TFU_CORE_REPORT_LATEX_TABLE_H
#define TFU_CORE_REPORT_LATEX_TABLE_H

#include "core/base/text.h"
#include "core/report/report.h"

/* A `tabular`, or a `longtable` where one page would not do. */
enum tfu_status tfu_latex_table(struct tfu_text *out, const struct tfu_report_table *t,
                                struct tfu_error *e);
/* Is it a `longtable`? */
bool tfu_latex_is_long(const struct tfu_report_table *t);

/* Likewise, as a file for a document of one's own: it says which packages it needs, and defines
 * what is none of theirs. */
enum tfu_status tfu_latex_table_file(struct tfu_text *out, const struct tfu_report_table *t,
                                     struct tfu_error *e);
/* `\otherletter`, of which texts make use. */
extern const char tfu_latex_letters[];

#endif
