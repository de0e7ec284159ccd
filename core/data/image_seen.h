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

struct tfu_image_seen_file;

/* A table by the paths' hashes. */
struct tfu_image_seen {
    struct tfu_image_seen_file *slot;
    size_t capacity, count;
};

/* All zeros is an empty one. */
void tfu_image_seen_free(struct tfu_image_seen *s);
/* `stamp` is of what the file system says, `digest` of the contents. [one thread] */
enum tfu_status tfu_image_seen_add(struct tfu_image_seen *s, const char *path, uint64_t stamp,
                                   uint64_t digest, struct tfu_error *e);
/* False: the file was not looked at. [any thread, when nothing is added] */
bool tfu_image_seen_find(const struct tfu_image_seen *s, const char *path, uint64_t *stamp,
                         uint64_t *digest);

#endif
