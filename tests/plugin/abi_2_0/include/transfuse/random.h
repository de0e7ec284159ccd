/* SPDX-License-Identifier: MIT
 *
 * transfuse/random.h - counter-based random numbers: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 *
 * A draw is a pure function of a key and a counter, so that neither the order of calls nor the
 * number of threads can change it. The host derives keys from (seed, purpose, name); a plugin
 * counts.
 */
#ifndef TFU_RANDOM_H
#define TFU_RANDOM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tfu_random_block {
    uint32_t word[4];
};

/* The 128-bit block number `counter` of the stream `key`. [any thread] */
static inline struct tfu_random_block tfu_philox(uint64_t key, uint64_t counter)
{
    uint32_t c0 = (uint32_t)counter, c1 = (uint32_t)(counter >> 32), c2 = 0, c3 = 0;
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        const uint64_t p0 = (uint64_t)0xD2511F53u * c0;
        const uint64_t p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    struct tfu_random_block out = {{c0, c1, c2, c3}};
    return out;
}

/* Uniform in [0, 1) with 24 bits: exact in float. */
static inline float tfu_uniform_float(uint32_t word)
{
    return (float)(word >> 8) * (1.0f / 16777216.0f);
}

/* Uniform in [0, 1) with 53 bits, from two words. */
static inline double tfu_uniform_double(uint32_t high, uint32_t low)
{
    const uint64_t bits = ((uint64_t)high << 32 | low) >> 11;
    return (double)bits * (1.0 / 9007199254740992.0);
}

#ifdef __cplusplus
}
#endif
#endif
