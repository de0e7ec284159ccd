/* SPDX-License-Identifier: MIT
 *
 * alike.h - which runs have the same in a part of their configurations: runs on the same data.
 */
#ifndef TFU_CORE_INDEX_ALIKE_H
#define TFU_CORE_INDEX_ALIKE_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/index/index.h"

/* Sorts all runs into classes, numbered from 0: those of one class have the same value, or none,
 * under each key that begins with `prefix`, "data.". `of` has the class of each run, and is
 * the arena's. */
enum tfu_status tfu_index_alike(struct tfu_index *x, const char *prefix, struct tfu_arena *arena,
                                const size_t **of, size_t *classes, struct tfu_error *e);

#endif
