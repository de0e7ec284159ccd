/* SPDX-License-Identifier: MIT
 *
 * npz_array.h - one array of numpy's archive of arrays, in memory.
 */
#ifndef TFU_PLUGINS_DATASET_NPZ_ARRAY_H
#define TFU_PLUGINS_DATASET_NPZ_ARRAY_H

#include "npy_header.h"
#include "zip_bytes.h"

struct npz_array {
    struct npy_header header; /* little-endian, in C's order */
    unsigned char *data;
    size_t size;
};

/* The array of this name. TFU_ENOTFOUND, with the names that there are: there is none. Nothing is
 * allocated that the packed bytes could not hold. On failure there is nothing to free. */
enum tfu_status npz_array_read(struct npz_array *a, const struct zip_bytes *z, const char *name,
                               struct tfu_dataset_host *h);
void npz_array_free(struct npz_array *a);

#endif
