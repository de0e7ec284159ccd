#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes alignment.fixture: CKA, Procrustes and RSA by their definitions in numpy and scipy.

The definitions of CKA are those of the demonstration of google-research's
representation_similarity (Kornblith et al. 2019), whose stored output the first lines repeat."""
import os
import sys

import numpy as np
from scipy.spatial.distance import pdist
from scipy.stats import pearsonr, rankdata, spearmanr

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))
from formula import Fixture, formula  # noqa: E402


def gram_rbf(x, fraction):
    products = x @ x.T
    lengths = np.diag(products)
    squares = lengths[:, None] + lengths[None, :] - 2 * products
    return np.exp(-squares / (2 * fraction**2 * np.median(squares)))


def center(gram, unbiased):
    n = len(gram)
    if not unbiased:
        h = np.eye(n) - 1 / n
        return h @ gram @ h
    gram = gram - np.diag(np.diag(gram))
    means = gram.sum(0) / (n - 2)
    means -= means.sum() / (2 * (n - 1))
    gram = gram - means[:, None] - means[None, :]
    np.fill_diagonal(gram, 0)
    return gram


def cka(a, b, unbiased):
    a, b = center(a, unbiased), center(b, unbiased)
    return (a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())


def hsic_song(k, l):
    """Song et al. 2012, equation 5: not by centring."""
    n = len(k)
    k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))
    one = np.ones(n)
    return (np.trace(k @ l) + one @ k @ one * (one @ l @ one) / ((n - 1) * (n - 2))
            - 2 / (n - 2) * one @ k @ l @ one) / (n * (n - 3))


def cka_minibatch(x, y, batch, kernel):
    sums = np.zeros(3)
    for i in range(0, len(x) - batch + 1, batch):
        k, l = kernel(x[i:i + batch]), kernel(y[i:i + batch])
        sums += [hsic_song(k, l), hsic_song(k, k), hsic_song(l, l)]
    return sums[0] / np.sqrt(sums[1] * sums[2])


def linear(x):
    return x @ x.T


def procrustes(x, y):
    x, y = x - x.mean(0), y - y.mean(0)
    x, y = x / np.linalg.norm(x), y / np.linalg.norm(y)
    wide = max(x.shape[1], y.shape[1])  # channels of zeros, so that the map can be a rotation
    x, y = (np.pad(z, ((0, 0), (0, wide - z.shape[1]))) for z in (x, y))
    u, _, vt = np.linalg.svd(x.T @ y)
    return np.linalg.norm(x @ (u @ vt) - y)**2 / 2  # the best rotation, applied


def rsa(x, y, kind, compare):
    def distances(z):
        if kind == "spearman":
            # rounded: many are equal, and rounding errors would put them in an order
            return np.round(pdist(rankdata(z, axis=1), "correlation"), 12)
        return pdist(z, {"pearson": "correlation"}.get(kind, kind))
    return compare(distances(x), distances(y))[0]


def main():
    f = Fixture(os.path.join(HERE, "alignment.fixture"), "make_alignment.py")
    random = np.random.RandomState(1337)
    x = random.randn(100, 10)
    y = random.randn(100, 10) + x
    f.add("demo.x", x)
    f.add("demo.y", y)
    f.add("demo.linear", cka(linear(x), linear(y), False))
    f.add("demo.linear.debiased", cka(linear(x), linear(y), True))
    f.add("demo.rbf", cka(gram_rbf(x, 0.5), gram_rbf(y, 0.5), False))
    x = formula("left", 61, 12) - 0.5  # an odd number of rows: another median
    y = x @ (formula("mix", 12, 7) - 0.5) + 0.2 * formula("right", 61, 7) + 3
    for unbiased, name in ((False, "biased"), (True, "debiased")):
        f.add(f"linear.{name}", cka(linear(x), linear(y), unbiased))
        f.add(f"rbf.{name}", cka(gram_rbf(x, 0.8), gram_rbf(y, 0.8), unbiased))
    f.add("linear.minibatch", cka_minibatch(x, y, 16, linear))
    f.add("rbf.minibatch", cka_minibatch(x, y, 20, lambda z: gram_rbf(z, 0.8)))
    f.add("procrustes", procrustes(x, y))
    assert np.isclose(procrustes(x, y), procrustes(y, x), rtol=1e-12)
    for kind in ("pearson", "spearman", "cosine", "euclidean"):
        f.add(f"rsa.{kind}.spearman", rsa(x, y, kind, spearmanr))
        f.add(f"rsa.{kind}.pearson", rsa(x, y, kind, pearsonr))


if __name__ == "__main__":
    main()
