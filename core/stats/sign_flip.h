/* SPDX-License-Identifier: MIT
 *
 * sign_flip.h - the permutation test over paired seeds: if neither side were better, each
 * difference could as well have the other sign. The statistic is the mean difference (Fisher's
 * randomisation test for pairs, "The design of experiments", 1935).
 */
#ifndef TFU_CORE_STATS_SIGN_FLIP_H
#define TFU_CORE_STATS_SIGN_FLIP_H

#include "core/stats/method.h"
#include "core/stats/why.h"

enum { TFU_SIGN_FLIP_EXACT = 20 }; /* differences up to which all 2^n flips are counted */

struct tfu_sign_flip {
    int64_t n;
    double mean;
    enum tfu_p_method method;
    int64_t flips;            /* counted: 2^n, or the draws */
    double p;                 /* two-sided: |mean| at least as large */
    double p_greater, p_less; /* one-sided: small when the mean is above 0; below 0 */
    double smallest;          /* two-sided p that so many differences and flips can reach */
    struct tfu_why why;
};

/* More than TFU_SIGN_FLIP_EXACT differences: `draws` flips, draw i by (seed, i) alone, and p = (1 +
 * as large) / (1 + draws) (Phipson and Smyth 2010); without draws there is no p then. Sums that
 * differ by rounding are equal. Not defined: no differences, or one that is not finite. */
struct tfu_sign_flip tfu_sign_flip_test(const double *difference, int64_t n, int64_t draws,
                                        uint64_t seed);

#endif
