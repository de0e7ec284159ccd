/* SPDX-License-Identifier: MIT
 *
 * write.h - a report as a folder: a page, Markdown, LaTeX, tables, figures, its runs and all of it
 * as JSON. The same report gives the same bytes.
 */
#ifndef TFU_CORE_REPORT_WRITE_H
#define TFU_CORE_REPORT_WRITE_H

#include "core/report/report_files.h"

/* TFU_ENOTFOUND: there is no gnuplot, the message says what to install; all but the pictures is
 * written. TFU_EINVAL: the folder has files of somebody else where the report's are to be; nothing
 * was written then, nor with TFU_EINTERRUPTED. */
enum tfu_status tfu_report_write(const struct tfu_report *r, struct tfu_report_writing *w,
                                 struct tfu_error *e);

#endif
