/* SPDX-License-Identifier: MIT
 *
 * columns.h - texts in aligned columns: the first to the left, the others to the right.
 */
#ifndef TFU_CORE_RESULT_COLUMNS_H
#define TFU_CORE_RESULT_COLUMNS_H

#include "core/base/text.h"

/* Appends `count` cells, row by row. False: memory ran out. */
bool tfu_columns_put(struct tfu_text *out, const char *const *cell, size_t count, size_t columns);

#endif
