/* SPDX-License-Identifier: MIT */
#include "core/base/wachter.h"

#include <assert.h>
#include <math.h>

double tfu_wachter_mean(int64_t a, int64_t b, int64_t rows)
{
    assert(a > 0 && b > 0 && rows > a && rows > b);
    const double pi = 3.141592653589793238463;
    const double small = (double)(a < b ? a : b) / (double)rows;
    const double large = (double)(a < b ? b : a) / (double)rows;
    const double ones = fmax(0, (small + large - 1) / small);
    /* the density sqrt((x - low)(high - x)) / (2 pi small x (1 - x)) of the squares, from low to
     * high; with x = middle - half cos(angle) nothing is left of its steep ends */
    const double u = sqrt(small * (1 - large)), v = sqrt(large * (1 - small));
    const double low = (u - v) * (u - v), high = (u + v) * (u + v);
    const double middle = (low + high) / 2, half = (high - low) / 2;
    enum { STEPS = 20000 };
    double sum = 0;
    for (int i = 0; i < STEPS; i++) {
        const double angle = pi * (i + 0.5) / STEPS;
        const double x = middle - half * cos(angle), s = half * sin(angle);
        sum += s * s / (sqrt(x) * (1 - x));
    }
    return ones + sum * pi / STEPS / (2 * pi * small);
}
