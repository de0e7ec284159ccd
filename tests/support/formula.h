/* SPDX-License-Identifier: MIT
 *
 * formula.h - numbers that the tests and formula.py both compute, so that fixtures hold results
 * only.
 */
#ifndef TFU_TESTS_SUPPORT_FORMULA_H
#define TFU_TESTS_SUPPORT_FORMULA_H

#include <stdint.h>

/* Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
static inline uint64_t splitmix64(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* A stream's number: FNV-1a of its name. */
static inline uint64_t stream(const char *name)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 0x100000001b3u;
    return h;
}

static inline uint64_t formula_bits(uint64_t s, uint64_t i)
{
    return splitmix64(s ^ splitmix64(i));
}

/* Uniform in [0, 1). */
static inline double formula(uint64_t s, uint64_t i)
{
    return (double)(formula_bits(s, i) >> 11) * (1.0 / 9007199254740992.0);
}

#endif
