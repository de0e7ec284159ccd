/* SPDX-License-Identifier: MIT */
#include "core/io/numbers.h"

#include <math.h>
#include <stdbool.h>

struct tfu_numbers tfu_numbers_describe(const double *x, size_t n)
{
    struct tfu_numbers s = {.count = (int64_t)n, .min = INFINITY, .max = -INFINITY};
    double sum = 0, squares = 0, rest = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            s.not_finite++;
            continue;
        }
        s.zeros += x[i] == 0;
        s.min = x[i] < s.min ? x[i] : s.min;
        s.max = x[i] > s.max ? x[i] : s.max;
        sum += x[i];
    }
    const double finite = (double)(s.count - s.not_finite);
    if (finite == 0) {
        s.mean = s.variance = s.min = s.max = NAN;
        return s;
    }
    s.mean = sum / finite;
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i])) {
            const double d = x[i] - s.mean;
            squares += d * d;
            rest += d; /* 0 but for rounding, which it takes back */
        }
    s.variance = (squares - rest * rest / finite) / finite;
    return s;
}

void tfu_numbers_histogram(const double *x, size_t n, double min, double max, size_t bins,
                           int64_t *out)
{
    for (size_t b = 0; b < bins; b++)
        out[b] = 0;
    /* halves, as the difference of two large numbers may not be one */
    const double width = max / 2 - min / 2;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            continue;
        const double place = width > 0 ? (x[i] / 2 - min / 2) / width * (double)bins : 0;
        const size_t b = place > 0 ? (size_t)place : 0;
        out[b < bins ? b : bins - 1]++;
    }
}

/* |a - b|, where equal infinities and two NaN are no distance apart. */
static double distance_of(double a, double b)
{
    if (a == b || (isnan(a) && isnan(b)))
        return 0;
    const double d = fabs(a - b);
    return isnan(d) ? INFINITY : d;
}

struct tfu_numbers_difference tfu_numbers_compare(const double *a, const double *b, size_t n)
{
    struct tfu_numbers_difference r = {.unequal = 0};
    double squares = 0, aa = 0, bb = 0, ab = 0;
    for (size_t i = 0; i < n; i++) {
        const double d = distance_of(a[i], b[i]);
        const double larger = fmax(fabs(a[i]), fabs(b[i]));
        const double relative = isinf(d) ? INFINITY : d > 0 ? d / larger : 0;
        r.unequal += d > 0;
        r.absolute = d > r.absolute ? d : r.absolute;
        r.relative = relative > r.relative ? relative : r.relative;
        squares += d * d;
        aa += a[i] * a[i];
        bb += b[i] * b[i];
        ab += a[i] * b[i];
    }
    r.distance = sqrt(squares);
    r.cosine = aa > 0 && bb > 0 ? ab / (sqrt(aa) * sqrt(bb)) : NAN;
    return r;
}
