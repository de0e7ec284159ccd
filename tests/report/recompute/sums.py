# SPDX-License-Identifier: MIT
"""Means, tests and their corrections, by numpy and scipy."""
import itertools
import math

import numpy
from scipy import stats


def number(values):
    """mean, deviation, interval by Student's t, how many"""
    v = numpy.array([x for x in values if x is not None and not math.isnan(x)])
    n = len(v)
    if n == 0:
        return [math.nan] * 4 + [0]
    if n == 1:
        return [v[0], math.nan, math.nan, math.nan, 1]
    deviation = v.std(ddof=1)
    half = stats.t.ppf(0.975, n - 1) * deviation / math.sqrt(n)
    return [v.mean(), deviation, v.mean() - half, v.mean() + half, n]


def holm(p):
    order = [i for i in numpy.argsort([math.inf if math.isnan(x) else x for x in p]) if not math.isnan(p[i])]
    out, most = [math.nan] * len(p), 0
    for rank, i in enumerate(order):
        most = max(most, min(1, (len(order) - rank) * p[i]))
        out[i] = most
    return out


def benjamini_hochberg(p):
    order = [i for i in numpy.argsort([math.inf if math.isnan(x) else x for x in p]) if not math.isnan(p[i])]
    out, least = [math.nan] * len(p), 1
    for rank in range(len(order) - 1, -1, -1):
        least = min(least, len(order) / (rank + 1) * p[order[rank]])
        out[order[rank]] = least
    return out


def sign_flip(d):
    d, count = numpy.array(d), 0
    seen = abs(d.mean())
    for signs in itertools.product((-1, 1), repeat=len(d)):
        count += abs((d * signs).mean()) >= seen - 1e-12
    return count / 2 ** len(d)


def delong(a, b):
    """Of the difference of mean areas of runs, each a list of (label, score): the covariance matrix of all areas,
    summed up. p and the difference."""
    label = numpy.array([x for x, _ in a[0]])
    v10, v01 = [], []
    for run in a + b:
        score = numpy.array([s for _, s in run])
        wins = (score[label == 1][:, None] > score[label == 0]) + 0.5 * (score[label == 1][:, None] == score[label == 0])
        v10.append(wins.mean(axis=1))
        v01.append(wins.mean(axis=0))
    weight = numpy.array([1 / len(a)] * len(a) + [-1 / len(b)] * len(b))
    cov = numpy.cov(v10) / len(v10[0]) + numpy.cov(v01) / len(v01[0])
    difference = weight @ [x.mean() for x in v10]
    return 2 * stats.norm.sf(abs(difference / math.sqrt(weight @ cov @ weight))), difference
