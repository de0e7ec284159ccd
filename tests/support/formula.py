# SPDX-License-Identifier: MIT
"""The numbers of formula.h, and how the fixtures are written."""
import numpy as np


def splitmix64(x):
    with np.errstate(over="ignore"):
        x = np.asarray(x, np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def stream(name):
    h = 0xCBF29CE484222325
    for c in name.encode():
        h = (h ^ c) * 0x100000001B3 % 2**64
    return h


def formula_bits(name, n):
    return splitmix64(np.uint64(stream(name)) ^ splitmix64(np.arange(n, dtype=np.uint64)))


def formula(name, *shape):
    """Uniform in [0, 1), float64."""
    n = int(np.prod(shape))
    return ((formula_bits(name, n) >> np.uint64(11)).astype(np.float64) / 2.0**53).reshape(shape)


class Fixture:
    """Lines of a name, a count and that many numbers."""

    def __init__(self, path, made_by):
        self.file = open(path, "w", encoding="ascii")
        self.file.write(f"# made by {made_by}\n")

    def add(self, name, values, digits=17):
        values = np.atleast_1d(np.asarray(values, np.float64)).ravel()
        self.file.write(f"{name} {len(values)}")
        for v in values:
            self.file.write(f" {v:.{digits}g}")
        self.file.write("\n")
