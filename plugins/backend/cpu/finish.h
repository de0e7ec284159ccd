/* SPDX-License-Identifier: MIT
 *
 * finish.h - for the files of inner loops: what is done with outputs that are still in registers.
 */
#ifndef TFU_CPU_FINISH_H
#define TFU_CPU_FINISH_H

#include "rows.h"
#include "vector.h"

/* What `f` makes of the channels of a pixel from channel `c` on, `at` floats from where f->add
 * points to: operation by operation what the passes over memory in rows.c do, bit by bit. */
static inline __attribute__((always_inline)) vector
vector_finish(vector v, const struct tfu_cpu_finish *f, size_t c, ptrdiff_t at)
{
    if (f->bias)
        v += *(const vector *)(f->bias + c);
    if (f->mean)
        v = (v - *(const vector *)(f->mean + c)) * *(const vector *)(f->slope + c) +
            *(const vector *)(f->shift + c);
    if (f->add)
        v += *(const vector *)(f->add + at);
    if (f->relu) {
        const vector_mask negative = v < 0;
        v = (vector)((vector_mask)v & ~negative);
    }
    return v;
}

#endif
