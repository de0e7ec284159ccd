/* SPDX-License-Identifier: MIT
 *
 * numbers.h - the arithmetic that pictures are drawn with: sums, products, quotients and square
 * roots alone, which IEEE 754 rounds in one way. The functions of libm differ between machines by a
 * bit now and then, and a bit in a path moves a vessel.
 *
 * Who includes it computes products and sums apart: no fused multiply-add.
 */
#ifndef TFU_CORE_SYNTH_NUMBERS_H
#define TFU_CORE_SYNTH_NUMBERS_H

#include <stdint.h>

#include "core/base/random.h"

#ifdef __clang__ /* gcc does not contract in ISO C, and does not know the pragma */
#pragma STDC FP_CONTRACT OFF
#endif

static inline float tfu_synth_mix(float a, float b, float share)
{
    return a + (b - a) * share;
}

static inline float tfu_synth_unit(float x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

/* 0 below `low`, 1 above `high`, a smooth step in between. */
static inline float tfu_synth_step(float low, float high, float x)
{
    const float t = tfu_synth_unit((x - low) / (high - low));
    return t * t * (3 - 2 * t);
}

/* Near exp(-x) for x >= 0, and 0 from 8 on. */
static inline float tfu_synth_bell(float x)
{
    if (x >= 8)
        return 0;
    float t = 1 - x / 8;
    t *= t;
    t *= t;
    return t * t;
}

static inline int tfu_synth_floor(float x)
{
    const int i = (int)x;
    return i - ((float)i > x);
}

/* Sine and cosine of an angle in turns, to 0.001. */
double tfu_synth_sin(double turns);
double tfu_synth_cos(double turns);

/* ---- draws
 *
 * One draw a statement or an initialised variable: of several in one call, sum or list of
 * initialisers, compilers choose which comes first. */

/* A stream for one purpose ("vessels") of what `key` stands for. */
struct tfu_random tfu_synth_stream(uint64_t key, const char *purpose);

static inline double tfu_synth_between(struct tfu_random *r, double low, double high)
{
    return low + (high - low) * tfu_random_uniform(r);
}

/* From low to high, both included. */
static inline int tfu_synth_count(struct tfu_random *r, int low, int high)
{
    return low + (int)tfu_random_below(r, (uint64_t)(high - low + 1));
}

static inline int tfu_synth_chance(struct tfu_random *r, double p)
{
    return tfu_random_uniform(r) < p;
}

/* Mean 0, variance 1, never beyond 4.3: a sum of six uniform numbers. */
double tfu_synth_spread(struct tfu_random *r);

#endif
