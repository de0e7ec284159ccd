/* SPDX-License-Identifier: MIT
 *
 * number.h - the types in which a network keeps its numbers: one row each, and one row for each way
 * from one type to another. A type is new rows here, and what computes in it. Private to this
 * folder.
 */
#ifndef TFU_CORE_GRAPH_NUMBER_H
#define TFU_CORE_GRAPH_NUMBER_H

#include <stdbool.h>

#include <transfuse/layer.h>

/* "float32"; NULL for what is no type of tensors. */
const char *tfu_number_name(uint32_t dtype);
/* The bit of TFU_TAKES_* that says that something computes in it; 0: nothing does. */
uint32_t tfu_number_bit(uint32_t dtype);

/* Copies `n` numbers to another type, rounded once. `keep`: where a number of `to` comes to the
 * same as that of `from` once it is rounded to the type of `from`, it keeps all its digits. */
typedef void tfu_number_copy(void *to, const void *from, size_t n, bool keep);

/* NULL: there is no way. From a type to itself there is one. */
tfu_number_copy *tfu_number_conversion(uint32_t from, uint32_t to);

#endif
