#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes maps.fixture: CCA of maps at each spatial frequency, by numpy.

What dft_ccas.py of google/svcca means to compute (it cannot run: xrange, keys that are gone), in
double precision: frequencies that both sizes have, and at each the canonical correlations of the
complex channels, as the singular values between orthonormal bases of the centred columns.
"""
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))
from formula import Fixture, formula  # noqa: E402

# name, images, (height, width, channels) of a and of b
CASES = [
    ("equal", 50, (5, 5, 3), (5, 5, 4)),
    ("even", 50, (6, 4, 3), (6, 4, 2)),
    ("to_odd", 60, (8, 8, 3), (5, 5, 4)),
    ("to_even", 60, (8, 8, 3), (4, 4, 4)),
    ("oblong", 64, (7, 7, 2), (4, 6, 5)),
    ("one_pixel", 40, (1, 1, 3), (6, 6, 2)),
    ("both_ways", 90, (4, 9, 2), (9, 3, 3)),
    ("dead", 40, (4, 4, 4), (4, 4, 3)),
]


def maps(name, images, a, b):
    """As maps_values.c makes them: b knows something of a where both have pixels."""
    x = formula(name + ".a", images, *a) + 2
    y = formula(name + ".b", images, *b)
    mix = formula(name + ".mix", a[2], b[2]) - 0.5
    h, w = min(a[0], b[0]), min(a[1], b[1])
    y[:, :h, :w] += x[:, :h, :w] @ mix
    if name == "dead":
        x[..., 1] = 0.7
        x[..., 2] = x[:, :1, :1, 2]  # varies, but only from image to image
    return x, y


def kept(x, height, width):
    x = np.fft.fft2(x, axes=(1, 2))
    for axis, new in ((1, height), (2, width)):
        size = x.shape[axis]
        f = np.fft.fftfreq(size, d=1.0 / size)
        x = np.take(x, np.flatnonzero((f >= -new / 2.0) & (f < new / 2.0)), axis=axis)
    return x - x.mean(0)


def basis(x, floor):
    norm = np.linalg.norm(x, axis=0)
    x = x[:, norm > floor] / norm[norm > floor]
    if x.shape[1] == 0:
        return x
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    return u[:, s**2 > 1e-10 * s[0] ** 2]


def main():
    out = Fixture(os.path.join(HERE, "maps.fixture"), "make_maps.py")
    for name, images, a, b in CASES:
        x, y = maps(name, images, a, b)
        height, width = min(a[0], b[0]), min(a[1], b[1])
        fx, fy = kept(x, height, width), kept(y, height, width)
        mean, total, count, powered, power = [], 0, 0, 0, 0
        for i in range(height):
            for j in range(width):
                u, v = fx[:, i, j], fy[:, i, j]
                qu, qv = (basis(m, 1e-10 * np.abs(f).max()) for m, f in ((u, fx), (v, fy)))
                c = np.linalg.svd(qu.conj().T @ qv, compute_uv=False)
                mean.append(c.mean())
                total += c.sum()
                count += len(c)
                p = np.linalg.norm(u) * np.linalg.norm(v)
                powered += p * c.mean()
                power += p
        out.add(name, [total / count, powered / power, count])
        out.add(name + ".frequency", mean, 12)


main()
