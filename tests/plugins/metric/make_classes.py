#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes classes.fixture: what scikit-learn, or scipy, says of the splits of classes_values.c."""
import os
import sys

import numpy as np
from scipy.special import expit, logit, logsumexp, softmax
from scipy.stats import binomtest
from sklearn import metrics
from sklearn.calibration import calibration_curve

folder = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(folder, "..", "..", "support"))
from formula import Fixture, formula  # noqa: E402

BINS = 10
THRESHOLDS = [0.05, 0.1, 0.2, 0.3, 0.5]


class Split:
    """Logits in halves, so that many rows are tied; some labels are not known."""

    def __init__(self, name, rows, outputs, classification):
        self.name, self.outputs, self.classification = name, outputs, classification
        self.known = formula(name + ".known", rows, 1 if classification else outputs) < 0.9
        u = formula(name + ".label", rows, 1 if classification else outputs)
        if classification:
            self.label = np.floor(outputs * u[:, 0] ** 1.5).astype(int)
            self.positive = self.label[:, None] == np.arange(outputs)
            self.known = np.repeat(self.known, outputs, axis=1)
        else:
            self.positive = u < 0.3
            self.positive[:, 1] = False
            self.known[:, 3] = False
        z = np.floor(12 * formula(name + ".logit", rows, outputs)) / 2 - 3 + 1.5 * self.positive
        if not classification:
            z -= 1
        self.z = z
        if classification:
            self.odds = np.stack([z[:, k] - logsumexp(np.delete(z, k, axis=1), axis=1)
                                  for k in range(outputs)], axis=1)
            if outputs == 2:
                self.odds = np.stack([z[:, 0] - z[:, 1], z[:, 1] - z[:, 0]], axis=1)
            # log odds of equal logits in another order are equal: ties are ties
            self.odds = np.round(self.odds, 12)
            p = softmax(z, axis=1)
        else:
            self.odds, p = z, expit(z)
        self.p = p.astype(np.float32).astype(np.float64)

    def of_class(self, k, what):
        return self.positive[self.known[:, k], k], what[self.known[:, k], k]

    def answers(self, k):
        known = self.known[:, k]
        if self.classification:
            return self.label[known], np.argmax(self.z[known], axis=1)
        return self.positive[known, k].astype(int), (self.z[known, k] >= 0).astype(int)


def for_all(split, values):
    """Of two classes the second; else the mean of those that are defined."""
    if split.classification and split.outputs == 2:
        return values[1]
    return np.nanmean(values) if not np.isnan(values).all() else np.nan


def add(fixture, split, key, measure, what):
    """A measure of the labels of a class and its numbers."""
    values = np.full(split.outputs, np.nan)
    for k in range(split.outputs):
        y, s = split.of_class(k, what)
        if len(y) and y.any() and not y.all():
            values[k] = measure(y, s)
    fixture.add(f"{split.name}.{key}.class", values)
    fixture.add(f"{split.name}.{key}", for_all(split, values))


def curve(y, s):
    fpr, tpr, threshold = metrics.roc_curve(y, s, drop_intermediate=False)
    return 1 - fpr, tpr, threshold


def sensitivity_step(y, s):
    specificity, sensitivity, _ = curve(y, s)
    return sensitivity[specificity >= 0.9 - 1e-12].max()


def specificity_step(y, s):
    specificity, sensitivity, _ = curve(y, s)
    return specificity[sensitivity >= 0.9 - 1e-12].max()


def sensitivity_linear(y, s):
    specificity, sensitivity, _ = curve(y, s)
    return np.interp(0.1, 1 - specificity, sensitivity)


def specificity_linear(y, s):
    specificity, sensitivity, _ = curve(y, s)
    return np.interp(0.9, sensitivity, specificity)


def bins_of(p, strategy):
    if strategy == "uniform":
        edges = np.linspace(0, 1, BINS + 1)
    else:
        edges = np.percentile(p, 100 * np.linspace(0, 1, BINS + 1))
    return np.searchsorted(edges[1:-1], p)


def calibration(y, p, strategy):
    """ECE, MCE, Brier; bins are those of scikit-learn's curve."""
    b = bins_of(p, strategy)
    rows = np.bincount(b, minlength=BINS)
    true, predicted = calibration_curve(y, p, n_bins=BINS, strategy=strategy)
    apart = np.abs(true - predicted)
    weight = rows[rows > 0] / len(y)
    return [(weight * apart).sum(), apart.max(), metrics.brier_score_loss(y, p)], rows


def add_calibration(fixture, split):
    for strategy in ["uniform", "quantile"]:
        values = np.full((split.outputs, 3), np.nan)
        for k in range(split.outputs):
            y, p = split.of_class(k, split.p)
            if len(y):
                values[k], rows = calibration(y, p, strategy)
                fixture.add(f"{split.name}.calibration.{strategy}.rows.{k}", rows)
        fixture.add(f"{split.name}.calibration.{strategy}.ece", values[:, 0])
        fixture.add(f"{split.name}.calibration.{strategy}.mce", values[:, 1])
        fixture.add(f"{split.name}.calibration.{strategy}.brier", values[:, 2])
        if split.classification and split.outputs > 2:
            known = split.known[:, 0]
            top = np.argmax(split.z[known], axis=1)
            right = split.label[known] == top
            p = split.p[known]
            values, _ = calibration(right, p[np.arange(len(p)), top], strategy)
            values[2] = ((p - split.positive[known]) ** 2).sum(axis=1).mean()
            fixture.add(f"{split.name}.calibration.{strategy}.top", values)


def add_tables(fixture, split):
    """Confusion, kappa, F1 of the answers."""
    name, n = split.name, split.outputs
    if split.classification:
        y, a = split.answers(0)
        fixture.add(f"{name}.confusion", metrics.confusion_matrix(y, a, labels=range(n)))
        for weights in ["none", "linear", "quadratic"]:
            w = None if weights == "none" else weights
            fixture.add(f"{name}.kappa.{weights}", metrics.cohen_kappa_score(y, a, weights=w))
        each = metrics.f1_score(y, a, labels=range(n), average=None)
        fixture.add(f"{name}.f1.class", each)
        fixture.add(f"{name}.f1.micro", metrics.f1_score(y, a, average="micro"))
        fixture.add(f"{name}.f1.macro", metrics.f1_score(y, a, average="macro"))
        return
    counts, kappas, each = np.zeros((n, 4)), np.full(n, np.nan), np.full(n, np.nan)
    for k in range(n):
        y, a = split.answers(k)
        tn, fp, fn, tp = metrics.confusion_matrix(y, a, labels=[0, 1]).ravel()
        counts[k] = tp, fp, fn, tn
        if len(y):
            kappas[k] = metrics.cohen_kappa_score(y, a)
            each[k] = metrics.f1_score(y, a, zero_division=0) if tp + fp + fn else np.nan
    fixture.add(f"{name}.confusion", counts.T)
    fixture.add(f"{name}.kappa.none", kappas)
    fixture.add(f"{name}.f1.class", each)
    tp, fp, fn, _ = counts.sum(axis=0)
    fixture.add(f"{name}.f1.micro", 2 * tp / (2 * tp + fp + fn))
    fixture.add(f"{name}.f1.macro", np.nanmean(each))


def shares(y, called):
    """Sensitivity, specificity, PPV, NPV, each with Wilson's interval."""
    pairs = [((y & called).sum(), y.sum()), ((~y & ~called).sum(), (~y).sum()),
             ((y & called).sum(), called.sum()), ((~y & ~called).sum(), (~called).sum())]
    out = []
    for count, of in pairs:
        ci = binomtest(int(count), int(of)).proportion_ci(0.95, method="wilson")
        out += [count / of, ci.low, ci.high]
    return out


def add_operating_point(fixture, fit, test):
    y, s = fit.of_class(1, fit.odds)
    specificity, sensitivity, threshold = curve(y, s)
    y, s = test.of_class(1, test.odds)
    chosen = {
        # of equal ones the lowest threshold, which comes last
        "youden": threshold[len(threshold) - 1 - np.argmax((sensitivity + specificity)[::-1])],
        "sensitivity": threshold[sensitivity >= 0.9].max(),
        "specificity": threshold[specificity >= 0.9].min(),
    }
    for rule, t in chosen.items():
        fixture.add(f"{test.name}.{rule}", [t] + shares(y, s >= t - 1e-9))


def add_net_benefit(fixture, split):
    """Vickers and Elkin's formula; scikit-learn has none."""
    model, treat_all = np.full((2, split.outputs, len(THRESHOLDS)), np.nan)
    for k in range(split.outputs):
        y, s = split.of_class(k, split.odds)
        for i, t in enumerate(THRESHOLDS):
            if len(y):
                called = s >= logit(t)
                model[k, i] = (y & called).mean() - (~y & called).mean() * t / (1 - t)
                treat_all[k, i] = y.mean() - (~y).mean() * t / (1 - t)
    fixture.add(f"{split.name}.net_benefit.model", model)
    fixture.add(f"{split.name}.net_benefit.all", treat_all)


def main():
    fixture = Fixture(os.path.join(folder, "classes.fixture"), "make_classes.py")
    splits = [Split("five", 600, 5, True), Split("two", 400, 2, True),
              Split("labels", 500, 4, False)]
    for split in splits:
        add(fixture, split, "average_precision", metrics.average_precision_score, split.odds)
        add(fixture, split, "sensitivity_at.step", sensitivity_step, split.odds)
        add(fixture, split, "sensitivity_at.linear", sensitivity_linear, split.odds)
        add(fixture, split, "specificity_at.step", specificity_step, split.odds)
        add(fixture, split, "specificity_at.linear", specificity_linear, split.odds)
        add_tables(fixture, split)
        add_calibration(fixture, split)
        add_net_benefit(fixture, split)
    add_operating_point(fixture, Split("fit", 300, 2, True), splits[1])


main()
