/* SPDX-License-Identifier: MIT
 *
 * weights_stats.h - the numbers of a stored tensor, described: moments, range, how they spread.
 */
#ifndef TFU_CORE_IO_WEIGHTS_STATS_H
#define TFU_CORE_IO_WEIGHTS_STATS_H

#include "core/io/numbers.h"
#include "core/io/weights.h"

/* An integer of up to 64 bits and a sign. */
struct tfu_whole {
    bool negative;
    uint64_t magnitude;
};

struct tfu_weights_stats {
    struct tfu_numbers numbers;
    bool exact; /* they are integers, and the least and the largest are these: */
    struct tfu_whole least, most;
};

/* Of tensor `i`, which can be read. `histogram` gets how many of the finite numbers lie in each of
 * `bins` intervals from the least to the largest; 0 bins: it is left alone. */
enum tfu_status tfu_weights_stats(struct tfu_weights_stats *out, const struct tfu_weights *w,
                                  size_t i, size_t bins, int64_t *histogram, struct tfu_error *e);

#endif
