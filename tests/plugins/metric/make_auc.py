#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes auc.fixture: areas by scikit-learn, DeLong errors by their definition, pair by pair."""
import os
import sys

import numpy as np
from scipy.special import logsumexp, softmax
from sklearn.metrics import roc_auc_score

folder = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(folder, "..", "..", "support"))
from formula import Fixture, formula  # noqa: E402


def components(positive, score):
    """DeLong et al. 1988, equations 4 and 5: the share of wins of each example."""
    x, y = score[positive], score[~positive]
    wins = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    out = np.zeros(len(score))
    m, n = len(x), len(y)
    area = wins.mean()
    # scaled such that the squares add up to S10 / m + S01 / n
    out[positive] = (wins.mean(axis=1) - area) / np.sqrt(m * (m - 1))
    out[~positive] = (wins.mean(axis=0) - area) / np.sqrt(n * (n - 1))
    s10, s01 = wins.mean(axis=1).var(ddof=1), wins.mean(axis=0).var(ddof=1)
    assert np.isclose((out**2).sum(), s10 / m + s01 / n, rtol=1e-12)
    return out


def covariance_of_delong(positive, a, b):
    """Their covariance matrix of two scores on the same examples."""
    def structural(score):
        x, y = score[positive], score[~positive]
        wins = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
        return wins.mean(axis=1), wins.mean(axis=0)
    (xa, ya), (xb, yb) = structural(a), structural(b)
    return np.cov(xa, xb) / len(xa) + np.cov(ya, yb) / len(ya)


def add_case(fixture, name, positive, known, score):
    """positive, known: rows x classes."""
    rows, classes = score.shape
    area, error = np.full(classes, np.nan), np.full(classes, np.nan)
    total = np.zeros(rows)
    for k in range(classes):
        use = known[:, k]
        p, s = positive[use, k], score[use, k]
        if p.all() or not p.any():
            continue
        area[k] = roc_auc_score(p, s)
        if min(p.sum(), (~p).sum()) > 1:
            c = components(p, s)
            error[k] = np.sqrt((c**2).sum())
            total[use] += c
    defined = ~np.isnan(area)
    fixture.add(f"{name}.class", area)
    fixture.add(f"{name}.class.se", error)
    fixture.add(f"{name}.mean", np.mean(area[defined]))
    whole = not np.isnan(error[defined]).any()
    fixture.add(f"{name}.mean.se", np.sqrt((total**2).sum()) / defined.sum() if whole else np.nan)


def classes_case(fixture, name, rows, classes):
    """Scores in 64ths, many of them tied, a little higher for the right class."""
    y = np.floor(classes * formula(name + ".label", rows)).astype(int)
    u = formula(name + ".score", rows, classes)
    right = y[:, None] == np.arange(classes)
    score = np.floor(32 * u + 12 * right) / 64
    if classes == 2:
        score[:, 0] = 1 - score[:, 1]
        assert roc_auc_score(y, score[:, 1]) == roc_auc_score(1 - y, score[:, 0])
    add_case(fixture, name, right, np.ones_like(right), score)


def probabilities_case(fixture, name, rows):
    """Three classes whose scores add up to one exactly: scikit-learn's own one-vs-rest mean."""
    y = np.floor(3 * formula(name + ".label", rows)).astype(int)
    a = np.floor(20 * formula(name + ".first", rows)) + 12 * (y == 0)
    b = np.floor(20 * formula(name + ".second", rows)) + 12 * (y == 1)
    score = np.stack([a, b, 64 - a - b], axis=1) / 64
    right = y[:, None] == np.arange(3)
    add_case(fixture, name, right, np.ones_like(right), score)
    fixture.add(f"{name}.sklearn", roc_auc_score(y, score, multi_class="ovr", average="macro"))


def labels_case(fixture, name, rows, labels):
    """Some labels unknown; label 1 never positive, label 2 positive once."""
    u = formula(name + ".label", rows, labels)
    positive = u < 0.3
    positive[:, 1] = False
    positive[:, 2] = np.arange(rows) == 7
    known = formula(name + ".known", rows, labels) < 0.7
    known[7, 2] = True
    score = np.floor(64 * formula(name + ".score", rows, labels) + 20 * positive) / 128
    add_case(fixture, name, positive, known, score)
    add_case(fixture, name + ".first", positive[:, :1], known[:, :1], score[:, :1])


def paired_case(fixture, name, rows):
    """Two labels with the same positives: the mean's error is that of DeLong's covariance."""
    positive = formula(name + ".label", rows) < 0.4
    score = np.floor(64 * formula(name + ".score", rows, 2) + 20 * positive[:, None]) / 128
    both = np.stack([positive, positive], axis=1)
    add_case(fixture, name, both, np.ones_like(both), score)
    c = covariance_of_delong(positive, score[:, 0], score[:, 1])
    fixture.add(f"{name}.delong", np.sqrt(c.sum()) / 2)


def log_odds(z, classes):
    """In float64, of logits in float32: all that a rank may rest on."""
    z = z.astype(np.float32).astype(np.float64)
    if not classes:
        return z
    return np.stack([z[:, k] - logsumexp(np.delete(z, k, axis=1), axis=1)
                     for k in range(z.shape[1])], axis=1)


def sure_case(fixture, name, rows, classes, height):
    """Logits so far apart that as float32 most probabilities of the right class are 1."""
    y = np.floor(classes * formula(name + ".label", rows)).astype(int)
    right = y[:, None] == np.arange(classes)
    z = 60 * formula(name + ".logit", rows, classes) + height * right
    odds = log_odds(z, True)
    p = softmax(z.astype(np.float32).astype(np.float64), axis=1).astype(np.float32)
    assert (p == 1).mean() > 0.05
    add_case(fixture, name, right, np.ones_like(right), odds)
    worse = np.mean([roc_auc_score(right[:, k], p[:, k]) for k in range(classes)])
    assert abs(worse - np.mean([roc_auc_score(right[:, k], odds[:, k])
                                for k in range(classes)])) > 1e-4


def sure_labels_case(fixture, name, rows, labels):
    positive = formula(name + ".label", rows, labels) < 0.4
    z = 40 * formula(name + ".logit", rows, labels) + 6 * positive
    add_case(fixture, name, positive, np.ones_like(positive), log_odds(z, False))


def odds_case(fixture, name, rows, outputs, height):
    fixture.add(name, log_odds(height * (formula(name, rows, outputs) - 0.5), True))


def main():
    fixture = Fixture(os.path.join(folder, "auc.fixture"), "make_auc.py")
    classes_case(fixture, "five", 2000, 5)
    classes_case(fixture, "two", 300, 2)
    classes_case(fixture, "few", 12, 3)
    probabilities_case(fixture, "three", 400)
    labels_case(fixture, "labels", 500, 4)
    paired_case(fixture, "paired", 200)
    sure_case(fixture, "sure.two", 300, 2, 20)
    sure_case(fixture, "sure.four", 400, 4, 20)
    sure_labels_case(fixture, "sure.labels", 300, 3)
    odds_case(fixture, "odds.five", 40, 5, 10)
    odds_case(fixture, "odds.three", 40, 3, 2000)
    odds_case(fixture, "odds.two", 40, 2, 1e-6)


main()
