/* SPDX-License-Identifier: MIT
 *
 * latex.h - a report as a document of LaTeX, for pdflatex and the others.
 */
#ifndef TFU_CORE_REPORT_LATEX_H
#define TFU_CORE_REPORT_LATEX_H

#include "core/report/report_files.h"

/* It reads tables/NAME.tex and figures/NAME.pdf where it lies. */
enum tfu_status tfu_latex_page(struct tfu_text *out, const struct tfu_report_page *page,
                               struct tfu_error *e);

#endif
