/* SPDX-License-Identifier: MIT
 *
 * published.h - numbers that others published, to stand beside ours (docs/report.md). Private to
 * this folder.
 */
#ifndef TFU_CORE_REPORT_PUBLISHED_H
#define TFU_CORE_REPORT_PUBLISHED_H

#include "core/report/build_parts.h"

/* Fills `published` of the numbers of a table, row x (column, value), from the file that `ask`
 * names; `notes` gets the sources. What is wrong with the file becomes findings. */
enum tfu_status tfu_report_published(struct tfu_report_builder *b, const struct tfu_report_ask *ask,
                                     const struct tfu_report_group *row, size_t rows,
                                     const struct tfu_report_group *column, size_t columns,
                                     struct tfu_report_number *number, struct tfu_text *notes,
                                     struct tfu_error *e);

#endif
