/* SPDX-License-Identifier: MIT
 *
 * capture_files.h - the folder that a capture writes: arrays of numpy that grow while
 * images go through a network, and put in their places together at the end.
 */
#ifndef TFU_CORE_RUN_CAPTURE_FILES_H
#define TFU_CORE_RUN_CAPTURE_FILES_H

#include "core/io/npy_write.h"

struct tfu_capture_file {
    char *name, *path; /* "block1.npy", in the folder */
    struct tfu_npy_writer writer;
    bool begun, placed, existed;
    size_t rank;
    int64_t dim[4];
    char sha256[TFU_HASH_HEX]; /* after commit() */
};

struct tfu_capture_files {
    const char *folder;
    bool force;
    struct tfu_capture_file *file;
    size_t count;
};

/* Makes the folder. Room for `most` files; freed by abandon(). */
enum tfu_status tfu_capture_files_init(struct tfu_capture_files *f, const char *folder, bool force,
                                       size_t most, struct tfu_error *e);
/* A file <stem>.npy to be written; its number in *index. Without `force` one that is there is an
 * error, and so are two of one name. */
enum tfu_status tfu_capture_files_add(struct tfu_capture_files *f, const char *stem, size_t *index,
                                      struct tfu_error *e);
/* Begins file `i` with its shape, of rank 1 to 4; then come the numbers. */
enum tfu_status tfu_capture_files_begin(struct tfu_capture_files *f, size_t i,
                                        enum tfu_stored_type type, size_t rank, const int64_t *dim,
                                        struct tfu_error *e);
/* The whole of a small file. */
enum tfu_status tfu_capture_files_write(struct tfu_capture_files *f, size_t i,
                                        enum tfu_stored_type type, size_t rank, const int64_t *dim,
                                        const void *numbers, struct tfu_error *e);
/* Puts all files in their places. */
enum tfu_status tfu_capture_files_commit(struct tfu_capture_files *f, struct tfu_error *e);
/* Takes them away again, but for those that replaced another. */
void tfu_capture_files_revoke(struct tfu_capture_files *f);
/* Removes what is not in its place, and frees. */
void tfu_capture_files_abandon(struct tfu_capture_files *f);

#endif
