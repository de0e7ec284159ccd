/* SPDX-License-Identifier: MIT
 *
 * column_attribute.h - columns of what an index has of each run: state, host, arch and so on.
 * Private to this folder.
 */
#ifndef TFU_CORE_INDEX_COLUMN_ATTRIBUTE_H
#define TFU_CORE_INDEX_COLUMN_ATTRIBUTE_H

#include "core/index/column_value.h"
#include "core/index/index.h"

/* Kind and values of a column whose key is one of these; false: it is none. */
bool tfu_column_fill_attribute(const struct tfu_index *x, struct tfu_index_column *c);
/* The one that may have been meant; NULL: none. */
const char *tfu_column_nearest_attribute(const char *key);

/* The number that all of the text is; false, and NaN: it is none. */
bool tfu_column_number_of(const char *text, double *out);

#endif
