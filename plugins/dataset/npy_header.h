/* SPDX-License-Identifier: MIT
 *
 * npy_header.h - what numpy writes before the numbers of an array (numpy's format, versions 1 to
 * 3).
 */
#ifndef TFU_PLUGINS_DATASET_NPY_HEADER_H
#define TFU_PLUGINS_DATASET_NPY_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NPY_MAX_RANK = 8, NPY_MAX_HEADER = 65536, NPY_BEGIN = 12 };

struct npy_header {
    char kind;   /* 'b' bool, 'u', 'i', 'f' */
    size_t item; /* bytes of a number */
    bool big_endian, fortran;
    uint32_t rank;
    int64_t dim[NPY_MAX_RANK];
    uint64_t count; /* of numbers; that `count * item` fits 63 bits has been checked */
};

/* From the first `size` bytes of a file, at least 10 and of version 2 and later 12: where the
 * header's text begins, and its length. NULL, or why it is none. */
const char *npy_header_begin(const unsigned char *bytes, size_t size, size_t *at, size_t *length);
/* The text, a dictionary as Python writes it. NULL, or why it is refused, with what is in
 * `detail`. */
const char *npy_header_read(struct npy_header *a, const char *text, size_t length, char detail[64]);

/* Number `i` of an array that is neither of 'f' and 2 bytes nor big-endian. */
double npy_number(const struct npy_header *a, const unsigned char *data, uint64_t i);

#endif
