/* SPDX-License-Identifier: MIT
 *
 * random.h - keys and streams over the counter-based generator of transfuse/random.h.
 *
 * A key is the first 8 bytes of SHA-256 over (seed, purpose, name): two purposes never share a
 * stream, and adding a layer changes no other layer's draws.
 */
#ifndef TFU_CORE_BASE_RANDOM_H
#define TFU_CORE_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include <transfuse/random.h>

/* `purpose` is a fixed word ("init", "shuffle", "dropout", "limit", "example"), `name` what it is
 * for ("" none).
 */
uint64_t tfu_random_key(uint64_t seed, const char *purpose, const char *name);
/* A key for step `index` under `key`, for keys that change every step or epoch. */
uint64_t tfu_random_subkey(uint64_t key, uint64_t index);

struct tfu_random {
    uint64_t key, counter;
    struct tfu_random_block block;
    unsigned used; /* words of `block` already drawn */
    double spare;  /* second normal of a pair */
    int has_spare;
};

void tfu_random_init(struct tfu_random *r, uint64_t key);
double tfu_random_uniform(struct tfu_random *r);             /* [0, 1), 53 bits */
double tfu_random_normal(struct tfu_random *r);              /* Box-Muller */
uint64_t tfu_random_below(struct tfu_random *r, uint64_t n); /* 0..n-1, without bias; n > 0 */
/* Fisher-Yates. */
void tfu_random_shuffle(struct tfu_random *r, int64_t *item, size_t n);

#endif
