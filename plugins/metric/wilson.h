/* SPDX-License-Identifier: MIT
 *
 * wilson.h - the interval of 95 % of a share: E. B. Wilson, "Probable inference, the law of
 * succession, and statistical inference", JASA 1927. Unlike value +- 1.96 errors it stays within
 * 0..1 and is no point where all or none of a few cases have it.
 */
#ifndef TFU_PLUGINS_METRIC_WILSON_H
#define TFU_PLUGINS_METRIC_WILSON_H

#include <math.h>
#include <stdint.h>

struct wilson {
    double low, high;
};

/* Of `count` cases out of `of`, which is not 0. */
static inline struct wilson wilson(int64_t count, int64_t of)
{
    static const double z = 1.959963984540054; /* 97.5 % of a normal lie below */
    const double n = (double)of, p = (double)count / n;
    const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return (struct wilson){count == 0 ? 0 : centre - half, count == of ? 1 : centre + half};
}

#endif
