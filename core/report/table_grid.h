/* SPDX-License-Identifier: MIT
 *
 * table_grid.h - a table that is being made. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_TABLE_GRID_H
#define TFU_CORE_REPORT_TABLE_GRID_H

#include "core/report/build_parts.h"

enum { TFU_REPORT_CELLS_MAX = 200000 }; /* of a table; more nobody reads */

struct tfu_report_grid {
    struct tfu_report_builder *b;
    const struct tfu_report_ask *ask;
    struct tfu_report_group *row, *column;
    size_t rows, columns, wide; /* numbers of a row: columns x values */
    const struct tfu_report_series **series;
    const char **title;               /* of each value, for a reader */
    size_t **item, *items;            /* cases of row x column */
    struct tfu_report_number *number; /* row x (column, value) */
    const char **hole;
    struct tfu_report_number *derived[TFU_DERIVATIONS]; /* in the same places; NULL: none */
    const char **derived_hole[TFU_DERIVATIONS];
    struct tfu_text notes, caption;
};

/* "arch=cbr_tiny start=random", the arena's; NULL when memory ran out. */
const char *tfu_report_grid_cell_name(const struct tfu_report_grid *g, size_t row, size_t column);
/* Heads and numbers in their places: all of `t` but its name, caption and notes. */
enum tfu_status tfu_report_grid_lay_out(const struct tfu_report_grid *g, struct tfu_report_table *t,
                                        struct tfu_error *e);

#endif
