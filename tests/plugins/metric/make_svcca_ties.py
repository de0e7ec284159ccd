#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes svcca_ties.fixture: projection-weighted CCA of activations with equal coefficients.

The activations are those of svcca_ties.c. Subspaces of equal coefficients are written down, not found: a
group of k shares the mean, over all rotations of its basis, of what the published definition gives.
"""
import os
import sys

import numpy as np
from scipy.special import gamma

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))
from formula import Fixture, formula  # noqa: E402


def drawn(name, rows, columns):
    return formula(name, rows, columns) - 0.5


def basis(x):
    return np.linalg.qr(x - x.mean(0))[0]


def mean_absolute_sum(k):
    """Of the coordinates of a point on the unit sphere."""
    return k * gamma(k / 2) / (np.sqrt(np.pi) * gamma((k + 1) / 2))


def check_mean_absolute_sum():
    rng = np.random.default_rng(0)
    for k in range(1, 9):
        x = rng.normal(size=(200000, k))
        x /= np.linalg.norm(x, axis=1)[:, None]
        assert abs(np.abs(x).sum(1).mean() - mean_absolute_sum(k)) < 0.01


def weigh(x, groups):
    """groups: (coefficient, orthonormal basis) of the variates of x."""
    x = x - x.mean(0)
    weight = [mean_absolute_sum(h.shape[1]) * np.linalg.norm(h.T @ x, axis=0).sum()
              for _, h in groups]
    total = sum(weight)
    value = sum(w * r for w, (r, _) in zip(weight, groups)) / total
    return value, [w / total / h.shape[1] for w, (_, h) in zip(weight, groups)
                   for _ in range(h.shape[1])]


def untied(x, y, known):
    """The variates of x for which none of the subspaces is known, one by one."""
    u, r, _ = np.linalg.svd(basis(x).T @ basis(y))
    h = basis(x) @ u
    return [(r[i], h[:, i:i + 1]) for i in range(known, x.shape[1])]


def shared():
    x = drawn("ties.x", 120, 8)
    y = np.concatenate([x[:, :3], drawn("ties.y", 120, 6)], 1)
    return x, [(1, basis(x[:, :3]))] + untied(x, y, 3)


def forced():
    """13 dimensions are left of 14 rows: subspaces of 7 and 8 have 2 in common."""
    x, y = drawn("ties.forced.x", 14, 7), drawn("ties.forced.y", 14, 8)
    both = np.concatenate([basis(x), -basis(y)], 1)
    common = basis(x) @ np.linalg.svd(both)[2][13:].T[:7]
    return x, [(1, np.linalg.qr(common)[0])] + untied(x, y, 2)


def waves():
    """Columns that are orthogonal: coefficients 0.8, 0.8, 0, 0, 0."""
    t = (np.arange(64) + 0.5) / 64
    c = np.stack([np.cos(np.pi * k * t) for k in range(1, 12)], 1)
    x = c[:, :5] @ (drawn("ties.mix", 5, 5) + 2 * np.eye(5))
    unit = c / np.linalg.norm(c, axis=0)
    return x, [(0.8, unit[:, :2]), (0, unit[:, 2:5])]


def main():
    check_mean_absolute_sum()
    out = Fixture(os.path.join(HERE, "svcca_ties.fixture"), "make_svcca_ties.py")
    for name, case in (("shared", shared), ("forced", forced), ("waves", waves)):
        value, weights = weigh(*case())
        out.add(name, value, 15)
        out.add(f"{name}.weight", weights, 15)


main()
