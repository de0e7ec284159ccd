/* SPDX-License-Identifier: MIT */
#include "core/stats/paired.h"

#include <math.h>

enum { GRID_BITS = 44 };

void tfu_paired_differences(const double *a, const double *b, int64_t n, double *difference)
{
    double largest = 0;
    int exponent = 0;
    for (int64_t i = 0; i < n; i++) {
        if (isfinite(a[i]))
            largest = fmax(largest, fabs(a[i]));
        if (isfinite(b[i]))
            largest = fmax(largest, fabs(b[i]));
    }
    frexp(largest, &exponent);
    const int shift = GRID_BITS - exponent;
    for (int64_t i = 0; i < n; i++)
        difference[i] = ldexp(nearbyint(ldexp(a[i] - b[i], shift)), -shift);
}
