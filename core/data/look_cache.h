/* SPDX-License-Identifier: MIT
 *
 * look_cache.h - what looks at image files found, kept in a file of the user's cache: a file that
 * is as it was (path, device, inode, size, times to the nanosecond) is not read and hashed again. A
 * file that was changed without any of these changing is not noticed. One that was written within
 * the last two seconds is not kept, as it may be written to again within a tick of the clock.
 */
#ifndef TFU_CORE_DATA_LOOK_CACHE_H
#define TFU_CORE_DATA_LOOK_CACHE_H

#include "core/base/digests.h"
#include "core/base/log.h"
#include "core/data/image_file.h"

struct tfu_look_cache;

/* That of the dataset `name`, any text that tells datasets apart. A file that is damaged, or of
 * another version, is as none. *out is NULL where there is no place for it, and nothing is
 * kept. `log` must outlive it. */
enum tfu_status tfu_look_cache_open(struct tfu_look_cache **out, const char *name,
                                    struct tfu_log *log, struct tfu_error *e);
/* Writes what is new, and frees. That it cannot be written is told in a line of the log. */
void tfu_look_cache_close(struct tfu_look_cache *c);

/* Is anything known of the file, in whatever state? Without that nobody need ask for its state.
 * `c` may be NULL. */
bool tfu_look_cache_has(const struct tfu_look_cache *c, const char *path);
/* What was found of the file when it was in this state, and looked at as `how` says; false: that is
 * not known. `c` may be NULL. */
bool tfu_look_cache_find(struct tfu_look_cache *c, const char *path,
                         const struct tfu_file_state *state, uint64_t how,
                         struct tfu_image_look *out);
/* Where there is no memory it is not kept. `c` may be NULL. */
void tfu_look_cache_add(struct tfu_look_cache *c, const char *path, uint64_t how,
                        const struct tfu_image_look *look);

#endif
