/* SPDX-License-Identifier: MIT
 *
 * npy_write.h - an array of numpy in C order, written piece by piece; the file is there whole or
 * not at all.
 */
#ifndef TFU_CORE_IO_NPY_WRITE_H
#define TFU_CORE_IO_NPY_WRITE_H

#include "core/base/hash.h"
#include "core/io/atomic_file.h"
#include "core/io/stored.h"

struct tfu_npy_writer {
    struct tfu_atomic_file file;
    struct tfu_hash *hash;
    uint64_t left; /* bytes of numbers that are still to come */
};

/* Begins. `type` is one that numpy has. On failure nothing is left open. */
enum tfu_status tfu_npy_writer_open(struct tfu_npy_writer *w, const char *path,
                                    enum tfu_stored_type type, size_t rank, const int64_t *dim,
                                    struct tfu_error *e);
/* The next numbers, little-endian; no more than the shape has. */
enum tfu_status tfu_npy_writer_add(struct tfu_npy_writer *w, const void *numbers, size_t bytes,
                                   struct tfu_error *e);
/* All numbers are there: puts the file in place of whatever had its name. `hex` gets its SHA-256.
 * Ends `w` also when it fails. */
enum tfu_status tfu_npy_writer_commit(struct tfu_npy_writer *w, char hex[TFU_HASH_HEX],
                                      struct tfu_error *e);
/* Ends `w` and removes what was written; does nothing after a commit or on a zeroed one. */
void tfu_npy_writer_abandon(struct tfu_npy_writer *w);

#endif
