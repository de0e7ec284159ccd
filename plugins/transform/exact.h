/* SPDX-License-Identifier: MIT
 *
 * exact.h - exponential, logarithm, sine and cosine out of additions, multiplications and divisions
 * alone, which IEEE 754 defines to the last bit. Those of the C library differ in it from one
 * version and processor to the next, and so would images and what is learnt from them.
 *
 * Each is within 4e-16 of the truth (of it, or of 1 where that is larger), by tests/plugins/
 * transform/exact.c.
 */
#ifndef TFU_PLUGINS_TRANSFORM_EXACT_H
#define TFU_PLUGINS_TRANSFORM_EXACT_H

#include <math.h>

/* e to the power of x, for |x| up to 700: 2^k e^r with |r| <= ln(2) / 2, and the series of e^r. */
static inline double exact_exp(double x)
{
    const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    const double k = rint(x * 1.44269504088896338700);
    const double r = (x - k * ln2_high) - k * ln2_low;
    double sum = 1;
    for (int n = 14; n > 0; n--)
        sum = 1 + sum * r / n;
    return ldexp(sum, (int)k);
}

/* The natural logarithm of x > 0: that of 2^k m with m around 1, and the series of
 * 2 artanh((m - 1) / (m + 1)). */
static inline double exact_log(double x)
{
    const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    int k;
    double m = frexp(x, &k);
    if (m < 0.70710678118654752440) {
        m *= 2;
        k--;
    }
    const double s = (m - 1) / (m + 1), square = s * s;
    double sum = 0;
    for (int n = 23; n > 1; n -= 2)
        sum = (sum + 1.0 / n) * square;
    return k * ln2_high + (2 * s * sum + (2 * s + k * ln2_low));
}

/* x to the power of y, for x >= 0 and y > 0. */
static inline double exact_pow(double x, double y)
{
    return x > 0 ? exact_exp(y * exact_log(x)) : 0;
}

struct exact_turn {
    double sine, cosine;
};

/* Of an angle in degrees: those of the nearest multiple of 90 are known, and the series are of what
 * is left, up to 45. */
static inline struct exact_turn exact_degrees(double angle)
{
    const double quarter = rint(angle / 90);
    const double x = (angle - 90 * quarter) * 0.017453292519943295769, square = x * x;
    double s = 1, c = 1;
    for (int n = 18; n > 0; n -= 2) {
        s = 1 - s * square / (n * (n + 1));
        c = 1 - c * square / (n * (n - 1));
    }
    s *= x;
    switch ((int)fmod(quarter, 4)) {
    case 1:
    case -3:
        return (struct exact_turn){c, -s};
    case 2:
    case -2:
        return (struct exact_turn){-s, -c};
    case 3:
    case -1:
        return (struct exact_turn){-c, s};
    default:
        return (struct exact_turn){s, c};
    }
}

/* The number below which a normal one lies with probability p (0 < p < 1): AS 241 of Wichura, "The
 * percentage points of the normal distribution", Applied Statistics 37, 1988; here for p from 1e-11
 * to 1 - 1e-11. */
static inline double exact_normal(double p)
{
    static const double a[] = {2.5090809287301226727e+3, 3.3430575583588128105e+4,
                               6.7265770927008700853e+4, 4.5921953931549871457e+4,
                               1.3731693765509461125e+4, 1.9715909503065514427e+3,
                               1.3314166789178437745e+2, 3.3871328727963666080e0};
    static const double b[] = {5.2264952788528545610e+3, 2.8729085735721942674e+4,
                               3.9307895800092710610e+4, 2.1213794301586595867e+4,
                               5.3941960214247511077e+3, 6.8718700749205790830e+2,
                               4.2313330701600911252e+1, 1};
    static const double c[] = {7.74545014278341407640e-4, 2.27238449892691845833e-2,
                               2.41780725177450611770e-1, 1.27045825245236838258e0,
                               3.64784832476320460504e0,  5.76949722146069140550e0,
                               4.63033784615654529590e0,  1.42343711074968357734e0};
    static const double d[] = {1.05075007164441684324e-9, 5.47593808499534494600e-4,
                               1.51986665636164571966e-2, 1.48103976427480074590e-1,
                               6.89767334985100004550e-1, 1.67638483018380384940e0,
                               2.05319162663775882187e0,  1};
    const double q = p - 0.5;
    const int middle = fabs(q) <= 0.425;
    const double r = middle ? 0.180625 - q * q : sqrt(-exact_log(q < 0 ? p : 1 - p)) - 1.6;
    const double *above = middle ? a : c, *below = middle ? b : d;
    double up = 0, down = 0;
    for (int i = 0; i < 8; i++) {
        up = up * r + above[i];
        down = down * r + below[i];
    }
    return middle ? q * up / down : q < 0 ? -up / down : up / down;
}

#endif
