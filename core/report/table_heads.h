/* SPDX-License-Identifier: MIT
 *
 * table_heads.h - what a cell of a report's table stands under and beside, and why cells of it are
 * empty.
 */
#ifndef TFU_CORE_REPORT_TABLE_HEADS_H
#define TFU_CORE_REPORT_TABLE_HEADS_H

#include "core/base/text.h"
#include "core/report/report.h"

const struct tfu_report_cell *tfu_report_cell_at(const struct tfu_report_table *t, size_t row,
                                                 size_t column);
/* Columns that a cell takes, never beyond the table's edge. */
size_t tfu_report_cell_width(const struct tfu_report_table *t, size_t row, size_t column);
/* The head over a column in one of the head rows, through cells that stretch; never NULL. */
const char *tfu_report_head_over(const struct tfu_report_table *t, size_t head_row, size_t column);
/* The head beside a row in one of the head columns: an empty one means what stands above it. Never
 * NULL. */
const char *tfu_report_head_beside(const struct tfu_report_table *t, size_t row,
                                   size_t head_column);

/* Reasons of a table's holes, each once, in the order of reading. Borrowed from it. */
struct tfu_report_reasons {
    const char **text;
    size_t count;
};
enum tfu_status tfu_report_reasons_collect(struct tfu_report_reasons *r,
                                           const struct tfu_report_table *t, struct tfu_error *e);
/* Its number, from 1; 0: it is none of them. */
size_t tfu_report_reason_number(const struct tfu_report_reasons *r, const char *why);
/* Does a note of the table say what a reason says? A page has it once. */
bool tfu_report_reasons_say(const struct tfu_report_reasons *r, const char *note);
void tfu_report_reasons_free(struct tfu_report_reasons *r);

#endif
