/* SPDX-License-Identifier: MIT */
#include "core/base/student.h"

#include <assert.h>
#include <float.h>
#include <math.h>

/* The continued fraction of I_x(a, b), DLMF 8.17.22, by Lentz's method; converges fast for
 * x < (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b)
{
    const double tiny = DBL_MIN / DBL_EPSILON;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double f = d;
    for (int m = 1; m <= 10000; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        const double term[2] = {even, odd};
        double factor = 1;
        for (int i = 0; i < 2; i++) {
            d = 1 + term[i] * d;
            c = 1 + term[i] / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            factor = c * d;
            f *= factor;
        }
        if (fabs(factor - 1) < DBL_EPSILON)
            break;
    }
    return f;
}

static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

double tfu_incomplete_beta(double x, double a, double b)
{
    assert(a > 0 && b > 0 && x >= 0 && x <= 1);
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    const double front =
        exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double tfu_student_tail(double t, double degrees)
{
    assert(degrees > 0);
    return tfu_incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

double tfu_student_quantile(double p, double degrees)
{
    assert(p > 0 && p < 1);
    if (p < 0.5)
        return -tfu_student_quantile(1 - p, degrees);
    const double tail = 2 * (1 - p);
    double low = 0, high = 1;
    while (tfu_student_tail(high, degrees) > tail)
        high *= 2;
    /* the tail falls with t: halve the bracket until nothing lies between its ends */
    for (;;) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            return middle;
        if (tfu_student_tail(middle, degrees) > tail)
            low = middle;
        else
            high = middle;
    }
}
