/* SPDX-License-Identifier: MIT
 *
 * finish.h - for the files of inner loops: what is done with outputs that are still in registers,
 * operation by operation what the passes over memory in rows.c do, and bit by bit.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_FINISH_H
#define TFU_PLUGINS_BACKEND_CPU_FINISH_H

#include "rows.h"
#include "vector.h"

/* Constants of a vector of channels. */
struct vector_finish {
    vector bias, mean, slope, shift;
    int biased, normed, added, relu;
};

static inline UNWATCHED __attribute__((always_inline)) struct vector_finish
vector_finish_of(const struct tfu_cpu_finish *f, size_t channel)
{
    struct vector_finish v = {.biased = f->bias != NULL,
                              .normed = f->mean != NULL,
                              .added = f->add != NULL,
                              .relu = f->relu};
    if (v.biased)
        v.bias = *(const vector *)(f->bias + channel);
    if (v.normed) {
        v.mean = *(const vector *)(f->mean + channel);
        v.slope = *(const vector *)(f->slope + channel);
        v.shift = *(const vector *)(f->shift + channel);
    }
    return v;
}

/* `count` vectors, which is a constant: they stay in registers. `add` is that of the first, and
 * `step` floats lie between it and the next. */
static inline UNWATCHED __attribute__((always_inline)) void
vector_finish(vector *value, const int count, const struct vector_finish *f, const float *add,
              ptrdiff_t step)
{
    if (f->biased) {
        UNROLL
        for (int i = 0; i < count; i++)
            value[i] += f->bias;
    }
    if (f->normed) {
        UNROLL
        for (int i = 0; i < count; i++)
            value[i] = (value[i] - f->mean) * f->slope + f->shift;
    }
    if (f->added) {
        UNROLL
        for (int i = 0; i < count; i++)
            value[i] += *(const vector *)(add + i * step);
    }
    if (f->relu) {
        UNROLL
        for (int i = 0; i < count; i++) {
            const vector_mask negative = value[i] < 0;
            value[i] = (vector)((vector_mask)value[i] & ~negative);
        }
    }
}

#endif
