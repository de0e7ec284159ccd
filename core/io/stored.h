/* SPDX-License-Identifier: MIT
 *
 * stored.h - the types of numbers that files of weights hold, and their way to float and double.
 * Everything is little-endian; nothing is aligned.
 */
#ifndef TFU_CORE_IO_STORED_H
#define TFU_CORE_IO_STORED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tfu_stored_type {
    TFU_STORED_U64,
    TFU_STORED_I64,
    TFU_STORED_F64,
    TFU_STORED_U32,
    TFU_STORED_I32,
    TFU_STORED_F32,
    TFU_STORED_BF16,
    TFU_STORED_F16,
    TFU_STORED_U16,
    TFU_STORED_I16,
    TFU_STORED_F8_E4M3,
    TFU_STORED_F8_E5M2,
    TFU_STORED_I8,
    TFU_STORED_U8,
    TFU_STORED_BOOL
};

/* A number that is never a fraction; BOOL is one. */
bool tfu_stored_is_integer(enum tfu_stored_type type);
/* Of a type whose integers may lie beyond what a double has exactly. */
bool tfu_stored_is_long(enum tfu_stored_type type);

/* "F32", as safetensors calls it, and its bytes. */
const char *tfu_stored_type_name(enum tfu_stored_type type);
size_t tfu_stored_type_size(enum tfu_stored_type type);
/* False: there is no type of that name. */
bool tfu_stored_type_find(const char *name, enum tfu_stored_type *out);

/* `count` numbers at `from`, to the nearest float (ties to even) or exactly to double. Integers
 * beyond 2^53 are rounded in double too. */
void tfu_stored_to_float(enum tfu_stored_type type, const void *from, size_t count, float *to);
void tfu_stored_to_double(enum tfu_stored_type type, const void *from, size_t count, double *to);
/* |a - b| of `count` pairs, exactly also where one is an I64 or U64, and then rounded once. Equal
 * infinities and two NaN are no distance apart; one NaN is infinitely far. */
void tfu_stored_distances(enum tfu_stored_type a_type, const void *a, enum tfu_stored_type b_type,
                          const void *b, size_t count, double *out);
/* The number at `at` of an integer type: its size, and whether it is below 0. */
uint64_t tfu_stored_magnitude(enum tfu_stored_type type, const void *at, bool *negative);
/* The way back, to the nearest number of the type (ties to even): F64, F32, F16 or BF16. What is
 * too large becomes infinity. */
void tfu_stored_from_double(enum tfu_stored_type type, const double *from, size_t count, void *to);

#endif
