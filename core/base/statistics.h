/* SPDX-License-Identifier: MIT
 *
 * statistics.h - a mean and how sure it is. What a sample cannot tell is said by a flag, never by
 * a number; nothing is defined for samples with a value that is not finite.
 */
#ifndef TFU_CORE_BASE_STATISTICS_H
#define TFU_CORE_BASE_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct tfu_estimate {
    bool defined;
    double value;
};

/* All intervals are 95 %. */
struct tfu_interval {
    bool defined;
    double low, high;
};

struct tfu_mean {
    size_t n;
    struct tfu_estimate mean;     /* from one value on */
    struct tfu_estimate sd, se;   /* sample standard deviation (n - 1) and that over sqrt(n): from
                                     two values on */
    struct tfu_interval interval; /* Student's t: from two values on */
};
struct tfu_mean tfu_mean(const double *x, size_t n);

/* ---- the bootstrap: a statistic over resamples with replacement */

enum { TFU_BOOTSTRAP_DRAWS = 2000 };

/* The statistic of the examples index[0..n-1], with repetitions; not defined where it cannot be
 * had. */
typedef struct tfu_estimate (*tfu_bootstrap_statistic)(void *arg, const size_t *index, size_t n);

/* The percentile interval (Efron) over `draws` resamples of 0..n-1. Draw i depends on (seed, i)
 * alone. Draws whose statistic is not defined are left out; where they are more than half, or n
 * < 3, the interval is not defined. */
enum tfu_status tfu_bootstrap(size_t n, size_t draws, uint64_t seed,
                              tfu_bootstrap_statistic statistic, void *arg,
                              struct tfu_interval *out, struct tfu_error *e);

/* The draws of it, and of every other bootstrap: index[0..n-1] of 0..n-1, n > 0. [any thread] */
void tfu_bootstrap_draw(uint64_t seed, uint64_t draw, size_t *index, size_t n);

/* Quantile q in [0, 1] of n > 0 ascending values, linear between neighbours (numpy's default). */
double tfu_quantile(const double *ascending, size_t n, double q);
/* For qsort(). */
int tfu_compare_doubles(const void *a, const void *b);
bool tfu_all_finite(const double *x, size_t n);

#endif
