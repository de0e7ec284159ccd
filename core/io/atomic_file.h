/* SPDX-License-Identifier: MIT
 *
 * atomic_file.h - a file that is there whole or not at all: written beside its place as
 * "<path>.tmp", brought to the disk, then renamed.
 */
#ifndef TFU_CORE_IO_ATOMIC_FILE_H
#define TFU_CORE_IO_ATOMIC_FILE_H

#include "core/base/error.h"

/* Asked when the file is on the disk, before it is put in its place: anything but TFU_OK, and it is
 * not. */
struct tfu_atomic_guard {
    enum tfu_status (*allow)(void *arg, struct tfu_error *e);
    void *arg;
};

struct tfu_atomic_file {
    int fd; /* -1: closed */
    char *path, *temporary, *folder;
    const struct tfu_atomic_guard *guard; /* NULL: none; for the caller to set once it is open */
};

/* Begins. On failure nothing is left open. A file left over by a killed process is removed; a
 * process that still writes it does not write into ours. */
enum tfu_status tfu_atomic_open(struct tfu_atomic_file *f, const char *path, struct tfu_error *e);
/* Appends. After a failure only tfu_atomic_abandon() makes sense. */
enum tfu_status tfu_atomic_write(struct tfu_atomic_file *f, const void *bytes, size_t n,
                                 struct tfu_error *e);
/* When a library wrote a file of its own at `temporary`: from now on `f` is about that one. */
enum tfu_status tfu_atomic_reopen(struct tfu_atomic_file *f, struct tfu_error *e);
/* fsync, the guard, rename, fsync of the folder. Ends `f` also when it fails; then the old file, if
 * any, is untouched (unless it is only the folder that cannot be synced). A temporary file that
 * another process has replaced is a failure. */
enum tfu_status tfu_atomic_commit(struct tfu_atomic_file *f, struct tfu_error *e);
/* Ends `f` and removes what was written; does nothing after a commit. */
void tfu_atomic_abandon(struct tfu_atomic_file *f);

/* All at once. */
enum tfu_status tfu_atomic_write_file(const char *path, const void *bytes, size_t n,
                                      struct tfu_error *e);
enum tfu_status tfu_atomic_write_guarded(const char *path, const void *bytes, size_t n,
                                         const struct tfu_atomic_guard *guard, struct tfu_error *e);

#endif
