/* SPDX-License-Identifier: MIT
 *
 * aside.h - puts an index that is damaged, or none of ours, under another name. Private to this
 * folder.
 */
#ifndef TFU_CORE_INDEX_ASIDE_H
#define TFU_CORE_INDEX_ASIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/log.h"

/* Renames `path` and what SQLite put beside it, with a note, unless it is another file than that of
 * `inode` by now, as another process has done so. False: it cannot be renamed. */
bool tfu_aside_put(const char *path, uint64_t inode, bool foreign, struct tfu_log *log);

#endif
