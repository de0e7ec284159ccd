/* SPDX-License-Identifier: MIT
 *
 * walk.h - the folders of runs in a store: NAME/ID. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_WALK_H
#define TFU_CORE_INDEX_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/log.h"

struct tfu_walk {
    char **path; /* of runs, below the store, sorted by bytes */
    size_t count, room;
    char **closed; /* folders "NAME/" that cannot be read: what lies there is not known */
    size_t closed_count, closed_room;
};

/* TFU_ENOTFOUND, TFU_EIO: the store itself cannot be read. What cannot be in it is a warning. */
enum tfu_status tfu_walk_store(struct tfu_walk *out, const char *store, int store_fd,
                               struct tfu_log *log, struct tfu_error *e);
void tfu_walk_free(struct tfu_walk *w);
/* Does a path lie in one of the closed folders? */
bool tfu_walk_is_closed(const struct tfu_walk *w, const char *path);

#endif
