/* SPDX-License-Identifier: MIT
 *
 * table_against.h - which cell of a table another one is held against: the one that differs from it
 * on one axis alone. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_TABLE_AGAINST_H
#define TFU_CORE_REPORT_TABLE_AGAINST_H

#include "core/report/table_grid.h"

/* A cell, by its place among rows x columns. TFU_REPORT_NONE: there is none, or it is the cell
 * itself, or one of them has no cases. */
size_t tfu_report_cell_against(const struct tfu_report_grid *g,
                               const struct tfu_report_against *against, size_t row, size_t column);
/* Has any cell of the table the value that the others are held against? */
bool tfu_report_against_is_there(const struct tfu_report_grid *g,
                                 const struct tfu_report_against *against);
/* Is it one of the columns that have it? Never where the axis is one of the rows. */
bool tfu_report_column_is_against(const struct tfu_report_grid *g,
                                  const struct tfu_report_against *against, size_t column);

#endif
