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

enum { STIRLING = 10 };

/* log gamma(x) - ((x - 1/2) log x - x + log(2 pi) / 2) for x >= STIRLING, DLMF 5.11.1; the first
 * term that is left out is below 1e-16. */
static double stirling_rest(double x)
{
    const double of[] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                         1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400};
    double sum = 0;
    for (int i = 7; i >= 0; i--)
        sum = sum / (x * x) + of[i];
    return sum / x;
}

/* log(gamma(a + b) / gamma(a)), also where both are so large that their difference would have no
 * digits left. */
static double log_gamma_ratio(double a, double b)
{
    if (a < STIRLING)
        return log_gamma(a + b) - log_gamma(a);
    return (a - 0.5) * log1p(b / a) + b * log(a + b) - b + stirling_rest(a + b) - stirling_rest(a);
}

/* I_x(a, b) with y = 1 - x, of which the smaller one has all its digits. */
static double incomplete_beta(double x, double y, double a, double b)
{
    if (x <= 0 || y <= 0)
        return x <= 0 ? 0 : 1;
    const double log_x = x < y ? log(x) : log1p(-y), log_y = x < y ? log1p(-x) : log(y);
    const double large = fmax(a, b), small = fmin(a, b);
    const double front =
        exp(log_gamma_ratio(large, small) - log_gamma(small) + a * log_x + b * log_y);
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(y, b, a) / b;
}

double tfu_incomplete_beta(double x, double a, double b)
{
    assert(a > 0 && b > 0 && x >= 0 && x <= 1);
    return incomplete_beta(x, 1 - x, a, b);
}

double tfu_student_tail(double t, double degrees)
{
    assert(degrees > 0);
    const double square = t * t;
    if (isinf(square))
        return 0;
    return incomplete_beta(degrees / (degrees + square), square / (degrees + square), degrees / 2,
                           0.5);
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
