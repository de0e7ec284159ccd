#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/base/statistics_cases.h: values of scipy, and bootstrap intervals over all resamples.

Quantiles of Student's t are those of mpmath: scipy's are good to nine digits.

Run by hand: python3 tests/base/make_statistics.py > tests/base/statistics_cases.h
"""
import itertools

import mpmath
import numpy
from scipy import integrate, special, stats

rng = numpy.random.default_rng(4)


def text(v):
    return "NAN" if numpy.isnan(v) else repr(float(v))


def quantile(p, degrees):
    """The t with P(T <= t) = p, to all digits of a double."""
    mpmath.mp.dps = 40
    p, degrees = mpmath.mpf(float(p)), mpmath.mpf(float(degrees))
    tail = 2 * min(p, 1 - p)
    if tail == 1:
        return 0.0
    start = abs(stats.t.ppf(float(p), float(degrees)))
    t = mpmath.findroot(lambda t: mpmath.betainc(degrees / 2, mpmath.mpf(1) / 2, 0,
                                                 degrees / (degrees + t * t), regularized=True) - tail,
                        start)
    return float(t if p > 0.5 else -t)


def row(values):
    return "{" + ", ".join(text(v) for v in values) + "}"


def table(declaration, rows):
    print(f"static const {declaration}[] = {{")
    for r in rows:
        print(f"    {r},")
    print("};\n")


print("""/* SPDX-License-Identifier: MIT
 *
 * Written by make_statistics.py. NAN: not defined.
 */
/* clang-format off */
#ifndef TFU_TESTS_BASE_STATISTICS_CASES_H
#define TFU_TESTS_BASE_STATISTICS_CASES_H

#include <math.h>

enum { POINTS = 40 };
""")

# ---- Student's t
rows = []
for a, b in [(0.5, 0.5), (1, 1), (2.5, 0.5), (0.1, 30), (50, 0.5), (5e4, 0.5), (300, 400)]:
    for x in [1e-12, 0.003, 0.2, 0.43, 0.5, 0.9, 0.999999]:
        value = special.betainc(a, b, x)
        if value > 1e-280:
            rows.append("{%s, %s, %s, %s}" % (repr(x), a, b, text(value)))
table("struct { double x, a, b, value; } beta_case", rows)
rows = []
for degrees in [1, 2, 3, 4, 5, 9, 10, 30, 100, 1000.5, 1e5]:
    for p in [0.975, 0.95, 0.6, 0.5, 0.025, 0.9995, 1e-5]:
        rows.append("{%s, %s, %s}" % (p, degrees, text(quantile(p, degrees))))
table("struct { double p, degrees, t; } quantile_case", rows)

# ---- means
rows = []
for n in [1, 2, 3, 5, 10, 40]:
    x = numpy.round(rng.normal(0.8, 0.1, n), 6)
    mean = x.mean()
    if n == 1:
        sd = se = low = high = float("nan")
    else:
        sd, se = x.std(ddof=1), stats.sem(x)
        half = quantile(0.975, n - 1) * se
        low, high = mean - half, mean + half
    rows.append("{%d, %s, %s, %s, %s, %s, %s}" % (n, row(x), *map(text, (mean, sd, se, low, high))))
table("struct { int n; double x[POINTS]; double mean, sd, se, low, high; } mean_case", rows)

# ---- lines and ranks
rows, ranks = [], []


def ranks_case(x, y):
    n = len(x)
    rho, p = stats.spearmanr(x, y)
    if n <= 8:
        a, b = stats.rankdata(x), stats.rankdata(y)
        a, b = a - a.mean(), b - b.mean()
        sums = [abs(a @ b[list(order)]) for order in itertools.permutations(range(n))]
        p = numpy.mean(numpy.array(sums) >= abs(a @ b) - 1e-9)
    low = high = float("nan")
    if n > 3 and abs(rho) < 1 - 1e-12:
        z, half = numpy.arctanh(rho), stats.norm.ppf(0.975) * numpy.sqrt((1 + rho**2 / 2) / (n - 3))
        low, high = numpy.tanh(z - half), numpy.tanh(z + half)
    ranks.append("{%d, %s, %s, %s, %s, %s, %s}" % (n, row(x), row(y), *map(text, (rho, p, low, high))))


for n, slope, noise in [(3, 1, 0.5), (4, -2, 1), (8, 0.3, 1), (12, 0.7, 0.05), (40, 1e-3, 1), (25, 5, 9)]:
    x = numpy.round(rng.normal(3, 1, n), 6)
    y = numpy.round(slope * x + 0.2 + noise * rng.normal(size=n), 6)
    fit = stats.linregress(x, y)
    half = quantile(0.975, n - 2) * fit.stderr
    rows.append("{%d, %s, %s, %s, %s, %s, %s, %s}" % (
        n, row(x), row(y), *map(text, (fit.slope, fit.intercept, fit.rvalue, fit.slope - half,
                                       fit.slope + half))))
    ranks_case(x, y)
table("struct { int n; double x[POINTS], y[POINTS]; double slope, intercept, r, low, high; } line_case", rows)

for n, levels in [(5, 3), (7, 4), (8, 2), (9, 4), (20, 5), (40, 3)]:
    x = rng.integers(0, levels, n).astype(float)
    ranks_case(x, x + rng.integers(0, levels, n))
ranks_case(numpy.arange(6.0), -numpy.arange(6.0) ** 3)
ranks_case(numpy.arange(10.0), numpy.exp(numpy.arange(10.0)))
table("struct { int n; double x[POINTS], y[POINTS]; double rho, p, low, high; } rank_case", ranks)

# ---- the bootstrap over all n^n resamples
rows = []
for n in [6, 7]:
    x = numpy.round(rng.normal(2, 1, n), 6)
    y = numpy.round(0.5 * x + 0.6 * rng.normal(size=n), 6)
    index = numpy.array(list(itertools.product(range(n), repeat=n)))
    a, b = x[index], y[index]
    mean = numpy.percentile(a.mean(axis=1), [2.5, 97.5])
    varied = (index != index[:, :1]).any(axis=1)
    a = a[varied] - a[varied].mean(axis=1, keepdims=True)
    b = b[varied] - b[varied].mean(axis=1, keepdims=True)
    square = (a * b).sum(1) ** 2 / ((a * a).sum(1) * (b * b).sum(1))
    r_squared = numpy.percentile(square, [2.5, 97.5])
    rows.append("{%d, %s, %s, %s, %s}" % (n, row(x), row(y), row(mean), row(r_squared)))
table("struct { int n; double x[POINTS], y[POINTS]; double mean[2], r_squared[2]; } bootstrap_case", rows)
# ---- Wachter's distribution: densities over the squared correlations
rows = []
for a, b, p in [(1, 1, 100), (64, 64, 640), (64, 64, 96), (64, 64, 128), (16, 256, 1000), (256, 16, 1000),
                (300, 200, 301), (10, 20, 10**7)]:
    small, large = min(a, b) / p, max(a, b) / p
    u, v = numpy.sqrt(small * (1 - large)), numpy.sqrt(large * (1 - small))
    low, high = (u - v) ** 2, (u + v) ** 2
    # x = low + (high - low) sin(angle)^2
    mean, error = integrate.quad(
        lambda t: numpy.sqrt(low + (high - low) * numpy.sin(t) ** 2)
        * (high - low) ** 2 * 2 * (numpy.sin(t) * numpy.cos(t)) ** 2
        / (2 * numpy.pi * small * (low + (high - low) * numpy.sin(t) ** 2)
           * (1 - low - (high - low) * numpy.sin(t) ** 2)),
        0, numpy.pi / 2, epsabs=0, epsrel=1e-12, limit=1000)
    rows.append("{%d, %d, %d, %s}" % (a, b, p, text(mean + max(0, (small + large - 1) / small))))
table("struct { int a, b, rows; double mean; } wachter_case", rows)
print("#endif")
