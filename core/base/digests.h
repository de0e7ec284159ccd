/* SPDX-License-Identifier: MIT
 *
 * digests.h - digests of files that were read from end to end, so that nobody reads a file for its
 * digest again while it stays as it is.
 */
#ifndef TFU_CORE_BASE_DIGESTS_H
#define TFU_CORE_BASE_DIGESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/hash.h"

/* Which file it is, and what becomes another when somebody writes to it. */
struct tfu_file_state {
    uint64_t device, inode, size;
    int64_t modified, modified_ns; /* its contents were; seconds, and what goes beyond them */
    int64_t changed, changed_ns;   /* anything about it was */
};

struct stat;
struct tfu_file_state tfu_file_state_of(const struct stat *info);

struct tfu_digests;

/* What a digest is of: the bytes of a file, and of those that belong to it; or what a checkpoint
 * holds, by names and numbers. */
enum tfu_digest_of { TFU_DIGEST_OF_BYTES, TFU_DIGEST_OF_TENSORS };

enum tfu_status tfu_digests_new(struct tfu_digests **out, struct tfu_error *e);
void tfu_digests_free(struct tfu_digests *d);

/* Of these files (the one that was named first), all in these states; false, and `hex` as it was:
 * it is not known. Where `d` is NULL nothing is. [any thread] */
bool tfu_digests_find(struct tfu_digests *d, enum tfu_digest_of of,
                      const struct tfu_file_state *file, size_t count, char hex[TFU_HASH_HEX]);
/* Remembers one that was computed; nothing where `d` is NULL. [any thread] */
enum tfu_status tfu_digests_add(struct tfu_digests *d, enum tfu_digest_of of,
                                const struct tfu_file_state *file, size_t count,
                                const char hex[TFU_HASH_HEX], struct tfu_error *e);

/* tfu_hash_file(), unless it is known. [any thread] */
enum tfu_status tfu_digests_file(struct tfu_digests *d, const char *path, char hex[TFU_HASH_HEX],
                                 struct tfu_error *e);

/* Each path that tfu_digests_file() was asked for, as the file was then; `state` NULL: it could not
 * be read, or was written to meanwhile. */
void tfu_digests_each_file(struct tfu_digests *d,
                           void (*take)(void *arg, const char *path,
                                        const struct tfu_file_state *state),
                           void *arg);
/* Are they of one file that nobody wrote to in between? */
bool tfu_file_state_is_same(const struct tfu_file_state *a, const struct tfu_file_state *b);

/* How many were computed so far. */
size_t tfu_digests_count(const struct tfu_digests *d);

#endif
