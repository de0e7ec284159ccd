/* SPDX-License-Identifier: MIT
 *
 * zip_memory.h - bytes in memory as a source that libzip reads, which remembers where it was read
 * last. libzip knows where in the archive an entry's bytes are, but tells no one; so this is how
 * zip_file.c finds out. Private to zip_file.c.
 */
#ifndef TFU_CORE_IO_ZIP_MEMORY_H
#define TFU_CORE_IO_ZIP_MEMORY_H

#include <stdint.h>
#include <zip.h>

struct tfu_zip_memory {
    const uint8_t *bytes;
    uint64_t size;
    uint64_t position;
    uint64_t last; /* where the last read began */
    zip_error_t error;
};

/* `m` outlives the source. NULL with `error` set: out of memory. */
zip_source_t *tfu_zip_memory_source(struct tfu_zip_memory *m, const void *bytes, uint64_t size,
                                    zip_error_t *error);

#endif
