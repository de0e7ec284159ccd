#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/stats/cases.h: what scipy, scikit-learn and mpmath say.

DeLong's variances are by their definition, over all pairs in fractions; scikit-learn checks the areas. Tails and
quantiles are mpmath's, in 40 digits.

Run by hand: python3 tests/stats/make_cases.py > tests/stats/cases.h
"""
from fractions import Fraction

import mpmath
import numpy
from scipy import stats
from sklearn.metrics import roc_auc_score

mpmath.mp.dps = 40
rng = numpy.random.default_rng(16)


def text(v):
    v = float(v)
    if numpy.isnan(v):
        return "NAN"
    return ("-" if v < 0 else "") + "INFINITY" if numpy.isinf(v) else repr(v)


def row(values):
    return "{" + ", ".join(text(v) for v in values) + "}"


def table(declaration, rows):
    print(f"static const struct {{ {declaration}[] = {{")
    for r in rows:
        print("    {" + ", ".join(r) + "},")
    print("};\n")


print("""/* SPDX-License-Identifier: MIT
 *
 * Written by make_cases.py. NAN: not defined.
 */
/* clang-format off */
#ifndef TFU_TESTS_STATS_CASES_H
#define TFU_TESTS_STATS_CASES_H

#include <math.h>
#include <stdint.h>

enum { POINTS = 60 };
""")


# ---- distributions
def above(z):
    return mpmath.erfc(mpmath.mpf(z) / mpmath.sqrt(2)) / 2


def normal_quantile(p):
    """The z with P(Z <= z) = p, of the double p."""
    p = mpmath.mpf(p)
    if p == 0.5:
        return mpmath.mpf(0)
    low, high = mpmath.mpf(-40), mpmath.mpf(40)
    for _ in range(160):
        middle = (low + high) / 2
        if above(-middle) < p:
            low = middle
        else:
            high = middle
    return low


def student_tail(t, degrees):
    """P(|T| >= |t|)."""
    t, degrees = mpmath.mpf(t), mpmath.mpf(degrees)
    return mpmath.betainc(degrees / 2, mpmath.mpf(1) / 2, 0, degrees / (degrees + t * t), regularized=True)


def student_quantile(p, degrees):
    p = mpmath.mpf(p)
    tail, low, high = 2 * min(p, 1 - p), mpmath.mpf(0), mpmath.mpf(1)
    while student_tail(high, degrees) > tail:
        high *= 2
    for _ in range(140):
        middle = (low + high) / 2
        if student_tail(middle, degrees) > tail:
            low = middle
        else:
            high = middle
    return low if p > 0.5 else -low


table("double z, below, above; } normal_case",
      [[text(z), text(above(-z)), text(above(z))]
       for z in [0, 1e-9, -1e-3, 0.3, -1, 1.959963984540054, 2.5, -4, 6, -8.3, 12, 20.5, -30, 37.5]])
table("double p, z; } normal_quantile_case",
      [[text(p), text(normal_quantile(p))]
       for p in [0.5, 0.975, 0.025, 0.995, 0.6, 0.4999, 0.5001, 1e-3, 1e-10, 1e-100, 1e-300, 0.9999999]])
table("double t, degrees, tail; } student_case",
      [[text(t), text(degrees), text(student_tail(t, degrees))]
       for degrees in [1, 2, 3, 4, 9, 30, 206.66106378778252, 1000, 1e5]
       for t in [0, 1e-3, 0.7, 1.96, -3.3, 12, 40]])

# ---- seeds
rows = []
for n, level in [(2, 0.95), (3, 0.9), (5, 0.95), (10, 0.99), (40, 0.5)]:
    x = numpy.round(rng.normal(0.8, 0.1, n), 6)
    half = float(student_quantile((1 + level) / 2, n - 1)) * stats.sem(x)
    rows.append([str(n), row(x), *map(text, (level, x.mean(), x.std(ddof=1), stats.sem(x), x.min(), x.max(),
                                             x.mean() - half, x.mean() + half))])
table("int n; double x[POINTS], level, mean, deviation, error, minimum, maximum, low, high; } summary_case", rows)


# ---- areas
def placements(positive, score):
    """For each positive the share of negatives that it beats, for each negative that of positives that beat it."""
    def beats(a, b):
        return Fraction(2 if a > b else 1 if a == b else 0, 2)
    p, q = [s for s, y in zip(score, positive) if y], [s for s, y in zip(score, positive) if not y]
    return ([sum(beats(a, b) for b in q) / len(q) for a in p], [sum(beats(a, b) for a in p) / len(p) for b in q])


def mean(x):
    return sum(x) / Fraction(len(x))


def covariance(x, y):
    return sum((a - mean(x)) * (b - mean(y)) for a, b in zip(x, y)) / Fraction(len(x) - 1)


def covariance_of_areas(x, y):
    return covariance(x[0], y[0]) / len(x[0]) + covariance(x[1], y[1]) / len(x[1])


def root(f):
    return mpmath.sqrt(mpmath.mpf(f.numerator) / f.denominator)


def both_tails(z, degrees=None):
    return 2 * above(abs(z)) if degrees is None else student_tail(z, degrees)


def area_case(positive, a, b, level):
    n = len(positive)
    of_a, of_b = placements(positive, a), placements(positive, b)
    area = mean(of_a[0]), mean(of_b[0])
    for value, score in zip(area, (a, b)):
        assert abs(float(value) - roc_auc_score(positive, numpy.nan_to_num(score, posinf=1e6, neginf=-1e6))) < 1e-12
    var = covariance_of_areas(of_a, of_a), covariance_of_areas(of_b, of_b)
    cov = covariance_of_areas(of_a, of_b)
    out = [*map(float, area), *map(float, var), float(cov)]
    difference = area[0] - area[1]
    for variance, degrees in ((var[0] + var[1] - 2 * cov, None), (var[0] + var[1], "Welch")):
        if degrees and variance > 0:
            degrees = variance ** 2 / ((var[0] ** 2 + var[1] ** 2) / (n - 1))
            degrees = mpmath.mpf(degrees.numerator) / degrees.denominator
        d = mpmath.mpf(difference.numerator) / difference.denominator
        z = d / root(variance) if variance > 0 else mpmath.mpf(0 if difference == 0 else "nan")
        if variance > 0:
            p = both_tails(z, degrees)
            half = root(variance) * (normal_quantile((1 + level) / 2) if degrees is None
                                     else student_quantile((1 + level) / 2, degrees))
        else:
            p, half = (mpmath.mpf(1), mpmath.mpf(0)) if difference == 0 else (mpmath.nan, mpmath.nan)
        greater = p / 2 if z > 0 else 1 - p / 2
        out += [z, p, greater, d - half, d + half]
        if degrees:
            out.append(degrees if variance > 0 else 2 * n - 2)
    return [str(n), "{" + ", ".join(str(int(y)) for y in positive) + "}", row(a), row(b), text(level), *map(text, [difference] + out)]


rows = []
for n, share, levels, level in [(6, 0.5, 0, 0.95), (20, 0.3, 0, 0.9), (60, 0.5, 0, 0.95), (60, 0.1, 5, 0.95),
                                (40, 0.8, 2, 0.99), (30, 0.4, 3, 0.95)]:
    positive = numpy.zeros(n, int)
    positive[rng.permutation(n)[:max(2, round(share * n))]] = 1
    common = rng.normal(size=n)
    a = 0.9 * positive + common
    b = 0.4 * positive + 0.7 * common + 0.7 * rng.normal(size=n)
    if levels:
        a, b = numpy.clip(numpy.floor(a * levels / 3), -levels, levels), numpy.clip(numpy.floor(b), -levels, levels)
    rows.append(area_case(positive, numpy.round(a, 4), numpy.round(b, 4), level))
y = numpy.array([0, 0, 0, 1, 1, 1])
up = numpy.arange(6.0)
rows.append(area_case(y, up, up, 0.95))             # the same, and perfect
rows.append(area_case(y, up, up ** 3 - 10, 0.95))   # both perfect
rows.append(area_case(y, up, -up, 0.95))            # perfect and wrong throughout: no variance, no test
rows.append(area_case(y, 0 * up, 0 * up, 0.95))     # all ties
x = numpy.array([0.3, 0.8, 0.2, 0.4, 0.9, 0.35])
rows.append(area_case(y, x, x, 0.95))               # the same, not perfect
rows.append(area_case(y, x, 2 * x + 1, 0.95))       # the same curve
rows.append(area_case(y, numpy.array([-numpy.inf, 0.5, 0.1, numpy.inf, 0.5, 2]), x, 0.95))
table("int n; uint8_t positive[POINTS]; double a[POINTS], b[POINTS], level, difference, area_a, area_b, variance_a, "
      "variance_b, covariance, z, p, greater, low, high, unpaired_t, unpaired_p, unpaired_greater, unpaired_low, "
      "unpaired_high, degrees; } area_case", rows)

# ---- differences
rows = []
for n, ratio, level in [(2, 0, 0.95), (5, 0, 0.9), (10, 1 / 9, 0.95), (10, 1, 0.95), (25, 0.25, 0.99), (60, 0.1, 0.95)]:
    d = numpy.round(rng.normal(0.01, 0.02, n), 5)
    error = numpy.sqrt((1 / n + ratio) * d.var(ddof=1))
    t = d.mean() / error
    p = student_tail(t, n - 1)
    if ratio == 0:
        assert abs(t - stats.ttest_1samp(d, 0).statistic) < 1e-10 * abs(t)
        assert abs(p - stats.ttest_1samp(d, 0).pvalue) < 1e-9 * p
    half = float(student_quantile((1 + level) / 2, n - 1)) * error
    rows.append([str(n), row(d), *map(text, (ratio, level, d.mean(), d.var(ddof=1), error, t, p,
                                             p / 2 if t > 0 else 1 - p / 2, d.mean() - half, d.mean() + half))])
table("int n; double d[POINTS], ratio, level, mean, variance, error, t, p, greater, low, high; } t_case", rows)

rows = []
for n, digits in [(1, 4), (2, 4), (5, 6), (6, 6), (12, 6), (30, 6), (50, 7), (51, 7), (60, 7), (5, 1), (12, 1),
                  (40, 1), (60, 0)]:
    while True:
        d = numpy.round(rng.normal(0.3, 1, n), digits)
        tied = len(set(abs(d))) < n or (d == 0).any()
        if tied == (digits < 2) and (d != 0).any():
            break
    exact = not tied and n <= 50
    values = [stats.wilcoxon(d, alternative=how, mode="exact" if exact else "approx", correction=True)
              for how in ("two-sided", "greater", "less")]
    rows.append([str(n), row(d), str(int(exact)), *map(text, (values[1].statistic, *(v.pvalue for v in values)))])
table("int n; double d[POINTS]; int exact; double above, p, greater, less; } wilcoxon_case", rows)

rows = []
for n, digits in [(2, 3), (5, 5), (8, 1), (12, 4), (5, 0)]:
    d = numpy.round(rng.normal(0.4, 1, n), digits)
    values = [stats.permutation_test((d,), lambda x, axis: x.mean(axis=axis), permutation_type="samples",
                                     n_resamples=numpy.inf, vectorized=True, alternative=how).pvalue
              for how in ("two-sided", "greater", "less")]
    rows.append([str(n), row(d), *map(text, values)])
table("int n; double d[POINTS], p, greater, less; } flip_case", rows)
print("#endif")
