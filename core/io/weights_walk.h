/* SPDX-License-Identifier: MIT
 *
 * weights_walk.h - the numbers of a tensor, a piece at a time: however large the tensor is, memory
 * is needed for a piece alone, where the format has the numbers as they are. Compressed or
 * scattered ones are kept whole as they are stored.
 */
#ifndef TFU_CORE_IO_WEIGHTS_WALK_H
#define TFU_CORE_IO_WEIGHTS_WALK_H

#include "core/io/weights.h"

enum { TFU_WEIGHTS_PIECE = 65536 }; /* numbers */

struct tfu_weights_walk {
    const struct tfu_weights *weights;
    size_t tensor;
    const unsigned char *bytes; /* all numbers; NULL: they are read piece by piece */
    void *owned;
    int64_t done;
};

/* Before the first number of tensor `i`. On failure there is nothing to end. */
enum tfu_status tfu_weights_walk_begin(struct tfu_weights_walk *walk, const struct tfu_weights *w,
                                       size_t i, struct tfu_error *e);
/* The next numbers as they are stored, at most TFU_WEIGHTS_PIECE; *count is 0 behind the last. Good
 * until the next call. */
enum tfu_status tfu_weights_walk_next(struct tfu_weights_walk *walk, const void **raw,
                                      size_t *count, struct tfu_error *e);
/* Before the first number again. */
void tfu_weights_walk_rewind(struct tfu_weights_walk *walk);
void tfu_weights_walk_end(struct tfu_weights_walk *walk);

#endif
