/* SPDX-License-Identifier: MIT
 *
 * npy.h - the header of numpy's array format, versions 1, 2 and 3: the dictionary is read by a
 * parser of its own, which knows three keys and nothing of Python.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
#ifndef TFU_CORE_IO_NPY_H
#define TFU_CORE_IO_NPY_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/io/stored.h"

enum {
    TFU_NPY_RANK_MAX = 64,
    TFU_NPY_PREFIX = 12, /* bytes that are enough to know the header's size */
    TFU_NPY_HEADER_MAX = 65536,
    TFU_NPY_KIND = 24
};

struct tfu_npy {
    enum tfu_stored_type type;
    bool swapped;  /* big-endian, and it matters */
    bool reversed; /* first dimension fastest, and it matters */
    size_t rank;
    int64_t dim[TFU_NPY_RANK_MAX];
    size_t header; /* bytes before the numbers */
    size_t bytes;  /* of the numbers */
    uint64_t rest; /* bytes behind them: numpy reads the first array of a file */
    /* A type whose numbers are not read: why, and its name. The shape is known, bytes are not. */
    const char *problem; /* NULL: it is read */
    char kind[TFU_NPY_KIND];
    bool beside; /* no numbers at all: a text, a date, Python's objects, fields */
};

/* Are these, TFU_NPY_PREFIX or all there are, the first bytes of an array? */
bool tfu_npy_begins(const void *bytes, size_t n);
/* Bytes before the numbers, from the first `n` of a file of `total`: n is TFU_NPY_PREFIX or more,
 * or all there is. At most TFU_NPY_HEADER_MAX. `path` is for messages. */
enum tfu_status tfu_npy_header_size(size_t *out, const char *path, const void *bytes, size_t n,
                                    uint64_t total, struct tfu_error *e);
/* The header itself, of that size, of an array at the beginning of `total` bytes. A type that is
 * not read is no error. */
enum tfu_status tfu_npy_header_read(struct tfu_npy *out, const char *path, const void *bytes,
                                    size_t size, uint64_t total, struct tfu_error *e);
/* TFU_EUNSUPPORTED if it has a problem. */
enum tfu_status tfu_npy_check(const struct tfu_npy *npy, const char *path, struct tfu_error *e);
/* The numbers as they lie in the file into C order and little-endian. */
void tfu_npy_arrange(const struct tfu_npy *npy, const void *from, void *to);

/* The header of an array in C order. False: numpy has no such type (BF16, F8). */
bool tfu_npy_header_print(struct tfu_text *out, enum tfu_stored_type type, size_t rank,
                          const int64_t *dim);

#endif
