/* SPDX-License-Identifier: MIT
 *
 * mapped_file.h - a whole file as bytes in memory, read as they are used.
 */
#ifndef TFU_CORE_IO_MAPPED_FILE_H
#define TFU_CORE_IO_MAPPED_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/digests.h"

struct tfu_mapped_file {
    const void *bytes; /* never NULL, also when there are none */
    size_t size;
    void *map;                   /* what to unmap, or NULL */
    struct tfu_file_state state; /* when it was opened */
};

/* TFU_EIO: cannot be opened or read; TFU_EINVAL: a folder or a device. On failure there is nothing
 * to close. Whoever cuts the file short while it is mapped ends the process (SIGBUS). */
enum tfu_status tfu_mapped_file_open(struct tfu_mapped_file *out, const char *path,
                                     struct tfu_error *e);
void tfu_mapped_file_close(struct tfu_mapped_file *f);
/* Is it these bytes that the file has, and no others? */
bool tfu_mapped_file_holds(const char *path, const void *bytes, size_t n);

#endif
