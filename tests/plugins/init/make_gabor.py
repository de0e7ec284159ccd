#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes gabor.fixture: scikit-image's Gabor filters, cut to a convolution's kernel or set in zeros.

A case is a line of options and then one line of numbers, rows first:
    case KERNEL ORIENTATIONS INDEX FREQUENCY SIGMA_X SIGMA_Y OFFSET STDS PART
"""
import math
import os

import numpy as np
from skimage.filters import gabor_kernel

CASES = [
    # kernel, orientations, index, frequency, sigma_x, sigma_y, offset, stds, part
    (5, 16, 0, 0.08, 2, 2, 0, 3, "real"),
    (5, 16, 5, 0.32, 2, 2, 0, 3, "real"),
    (5, 4, 3, 0.25, 1.5, 0.5, 0.3, 3, "imaginary"),
    (7, 16, 3, 0.16, 2, 2, 0, 3, "real"),
    (7, 16, 15, 0.25, 2, 2, 0, 3, "real"),
    (7, 8, 2, 0.4, 0.75, 1.25, -1.1, 2, "real"),
    (7, 6, 5, 0.1, 3, 1, 0.5, 1, "imaginary"),
    (11, 16, 7, 0.08, 2, 2, 0, 3, "real"),
    (11, 5, 1, 0.2, 1, 1, 0, 3, "real"),  # the filter is smaller: zeros around it
    (11, 7, 6, 0.33, 0.6, 1.7, 2.0, 2.5, "imaginary"),
    (15, 16, 11, 0.16, 2, 2, 0, 3, "real"),
    (15, 3, 2, 0.05, 4, 2, -0.7, 1.5, "real"),
    (15, 9, 4, 0.5, 1.2, 2.1, 1.0, 3, "imaginary"),
]


def cut(kernel, size):
    """The middle `size` x `size` of a filter, whose sides are odd, or the filter in zeros."""
    out = np.zeros((size, size))
    for r in range(size):
        for s in range(size):
            y = r - size // 2 + kernel.shape[0] // 2
            x = s - size // 2 + kernel.shape[1] // 2
            if 0 <= y < kernel.shape[0] and 0 <= x < kernel.shape[1]:
                out[r, s] = kernel[y, x]
    return out


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gabor.fixture")
    with open(path, "w") as f:
        for size, count, index, frequency, sx, sy, offset, stds, part in CASES:
            kernel = gabor_kernel(frequency, theta=math.pi * index / count, sigma_x=sx, sigma_y=sy,
                                  offset=offset, n_stds=stds)
            kernel = np.real(kernel) if part == "real" else np.imag(kernel)
            print("case", size, count, index, frequency, sx, sy, offset, stds, part, file=f)
            print(" ".join("%.9g" % v for v in cut(kernel, size).ravel()), file=f)


if __name__ == "__main__":
    main()
