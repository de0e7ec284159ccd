/* SPDX-License-Identifier: MIT */
#include "core/stats/normal.h"

#include <assert.h>
#include <math.h>

static const double root_half = 0.70710678118654752440;

double tfu_normal_above(double z)
{
    return erfc(z * root_half) / 2;
}

double tfu_normal_below(double z)
{
    return tfu_normal_above(-z);
}

double tfu_normal_quantile(double p)
{
    assert(p >= 0 && p <= 1);
    if (p > 0.5)
        return -tfu_normal_quantile(1 - p); /* exact: 1 - p has no rounding there */
    if (p <= 0)
        return -INFINITY;
    /* nothing of a double lies below -39 */
    double low = -39, high = 0;
    for (;;) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            return middle;
        if (tfu_normal_below(middle) < p)
            low = middle;
        else
            high = middle;
    }
}
