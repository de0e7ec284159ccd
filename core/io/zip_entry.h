/* SPDX-License-Identifier: MIT
 *
 * zip_entry.h - what an archive's directory may say of an entry. Private to zip_file.c.
 */
#ifndef TFU_CORE_IO_ZIP_ENTRY_H
#define TFU_CORE_IO_ZIP_ENTRY_H

#include <stddef.h>
#include <stdint.h>
#include <zip.h>

#include "core/base/error.h"

/* Checks the name, method and sizes of entry `i`; `room` is what the entries before it have not
 * claimed of the file's bytes. */
enum tfu_status tfu_zip_entry_check(const char *path, size_t i, const zip_stat_t *s, uint64_t room,
                                    struct tfu_error *e);

#endif
