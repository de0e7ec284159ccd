/* SPDX-License-Identifier: MIT
 *
 * summary.h - one number measured in several runs (seeds): its mean, its spread, and how sure the
 * mean is.
 */
#ifndef TFU_CORE_STATS_SUMMARY_H
#define TFU_CORE_STATS_SUMMARY_H

#include "core/stats/why.h"

struct tfu_seed_summary {
    int64_t n;
    double mean; /* from one value on */
    double deviation,
        error; /* sample standard deviation (n - 1), and that over sqrt(n): from two */
    double minimum, maximum;
    double level, low, high; /* Student's t interval of the mean, n - 1 degrees of freedom */
    struct tfu_why why;
};

/* Of one value there is a mean and no deviation; of none, or when one of them is not finite, there
 * is nothing: a run that diverged does not leave a mean unseen. `level` is 0.95 for 95 %. */
struct tfu_seed_summary tfu_seed_summarise(const double *value, int64_t n, double level);

#endif
