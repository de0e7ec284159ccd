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
/* The head over a column in one of the head rows, through cells that stretch. Heads have a text,
 * which may be "". */
const struct tfu_report_cell *tfu_report_head_over(const struct tfu_report_table *t,
                                                   size_t head_row, size_t column);
/* The head beside a row in one of the head columns: an empty one means what stands above it. */
const struct tfu_report_cell *tfu_report_head_beside(const struct tfu_report_table *t, size_t row,
                                                     size_t head_column);
/* What it says for programs, which may be "". */
const char *tfu_report_cell_key(const struct tfu_report_cell *c);
/* The axis whose values stand beside a corner; NULL: the corner does not say it. Of the corners of
 * a head row the last one does. */
const char *tfu_report_corner_axis(const struct tfu_report_table *t, size_t head_row,
                                   size_t head_column);
/* "arch \ start": what stands below a corner, and beside it. */
void tfu_report_put_corner(struct tfu_text *out, const struct tfu_report_table *t, size_t head_row,
                           size_t head_column);

/* Reasons of a table's holes, each once, in the order of reading. Borrowed from it. */
struct tfu_report_reasons {
    const char **text;
    size_t *sorted; /* places of `text`, in the order of their bytes */
    size_t count;
};
enum tfu_status tfu_report_reasons_collect(struct tfu_report_reasons *r,
                                           const struct tfu_report_table *t, struct tfu_error *e);
/* Its number, from 1; 0: it is none of them. */
size_t tfu_report_reason_number(const struct tfu_report_reasons *r, const char *why);
/* Is a note of the table one of the reasons, alone or behind a ": "? A page has it once. */
bool tfu_report_reasons_say(const struct tfu_report_reasons *r, const char *note);
void tfu_report_reasons_free(struct tfu_report_reasons *r);

#endif
