/* SPDX-License-Identifier: MIT
 *
 * zip_file.h - a zip archive in memory, read with libzip and distrusted: names that lead out of the
 * archive, encryption, methods other than stored and deflate, sizes that deflate cannot make,
 * entries that share their bytes and names that are there twice are all refused at opening, before
 * anything of their size is allocated.
 */
#ifndef TFU_CORE_IO_ZIP_FILE_H
#define TFU_CORE_IO_ZIP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct tfu_zip_file;

struct tfu_zip_entry {
    const char *name; /* lives as long as the archive */
    uint64_t size;    /* of the contents; believable: at most 1032 times what is stored */
    bool stored;      /* not compressed */
};

/* `bytes` outlives the result; `path` is for messages, and copied. */
enum tfu_status tfu_zip_file_open(struct tfu_zip_file **out, const char *path, const void *bytes,
                                  size_t size, struct tfu_error *e);
void tfu_zip_file_close(struct tfu_zip_file *z);
const char *tfu_zip_file_path(const struct tfu_zip_file *z);

/* Bytes behind the end of the archive, which are not looked at. */
size_t tfu_zip_file_trailing(const struct tfu_zip_file *z);

size_t tfu_zip_file_count(const struct tfu_zip_file *z);
const struct tfu_zip_entry *tfu_zip_file_get(const struct tfu_zip_file *z, size_t i);
/* Index, or SIZE_MAX. */
size_t tfu_zip_file_find(const struct tfu_zip_file *z, const char *name);

/* `count` bytes of entry `i` from byte `offset` on; what is before them in an entry that is not
 * stored costs as much as reading it. A read up to the end checks the CRC of the whole entry; of
 * one that is stored, 0 says that it was not computed, as PyTorch can be told. [any thread] */
enum tfu_status tfu_zip_file_read(const struct tfu_zip_file *z, size_t i, uint64_t offset, void *to,
                                  size_t count, struct tfu_error *e);

#endif
