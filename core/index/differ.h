/* SPDX-License-Identifier: MIT
 *
 * differ.h - in what the configurations of runs differ.
 */
#ifndef TFU_CORE_INDEX_DIFFER_H
#define TFU_CORE_INDEX_DIFFER_H

#include "core/index/index.h"

/* A key, and what each run has there; NULL: nothing. */
struct tfu_index_difference {
    const char *key;
    const char **value;
};

/* The keys that not all have with the same value, in the order of their bytes. The memory is the
 * arena's. */
enum tfu_status tfu_index_differ(struct tfu_index *x, const struct tfu_index_run *const *run,
                                 size_t runs, struct tfu_arena *arena,
                                 struct tfu_index_difference **out, size_t *count,
                                 struct tfu_error *e);

#endif
