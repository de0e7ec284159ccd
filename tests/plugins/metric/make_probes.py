#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes probes.fixture: accuracy, area and loss of probes by scikit-learn and numpy."""
import os
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))
from formula import Fixture, formula  # noqa: E402

FIT, TEST, CHANNELS = 120, 80, 7


def split(name, outputs, classification):
    """Activations that know something of the labels; as probe_values.c makes them."""
    n = FIT + TEST
    x = formula(name, n, CHANNELS) - 0.5
    if classification:
        y = np.floor(outputs * formula(name + ".label", n)).astype(int)
        for k in range(outputs):
            x[:, k] += 0.4 * (y == k)
        return x, y
    y = formula(name + ".label", n, outputs) < 0.4
    x[:, :outputs] += 0.4 * y
    known = formula(name + ".known", n, outputs) < 0.8
    return x, np.where(known, y, np.nan)


def standardize(x):
    return (x - x[:FIT].mean(0)) / x[:FIT].std(0)


def logistic(c):
    return LogisticRegression(C=c, solver="newton-cg", multi_class="multinomial", tol=1e-8,
                              max_iter=100000)


def linear_classes(x, y, c):
    x = standardize(x)
    model = logistic(c).fit(x[:FIT], y[:FIT])
    p = model.predict_proba(x[FIT:])
    area = np.mean([roc_auc_score(y[FIT:] == k, p[:, k]) for k in range(p.shape[1])])
    return [(p.argmax(1) == y[FIT:]).mean(), area, log_loss(y[FIT:], p)]


def linear_labels(x, y, c):
    """A model for each label; x is standardised."""
    right, areas, losses = [], [], []
    for k in range(y.shape[1]):
        fit, test = ~np.isnan(y[:FIT, k]), ~np.isnan(y[FIT:, k])
        model = LogisticRegression(C=c, solver="newton-cg", tol=1e-8, max_iter=100000)
        model.fit(x[:FIT][fit], y[:FIT, k][fit])
        t, p = y[FIT:, k][test], model.predict_proba(x[FIT:][test])[:, 1]
        right += list((p >= 0.5) == t)
        areas.append(roc_auc_score(t, p))
        losses += list(-np.log(np.where(t == 1, p, 1 - p)))
    return [np.mean(right), np.mean(areas), np.mean(losses)]


def votes(x, k, temperature):
    """Weights of the neighbours of each test row: TEST x FIT."""
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    s = x[FIT:] @ x[:FIT].T
    least = np.sort(s, axis=1)[:, -k][:, None]
    return np.where(s >= least, np.exp(s / temperature), 0)


def knn_classes(x, y, outputs, k, temperature):
    w = votes(x, k, temperature)
    share = np.stack([w[:, y[:FIT] == c].sum(1) for c in range(outputs)], 1) / w.sum(1)[:, None]
    area = np.mean([roc_auc_score(y[FIT:] == c, share[:, c]) for c in range(outputs)])
    return [(share.argmax(1) == y[FIT:]).mean(), area]


def knn_labels(x, y, k, temperature):
    """Each label among the rows that know it."""
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    right, areas = [], []
    for c in range(y.shape[1]):
        fit, test = ~np.isnan(y[:FIT, c]), ~np.isnan(y[FIT:, c])
        s = x[FIT:][test] @ x[:FIT][fit].T
        w = np.where(s >= np.sort(s, axis=1)[:, -k][:, None], np.exp(s / temperature), 0)
        share = w @ y[:FIT, c][fit] / w.sum(1)
        t = y[FIT:, c][test]
        right += list((share >= 0.5) == t)
        areas.append(roc_auc_score(t, share))
    return [np.mean(right), np.mean(areas)]


def main():
    f = Fixture(os.path.join(HERE, "probes.fixture"), "make_probes.py")
    x, y = split("four", 4, True)
    for c in (0.01, 1, 100):
        f.add(f"linear.four.{c}", linear_classes(x, y, c))
    f.add("knn.four.200", knn_classes(x, y, 4, min(200, FIT), 0.1))
    f.add("knn.four.5", knn_classes(x, y, 4, 5, 0.1))
    f.add("knn.four.15", knn_classes(x, y, 4, 15, 1))
    x, y = split("two", 2, True)
    f.add("linear.two.1", linear_classes(x, y, 1))
    f.add("knn.two.9", knn_classes(x, y, 2, 9, 0.1))
    x, y = split("labels", 3, False)
    f.add("knn.labels.9", knn_labels(x, y, 9, 0.1))
    fit = np.flatnonzero(~np.isnan(y[:FIT]).all(1))  # rows without a known label do not count
    x = (x - x[fit].mean(0)) / x[fit].std(0)
    f.add("linear.labels.1", linear_labels(x, y, 1))


if __name__ == "__main__":
    main()
