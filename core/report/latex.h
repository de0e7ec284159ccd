/* SPDX-License-Identifier: MIT
 *
 * latex.h - a report as a document of LaTeX, for pdflatex and the others, and each of its tables
 * (booktabs) for a document of one's own.
 */
#ifndef TFU_CORE_REPORT_LATEX_H
#define TFU_CORE_REPORT_LATEX_H

#include "core/report/report_files.h"

/* It reads tables/NAME.tex and figures/NAME.pdf where it lies. */
enum tfu_status tfu_latex_page(struct tfu_text *out, const struct tfu_report_page *page,
                               struct tfu_error *e);
/* A `tabular`, or a `longtable` where one page would not do. */
enum tfu_status tfu_latex_table(struct tfu_text *out, const struct tfu_report_table *t,
                                struct tfu_error *e);
/* Is it a `longtable`? */
bool tfu_latex_is_long(const struct tfu_report_table *t);

#endif
