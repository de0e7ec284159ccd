/* SPDX-License-Identifier: MIT
 *
 * tail.h - what follows a convolution and is done where its outputs are written, while they are in
 * cache: the bias, batch normalisation with running statistics, a shortcut, a ReLU. The arithmetic
 * is that of the separate kernels, operation by operation: fusing does not change a bit.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_TAIL_H
#define TFU_PLUGINS_BACKEND_CPU_TAIL_H

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

/* What is to be done with the outputs from output pixel `pixel` (of N P Q) and channel k on. */
static inline struct tfu_cpu_finish tfu_cpu_tail_at(const struct tfu_cpu_tail *t, int64_t pixel,
                                                    int64_t k)
{
    struct tfu_cpu_finish f = t->finish;
    f.bias = f.bias ? f.bias + k : NULL;
    f.mean = f.mean ? f.mean + k : NULL;
    f.slope = f.slope ? f.slope + k : NULL;
    f.shift = f.shift ? f.shift + k : NULL;
    f.add = f.add ? f.add + pixel * t->K + k : NULL;
    return f;
}

/* Finishes `pixels` outputs that are neighbours in memory, from output pixel `first` on, channels
 * first_k..first_k+channels-1. `y` is the whole output. [any thread, on disjoint parts] */
static inline void tfu_cpu_tail_apply(const struct tfu_cpu_tail *t, float *y, int64_t first,
                                      int64_t pixels, int64_t first_k, int64_t channels)
{
    if (!t->any)
        return;
    const struct tfu_cpu_finish f = tfu_cpu_tail_at(t, first, first_k);
    t->dev->rows->finish(y + first * t->K + first_k, &f, (size_t)pixels, (size_t)channels,
                         (size_t)t->K);
}

/* Computes outputs with a register tile, from output pixel `first` and channel first_k on, and
 * finishes them: whole blocks before they leave the registers. [any thread, on disjoint parts] */
static inline void tfu_cpu_tail_conv_row(const struct tfu_cpu_tail *t,
                                         const struct tfu_cpu_tiles *tiles,
                                         const struct tfu_cpu_conv_row *row, int64_t first,
                                         int64_t first_k)
{
    struct tfu_cpu_conv_row r = *row;
    const struct tfu_cpu_finish f = tfu_cpu_tail_at(t, first, first_k);
    const int whole = (int64_t)r.channels == tiles->block;
    if (t->any && whole)
        r.finish = &f;
    tiles->conv_row(&r);
    if (t->any && !whole)
        t->dev->rows->finish(r.y, &f, r.pixels, r.channels, r.y_stride);
}

#endif
