/* SPDX-License-Identifier: MIT
 *
 * image_seen.h - what image files held when their dataset was opened: that decides which run it is,
 * so that a file which has changed since is not to be trained on in its place.
 */
#ifndef TFU_CORE_DATA_IMAGE_SEEN_H
#define TFU_CORE_DATA_IMAGE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/* `stamp` is of what the file system says; `digest` is the beginning of the contents' SHA-256, or
 * zeros: the file is bad, and its example left out. */
struct tfu_image_seen_file {
    uint64_t path; /* its hash; 0: the slot is free */
    uint64_t stamp;
    uint64_t digest[2];
};

/* A table by the paths' hashes. */
struct tfu_image_seen {
    struct tfu_image_seen_file *slot;
    size_t capacity, count;
};

/* A hash of 64 bits, never 0: two paths of one dataset share none. */
uint64_t tfu_image_seen_hash(const char *path);

/* All zeros is an empty one. */
void tfu_image_seen_free(struct tfu_image_seen *s);
/* In place of what there was of that path. [one thread] */
enum tfu_status tfu_image_seen_add(struct tfu_image_seen *s, const struct tfu_image_seen_file *file,
                                   struct tfu_error *e);
/* NULL: the file was not looked at. [any thread, when nothing is added] */
const struct tfu_image_seen_file *tfu_image_seen_find(const struct tfu_image_seen *s,
                                                      const char *path);
bool tfu_image_seen_is_bad(const struct tfu_image_seen_file *f);

#endif
