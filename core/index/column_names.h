/* SPDX-License-Identifier: MIT
 *
 * column_names.h - what columns there are.
 */
#ifndef TFU_CORE_INDEX_COLUMN_NAMES_H
#define TFU_CORE_INDEX_COLUMN_NAMES_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/index/index.h"

/* What stands before the name of an axis that is called as a key. */
#define TFU_INDEX_AXIS "axis."

/* The axes of a sweep, in their order; none of one that is not known. */
enum tfu_status tfu_index_axes(struct tfu_index *x, const char *sweep, struct tfu_arena *arena,
                               const char ***out, size_t *count, struct tfu_error *e);
/* Names of all sweeps, or of all series ("test/auc"), sorted. */
enum tfu_status tfu_index_sweep_names(struct tfu_index *x, struct tfu_arena *arena,
                                      const char ***out, size_t *count, struct tfu_error *e);
enum tfu_status tfu_index_series_names(struct tfu_index *x, struct tfu_arena *arena,
                                       const char ***out, size_t *count, struct tfu_error *e);

/* TFU_ENOTFOUND of a key that no run has, with what may have been meant. */
enum tfu_status tfu_column_unknown(struct tfu_index *x, const char *key, struct tfu_error *e);

#endif
