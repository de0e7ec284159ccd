/* SPDX-License-Identifier: MIT
 *
 * zip_bytes.h - single entries of a zip archive, unpacked into memory.
 */
#ifndef TFU_PLUGINS_DATASET_ZIP_BYTES_H
#define TFU_PLUGINS_DATASET_ZIP_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <transfuse/dataset.h>

struct zip_bytes {
    const char *path;
    struct zip *archive;
    int64_t count; /* of entries */
};

/* TFU_EIO: cannot be opened; TFU_ECORRUPT: no archive, or one that contradicts itself. On failure
 * there is nothing to close. `path` must outlive it. */
enum tfu_status zip_bytes_open(struct zip_bytes *z, const char *path, struct tfu_dataset_host *h);
void zip_bytes_close(struct zip_bytes *z);

/* The name of entry `index`, or "". Lives until close. */
const char *zip_bytes_name(const struct zip_bytes *z, int64_t index);
/* The entry of this name, or -1. */
int64_t zip_bytes_find(const struct zip_bytes *z, const char *name);

/* One entry, read from its beginning on in pieces. */
struct zip_stream {
    const char *path, *name;
    struct zip_file *file;
    uint64_t size; /* unpacked, as the directory has it; no more than the packed bytes can hold */
    uint64_t left;
};
enum tfu_status zip_stream_open(struct zip_stream *s, const struct zip_bytes *z, int64_t index,
                                struct tfu_dataset_host *h);
/* Exactly `size` bytes; that there are as many left is the caller's to know. The last of them check
 * the entry's sum. */
enum tfu_status zip_stream_read(struct zip_stream *s, void *to, size_t size,
                                struct tfu_dataset_host *h);
void zip_stream_close(struct zip_stream *s);

#endif
