/* SPDX-License-Identifier: MIT
 *
 * npz.h - writes numpy's archives of arrays; weights.h reads them.
 */
#ifndef TFU_CORE_IO_NPZ_H
#define TFU_CORE_IO_NPZ_H

#include "core/io/safetensors.h"

/* Writes a whole file in place of `path`, or leaves what was there. Entries are stored, in the
 * order given, and of the same date: the same input gives the same bytes. TFU_EUNSUPPORTED: a type
 * that numpy lacks (BF16, F8); TFU_EINVAL: a name that is a path out of the archive, empty, or
 * there twice. */
enum tfu_status tfu_npz_write(const char *path, const struct tfu_safetensors_tensor *tensor,
                              size_t count, struct tfu_error *e);

#endif
