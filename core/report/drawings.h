/* SPDX-License-Identifier: MIT
 *
 * drawings.h - the figures of a report as files of its folder: drawn, or taken from where an
 * analysis left them.
 */
#ifndef TFU_CORE_REPORT_DRAWINGS_H
#define TFU_CORE_REPORT_DRAWINGS_H

#include "core/report/output_folder.h"
#include "core/report/report_files.h"

/* One for each block of the report, from the arena of `o`. TFU_ENOTFOUND comes when all is done:
 * there is no gnuplot, which the message says; data and scripts are there, and of pictures those
 * that an earlier report has of the same data and script. TFU_EINTERRUPTED. */
enum tfu_status tfu_report_draw(struct tfu_report_picture **out, struct tfu_output_folder *o,
                                const struct tfu_report *r, const struct tfu_report_writing *w,
                                struct tfu_error *e);

#endif
