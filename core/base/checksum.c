/* SPDX-License-Identifier: MIT */
#include "core/base/checksum.h"

#include <string.h>

enum { LANES = 4, WORD = 8, BLOCK = LANES * WORD }; /* multiplications that wait for no other */

static uint64_t mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 29;
}

uint64_t tfu_checksum(const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    uint64_t lane[LANES] = {1, 2, 3, 4}, word[LANES], last[LANES] = {0};
    size_t left = n;
    for (; left >= BLOCK; p += BLOCK, left -= BLOCK) {
        memcpy(word, p, BLOCK);
        for (int i = 0; i < LANES; i++)
            lane[i] = mix(lane[i], word[i]);
    }
    if (left)
        memcpy(last, p, left);
    uint64_t h = n;
    for (int i = 0; i < LANES; i++)
        h = mix(mix(h, lane[i]), last[i]);
    return h ^ h >> 32;
}

uint64_t tfu_fnv1a(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
    return hash;
}
