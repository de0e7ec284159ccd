/* SPDX-License-Identifier: MIT
 *
 * tail.h - what follows a convolution and is done where its outputs are written, while they are in
 * cache: the bias, batch normalisation with running statistics, a shortcut, a ReLU. The arithmetic
 * is that of the separate kernels, operation by operation: fusing does not change a bit.
 */
#ifndef TFU_CPU_TAIL_H
#define TFU_CPU_TAIL_H

#include "cpu.h"

struct tfu_cpu_tail {
    const struct tfu_cpu *dev;
    struct tfu_cpu_finish finish; /* of all channels; `add` of the whole output */
    int64_t K;
    int any; /* is there anything to do? */
};

/* The tail of a forward call of conv2d. Its per-channel constants are computed into scratch: with
 * scratch that has no data it only counts bytes. */
struct tfu_cpu_tail tfu_cpu_tail_of(const struct tfu_cpu *dev, const struct tfu_op_call *c,
                                    struct tfu_cpu_scratch *s);

/* Finishes `pixels` outputs that are neighbours in memory, from output pixel `first` (of N P Q) on,
 * channels first_k..first_k+channels-1. `y` is the whole output. [any thread, on disjoint parts] */
static inline void tfu_cpu_tail_apply(const struct tfu_cpu_tail *t, float *y, int64_t first,
                                      int64_t pixels, int64_t first_k, int64_t channels)
{
    if (!t->any)
        return;
    struct tfu_cpu_finish f = t->finish;
    const int64_t at = first * t->K + first_k;
    f.bias = f.bias ? f.bias + first_k : NULL;
    f.mean = f.mean ? f.mean + first_k : NULL;
    f.slope = f.slope ? f.slope + first_k : NULL;
    f.shift = f.shift ? f.shift + first_k : NULL;
    f.add = f.add ? f.add + at : NULL;
    t->dev->rows->finish(y + at, &f, (size_t)pixels, (size_t)channels, (size_t)t->K);
}

#endif
