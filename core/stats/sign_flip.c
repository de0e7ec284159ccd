/* SPDX-License-Identifier: MIT */
#include "core/stats/sign_flip.h"

#include <inttypes.h>
#include <math.h>

#include "core/base/random.h"

struct flips {
    const double *difference;
    int64_t n;
    double sum;   /* of the differences as they are, ... */
    double equal; /* ... from which other sums differ by rounding alone up to here */
    int64_t counted, at_least, at_most, as_large;
};

static void count(struct flips *f, double sum)
{
    f->counted++;
    f->at_least += sum >= f->sum - f->equal;
    f->at_most += sum <= f->sum + f->equal;
    f->as_large += fabs(sum) >= fabs(f->sum) - f->equal;
}

/* Both signs of the differences from `i` on. */
static void count_all(struct flips *f, int64_t i, double sum)
{
    if (i == f->n) {
        count(f, sum);
        return;
    }
    count_all(f, i + 1, sum + f->difference[i]);
    count_all(f, i + 1, sum - f->difference[i]);
}

static void count_draw(struct flips *f, uint64_t key)
{
    enum { SIGNS = 32 }; /* of a number */
    struct tfu_random r;
    uint64_t sign = 0;
    double sum = 0;
    tfu_random_init(&r, key);
    for (int64_t i = 0; i < f->n; i++) {
        if (i % SIGNS == 0)
            sign = tfu_random_below(&r, (uint64_t)1 << SIGNS);
        sum += sign & 1 ? f->difference[i] : -f->difference[i];
        sign >>= 1;
    }
    count(f, sum);
}

struct tfu_sign_flip tfu_sign_flip_test(const double *difference, int64_t n, int64_t draws,
                                        uint64_t seed)
{
    struct tfu_sign_flip t = {
        .n = n, .mean = NAN, .p = NAN, .p_greater = NAN, .p_less = NAN, .smallest = NAN};
    struct flips f = {.difference = difference, .n = n};
    double magnitude = 0;
    if (n <= 0)
        tfu_why_say(&t.why, "no differences");
    if (n <= 0 || !tfu_why_finite(&t.why, "difference", difference, n))
        return t;
    for (int64_t i = 0; i < n; i++) {
        f.sum += difference[i];
        magnitude += fabs(difference[i]);
    }
    if (!isfinite(magnitude)) {
        tfu_why_say(&t.why, "the sum of the differences is too large");
        return t;
    }
    f.equal = 1e-12 * magnitude;
    t.mean = f.sum / (double)n;
    if (n > TFU_SIGN_FLIP_EXACT && draws <= 0) {
        tfu_why_say(&t.why, "%" PRId64 " differences: more than %d need random draws", n,
                    TFU_SIGN_FLIP_EXACT);
        return t;
    }
    const bool exact = n <= TFU_SIGN_FLIP_EXACT;
    if (exact) {
        count_all(&f, 0, 0);
    } else {
        const uint64_t key = tfu_random_key(seed, "sign flip", "");
        for (int64_t i = 0; i < draws; i++)
            count_draw(&f, tfu_random_subkey(key, (uint64_t)i));
    }
    /* the differences as they are, are one of all flips; draws may have missed them */
    const double more = exact ? 0 : 1, all = (double)f.counted + more;
    t.method = exact ? TFU_P_EXACT : TFU_P_DRAWN;
    t.flips = f.counted;
    t.p = ((double)f.as_large + more) / all;
    t.p_greater = ((double)f.at_least + more) / all;
    t.p_less = ((double)f.at_most + more) / all;
    t.smallest = exact ? fmin(1, 2 / all) : 1 / all;
    return t;
}
