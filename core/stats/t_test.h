/* SPDX-License-Identifier: MIT
 *
 * t_test.h - is the mean of differences zero? Student's paired t for independent seeds, and Nadeau
 * and Bengio's for repeated splits of one set of data, whose training sets overlap.
 */
#ifndef TFU_CORE_STATS_T_TEST_H
#define TFU_CORE_STATS_T_TEST_H

#include "core/stats/why.h"

struct tfu_t_test {
    int64_t n;
    double mean, variance;    /* of the differences; the variance with n - 1 */
    double factor;            /* of the variance, in the variance of the mean: 1 / n + ratio */
    double error;             /* of the mean: sqrt(factor x variance) */
    double degrees;           /* n - 1 */
    double t;                 /* mean / error */
    double p;                 /* two-sided */
    double p_greater, p_less; /* one-sided: small when the mean is above 0; below 0 */
    double level, low, high;  /* interval of the mean difference */
    struct tfu_why why;
};

/* Paired t. Not defined: fewer than two differences, one that is not finite, or differences that do
 * not vary beyond rounding. */
struct tfu_t_test tfu_t_test_paired(const double *difference, int64_t n, double level);

/* Corrected resampled t (Nadeau and Bengio, "Inference for the generalization error", Machine
 * Learning 52 (2003)): `ratio` is n_test / n_train of each split, a finite number >= 0. For K
 * folds, repeated any number of times, it is 1 / (K - 1) and n is the number of all folds
 * (Bouckaert and Frank 2004). 0 is the paired t. */
struct tfu_t_test tfu_t_test_corrected(const double *difference, int64_t n, double ratio,
                                       double level);

#endif
