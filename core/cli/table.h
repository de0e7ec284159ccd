/* SPDX-License-Identifier: MIT
 *
 * table.h - cells in aligned columns: the first to the left, the others to the right.
 */
#ifndef TFU_CORE_CLI_TABLE_H
#define TFU_CORE_CLI_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/arena.h"
#include "core/base/error.h"

struct tfu_table {
    struct tfu_arena arena;
    const char **cell; /* row by row */
    size_t columns, count, capacity;
    bool failed; /* memory ran out */
};

void tfu_table_init(struct tfu_table *t, size_t columns);
void tfu_table_free(struct tfu_table *t);
/* The next cell. Failure is sticky: tfu_table_print() tells. */
void tfu_table_cell(struct tfu_table *t, const char *fmt, ...) TFU_PRINTF(2, 3);
/* A number with `digits` behind the point; "n/a" for NaN. */
void tfu_table_number(struct tfu_table *t, double value, int digits);
enum tfu_status tfu_table_print(const struct tfu_table *t, FILE *out, struct tfu_error *e);

#endif
