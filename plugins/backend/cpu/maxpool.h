/* SPDX-License-Identifier: MIT
 *
 * maxpool.h - rows of a maximum pooling and of its gradient, for the kernel of maxpool and for
 * those that do more at once (pool.c).
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_MAXPOOL_H
#define TFU_PLUGINS_BACKEND_CPU_MAXPOOL_H

#include "window.h"

struct tfu_cpu_maxpool {
    const struct tfu_cpu *dev;
    struct tfu_cpu_axis h, w;
    int64_t C;
};

struct tfu_cpu_maxpool tfu_cpu_maxpool_of(const struct tfu_cpu *dev, const struct tfu_op_call *c);

/* The first row of the image that row p of the output sees. */
static inline int64_t tfu_cpu_maxpool_first(const struct tfu_cpu_maxpool *m, int64_t p)
{
    return p * m->h.stride - m->h.pad + tfu_cpu_taps(&m->h, p).first;
}

/* Row p of the output, W x C, and the taps that were taken unless `taken` is NULL. `x` is the first
 * of the image's rows that it sees. [any thread, on disjoint rows] */
void tfu_cpu_maxpool_row(const struct tfu_cpu_maxpool *m, int64_t p, const float *x, float *out,
                         uint8_t *taken);

/* The gradient by columns first..end-1 of row y of an image: written to grad_x from its start on.
 * grad_out and `taken` are those of the whole image. [any thread, on disjoint parts] */
void tfu_cpu_maxpool_row_back(const struct tfu_cpu_maxpool *m, int64_t y,
                              struct tfu_cpu_range columns, const float *grad_out,
                              const uint8_t *taken, float *grad_x);

#endif
