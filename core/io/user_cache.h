/* SPDX-License-Identifier: MIT
 *
 * user_cache.h - the folder of what is computed once and may be thrown away at any time: the
 * environment's TRANSFUSE_CACHE, else XDG_CACHE_HOME/transfuse, else HOME/.cache/transfuse.
 */
#ifndef TFU_CORE_IO_USER_CACHE_H
#define TFU_CORE_IO_USER_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

/* Its path, to be freed; NULL: there is none (TRANSFUSE_CACHE is empty, no HOME), or no memory. */
char *tfu_user_cache(void);
/* Is there one? */
bool tfu_user_cache_is_there(void);

/* Removes the files `<prefix>*` of `folder` that were not written to for the longest time, until
 * they have at most `bytes` together; `keep` is the name of one that stays, or NULL. Files that
 * cannot be removed, and a folder that cannot be read, are let be. */
void tfu_user_cache_trim(const char *folder, const char *prefix, const char *keep, uint64_t bytes);

#endif
