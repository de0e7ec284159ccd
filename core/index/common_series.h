/* SPDX-License-Identifier: MIT
 *
 * common_series.h - which metrics chosen runs can be compared by.
 */
#ifndef TFU_CORE_INDEX_COMMON_SERIES_H
#define TFU_CORE_INDEX_COMMON_SERIES_H

#include "core/index/index.h"

/* The series of the test data, else of the validation's, else of the training's, that all these
 * runs have, by their places in the index. Those of single classes and their intervals, which have
 * a dot in their names, only where `all` are wanted. Of no
 * runs there are none. None is no error. The memory is the arena's.
 */
enum tfu_status tfu_index_common_series(struct tfu_index *x, const size_t *run, size_t runs,
                                        bool all, struct tfu_arena *arena, const char ***out,
                                        size_t *count, struct tfu_error *e);

#endif
