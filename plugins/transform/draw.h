/* SPDX-License-Identifier: MIT
 *
 * draw.h - numbers drawn for one example, one after another, from the key that the host gives.
 */
#ifndef TFU_PLUGINS_TRANSFORM_DRAW_H
#define TFU_PLUGINS_TRANSFORM_DRAW_H

#include <transfuse/example.h>
#include <transfuse/random.h>

struct draw {
    uint64_t key, counter;
};

static inline struct draw draw_begin(const struct tfu_example_host *h)
{
    return (struct draw){.key = h->key};
}

/* Uniform in [0, 1). */
static inline double draw_unit(struct draw *d)
{
    const struct tfu_random_block b = tfu_philox(d->key, d->counter++);
    return tfu_uniform_double(b.word[0], b.word[1]);
}

/* One of 0..n-1, each as likely as the others: a remainder would favour small numbers, so what lies
 * beyond the last multiple of n is drawn again. */
static inline int64_t draw_below(struct draw *d, int64_t n)
{
    const uint64_t range = (uint64_t)n, beyond = (UINT64_MAX % range + 1) % range;
    for (;;) {
        const struct tfu_random_block b = tfu_philox(d->key, d->counter++);
        const uint64_t bits = (uint64_t)b.word[0] << 32 | b.word[1];
        if (bits <= UINT64_MAX - beyond)
            return (int64_t)(bits % range);
    }
}

/* Uniform from `low` to `high`. */
static inline double draw_between(struct draw *d, double low, double high)
{
    return low + (high - low) * draw_unit(d);
}

/* Is it done to this example? Never where nothing is to be random. */
static inline int draw_happens(struct draw *d, const struct tfu_example_host *h, double p)
{
    return h->random && draw_unit(d) < p;
}

/* First and end of a length, a share of the side, around a pixel drawn by chance; in the image. */
static inline void draw_span(struct draw *d, int64_t side, double share, int64_t span[2])
{
    const int64_t length = (int64_t)(share * (double)side + 0.5);
    const int64_t first = draw_below(d, side) - length / 2, end = first + length;
    span[0] = first < 0 ? 0 : first;
    span[1] = end > side ? side : end;
}

#endif
