#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes store.csv, what the runs of tests/report/numbers.test say, and numbers.tsv, the numbers that the
report of numbers.yaml is to have of them: by numpy and scipy, from store.csv alone.

A line of store.csv is ARCH,START,LIMIT,SEED and then a line of metrics.csv; predictions.csv has what the runs
said of 40 examples: ARCH,START,LIMIT,SEED,INDEX,GROUP,LABEL,SCORE.
"""
import csv
import itertools
import math
import pathlib
import random
import sys

from scipy import stats

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "recompute"))
from sums import benjamini_hochberg, delong, holm, number, sign_flip  # noqa: E402

ARCHS, STARTS, LIMITS, SEEDS = ["cbr_tiny", "cbr_small"], ["random", "narrow", "wide"], ["10", "20"], range(5)
# cbr_tiny narrow 20: two seeds failed; cbr_small wide 10: none is done; cbr_small narrow 10, seed 2: no auc
FAILED = {("cbr_tiny", "narrow", "20", 1), ("cbr_tiny", "narrow", "20", 3)}
QUEUED = {("cbr_small", "wide", "10", s) for s in SEEDS}
WITHOUT = {("cbr_small", "narrow", "10", 2)}
UNDEFINED = {("cbr_tiny", "wide", "10", 4)}


def cases():
    return [c for c in itertools.product(ARCHS, STARTS, LIMITS, SEEDS)]


def write_store():
    draw = random.Random(17)
    with open(HERE / "store.csv", "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        for case in cases():
            if case in FAILED | QUEUED:
                continue
            arch, start, limit, seed = case
            level = 0.7 + 0.05 * ARCHS.index(arch) + 0.04 * STARTS.index(start) + 0.03 * LIMITS.index(limit)
            own = draw.gauss(0, 0.02)
            for step in (5, 10, 16):
                auc = level + own - 0.1 / step + draw.gauss(0, 0.01)
                loss = 1.5 - level + draw.gauss(0, 0.05)
                head = [arch, start, limit, seed, step, step / 6]
                undefined = case in UNDEFINED and step == 16
                if case not in WITHOUT:
                    out.writerow(head + ["test", "auc", "" if undefined else repr(auc),
                                         "no example of class 2" if undefined else ""])
                out.writerow(head + ["test", "loss", repr(loss), ""])
    with open(HERE / "predictions.csv", "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        label = [draw.random() < 0.4 for _ in range(40)]
        hard = [draw.gauss(0, 1) for _ in range(40)]
        for case in cases():
            if case in FAILED | QUEUED or case[0] != "cbr_small":
                continue
            good = 0.5 + 0.5 * STARTS.index(case[1])
            for i in range(40):
                score = good * label[i] + 0.6 * hard[i] + draw.gauss(0, 0.6)
                out.writerow(list(case) + [i, i // 2, int(label[i]), round(1 / (1 + math.exp(-score)), 3)])


def read_store():
    """{case: {metric: {step: value}}}"""
    runs = {}
    for arch, start, limit, seed, step, _, split, metric, value, _ in csv.reader(open(HERE / "store.csv")):
        of = runs.setdefault((arch, start, limit, int(seed)), {}).setdefault(split + "/" + metric, {})
        of[int(step)] = float(value) if value else math.nan
    return runs


def last(runs, case, metric, step=None):
    series = runs.get(case, {}).get(metric)
    return series.get(step if step else max(series)) if series else None


def read_predictions():
    said = {}
    for arch, start, limit, seed, _, _, label, score in csv.reader(open(HERE / "predictions.csv")):
        said.setdefault((arch, start, limit, int(seed)), []).append((int(label), float(score)))
    return said


def table(out, name, runs, rows, columns, metric, test=None, correct=None, archs=ARCHS, starts=STARTS, step=None):
    """rows: arch; columns: start x limit, or start"""
    said = read_predictions()
    lines, p = [], []
    for row in rows:
        for column in columns:
            start, limit = column
            seeds = [(row, start, limit, s) for s in SEEDS]
            values = [last(runs, c, metric, step) for c in seeds]
            alone = math.nan
            if test and start != "random":
                pairs = [(x, last(runs, (row, "random", limit, c[3]), metric, step), c[3])
                         for x, c in zip(values, seeds)]
                pairs = [(x, y, s) for x, y, s in pairs
                         if x is not None and y is not None and not math.isnan(x + y)]
                d = [round(x - y, 15) for x, y, _ in pairs]
                if test == "delong":
                    a = [said.get((row, start, limit, s)) for _, _, s in pairs]
                    b = [said.get((row, "random", limit, s)) for _, _, s in pairs]
                    if pairs and all(a) and all(b):
                        alone = delong(a, b)[0]
                elif len(d) > 1:
                    alone = {"t": lambda: stats.ttest_1samp(d, 0).pvalue,
                             "wilcoxon": lambda: stats.wilcoxon(d).pvalue,
                             "sign_flip": lambda: sign_flip(d)}[test]()
            p.append(alone)
            lines.append([name, row, start + " limit " + limit] + number(values))
    corrected = {None: lambda x: x, "holm": holm, "bh": benjamini_hochberg, "none": lambda x: x}[correct](p)
    for line, alone, c in zip(lines, p, corrected):
        out.append(line + [5, alone, c])


def curves(out, runs):
    for arch in ARCHS:
        for start in STARTS:
            series = [runs[c]["test/auc"] for c in cases() if c[:3] == (arch, start, "10") and
                      "test/auc" in runs.get(c, {}) and not math.isnan(last(runs, c, "test/auc"))]
            for step in (5, 10, 16) if series else ():
                mean, _, low, high, _ = number([s[step] for s in series])
                out.append(["curves", "arch=" + arch, start, step, mean, low, high])


def main():
    write_store()
    runs = read_store()
    out = []
    both = [(s, l) for s in STARTS for l in LIMITS]
    table(out, "t", runs, ARCHS, both, "test/auc", "t", "holm")
    table(out, "wilcoxon", runs, ARCHS, both, "test/auc", "wilcoxon", "bh")
    table(out, "flips", runs, ARCHS, both, "test/loss", "sign_flip", "none")
    table(out, "delong", runs, ARCHS, both, "test/auc", "delong", "holm")
    table(out, "early", runs, ARCHS, both, "test/auc", step=5)
    curves(out, runs)
    with open(HERE / "numbers.tsv", "w") as f:
        for line in out:
            f.write("\t".join(("nan" if x != x else repr(float(x))) if isinstance(x, float) else str(x)
                              for x in line) + "\n")


main()
