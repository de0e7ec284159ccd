#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes svcca.fixture: what google/svcca computes for 50 pairs of activations.

usage: make_svcca.py CHECKOUT, a folder with cca_core.py and pwcca.py of google/svcca (1f3fbf1)

The activations are those of google_svcca.c. Where google/svcca fails, or gives what is not finite,
there stands nan. Only numbers come from it.
"""
import os
import sys
import warnings

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))
sys.path.insert(0, sys.argv[1])
from formula import Fixture, formula  # noqa: E402
import cca_core  # noqa: E402
import pwcca  # noqa: E402

CASES = 50
EPSILON = [0, 1e-10, 0, 1e-6]
PLAIN, SCALED, ALIKE, FAR, DEAD, TWICE = range(6)


def activations(i):
    """Points x neurons of both, and epsilon."""
    d = formula(f"svcca.{i}", 6)
    points, na, nb = 30 + int(170 * d[0]), 2 + int(6 * d[1]), 2 + int(9 * d[2])
    kind = i % 6
    a = formula(f"svcca.{i}.a", points, na) - 0.5
    mix = formula(f"svcca.{i}.mix", na, nb) - 0.5
    b = a @ mix + d[3] * (formula(f"svcca.{i}.b", points, nb) - 0.5)
    if kind == SCALED:
        a *= 10.0 ** (-np.arange(na) * 3 / na)
    if kind == ALIKE:
        a[:, 1] = a[:, 0] + 0.01 * a[:, 1]
    if kind == FAR:
        a += 30 * d[4]
        b -= 30 * d[5]
    if kind == DEAD:
        b[:, 1] = 0
    if kind == TWICE:
        a[:, 1] = a[:, 0]
    return a, b, EPSILON[i % 4]


def call(function, a, b, epsilon):
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return function(a.T.copy(), b.T.copy(), epsilon)
    except (np.linalg.LinAlgError, ValueError, IndexError):
        return None


def main():
    out = Fixture(os.path.join(HERE, "svcca.fixture"), "make_svcca.py")
    for i in range(CASES):
        a, b, epsilon = activations(i)
        cca = call(lambda x, y, e: cca_core.get_cca_similarity(x, y, e, verbose=False), a, b,
                   epsilon)
        weighted = call(pwcca.compute_pwcca, a, b, epsilon)
        out.add(f"{i}", [len(a), a.shape[1], b.shape[1], epsilon], 6)
        out.add(f"{i}.mean", cca["mean"][0] if cca else np.nan, 10)
        out.add(f"{i}.coefficient", cca["cca_coef1"] if cca else np.nan, 10)
        out.add(f"{i}.pwcca", weighted[0] if weighted else np.nan, 10)


main()
