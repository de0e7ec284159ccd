/* SPDX-License-Identifier: MIT */
#include "core/base/random.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"

uint64_t tfu_random_key(uint64_t seed, const char *purpose, const char *name)
{
    /* names come from plugins and may be long: the digest of a digest has no limit on them */
    uint8_t part[3][TFU_HASH_SIZE], digest[TFU_HASH_SIZE];
    uint8_t seed_bytes[8];
    for (int i = 0; i < 8; i++)
        seed_bytes[i] = (uint8_t)(seed >> 8 * i);
    tfu_hash_bytes(seed_bytes, sizeof seed_bytes, part[0]);
    tfu_hash_bytes(purpose, strlen(purpose), part[1]);
    tfu_hash_bytes(name, strlen(name), part[2]);
    tfu_hash_bytes(part, sizeof part, digest);
    uint64_t key = 0;
    for (int i = 0; i < 8; i++)
        key |= (uint64_t)digest[i] << 8 * i;
    return key;
}

uint64_t tfu_random_subkey(uint64_t key, uint64_t index)
{
    /* a stream of its own: draws count up from 0, subkeys down from the top */
    const struct tfu_random_block b = tfu_philox(key, ~index);
    return (uint64_t)b.word[0] << 32 | b.word[1];
}

void tfu_random_init(struct tfu_random *r, uint64_t key)
{
    *r = (struct tfu_random){.key = key, .used = 4};
}

static uint32_t next_word(struct tfu_random *r)
{
    if (r->used == 4) {
        r->block = tfu_philox(r->key, r->counter++);
        r->used = 0;
    }
    return r->block.word[r->used++];
}

double tfu_random_uniform(struct tfu_random *r)
{
    const uint32_t high = next_word(r);
    return tfu_uniform_double(high, next_word(r));
}

double tfu_random_normal(struct tfu_random *r)
{
    if (r->has_spare) {
        r->has_spare = 0;
        return r->spare;
    }
    const double radius = sqrt(-2 * log(1 - tfu_random_uniform(r)));
    const double angle = 6.283185307179586476925 * tfu_random_uniform(r);
    r->spare = radius * sin(angle);
    r->has_spare = 1;
    return radius * cos(angle);
}

uint64_t tfu_random_below(struct tfu_random *r, uint64_t n)
{
    /* values at and above the largest multiple of n would favour small results; only the last n can
     * be among them, and a division takes longer than a draw */
    uint64_t v;
    do {
        const uint64_t high = next_word(r);
        v = high << 32 | next_word(r);
    } while (v > UINT64_MAX - n && v >= UINT64_MAX - UINT64_MAX % n);
    return v % n;
}

void tfu_random_shuffle(struct tfu_random *r, int64_t *item, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = (size_t)tfu_random_below(r, i);
        const int64_t t = item[i - 1];
        item[i - 1] = item[j];
        item[j] = t;
    }
}
