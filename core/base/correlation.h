/* SPDX-License-Identifier: MIT
 *
 * correlation.h - how two measurements of the same examples go together: a straight line through
 * them, and the correlation of their ranks.
 */
#ifndef TFU_CORE_BASE_CORRELATION_H
#define TFU_CORE_BASE_CORRELATION_H

#include "core/base/statistics.h"

/* Ordinary least squares y = intercept + slope x. Nothing is defined for fewer than three points,
 * an x that does not vary beyond rounding or a value that is not finite; a y that does not vary has
 * a line but no correlation. */
struct tfu_line {
    size_t n;
    struct tfu_estimate slope, intercept;
    struct tfu_interval slope_interval; /* Student's t, n - 2 degrees of freedom */
    struct tfu_estimate pearson;
    struct tfu_estimate r_squared;          /* the square of it */
    struct tfu_interval r_squared_interval; /* bootstrap over points */
};
enum tfu_status tfu_line_fit(const double *x, const double *y, size_t n, uint64_t seed,
                             struct tfu_line *out, struct tfu_error *e);

/* Spearman's rho: Pearson's correlation of the ranks, equal values sharing the mean of theirs.
 * Nothing is defined for fewer than three points, a side that does not vary or a value that is not
 * finite. */
struct tfu_rank_correlation {
    size_t n;
    struct tfu_estimate rho;
    /* Two-sided, of no relation: for n <= 8 the share of all n! orders with a |rho| as large, else
     * by Student's t of rho sqrt((n - 2) / (1 - rho^2)). */
    struct tfu_estimate p;
    bool p_is_exact;
    /* By Fisher's z with variance (1 + rho^2 / 2) / (n - 3) (Bonett and Wright 2000); not defined
     * for n < 4 and |rho| = 1. */
    struct tfu_interval interval;
};
enum tfu_status tfu_rank_correlate(const double *x, const double *y, size_t n,
                                   struct tfu_rank_correlation *out, struct tfu_error *e);

#endif
