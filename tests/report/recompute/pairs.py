# SPDX-License-Identifier: MIT
"""Analyses of pairs of networks, of which those of one name are a line: interpolate, agreement."""
import math
import re

import numpy

from analysis import check_cell, check_drawn, leave_out_unknown, to_float
from check import WHOLE
from networks import Network, mixed, read_images
from runs import listed
from scored import check_ends, check_scored, is_test
from sums import number

# as far as their quantile of Student's t goes
OF_QUANTILE = 1e-9


class Pair:
    """Two networks, and the rows of `scores` that are of them."""

    def __init__(self, line, said, store):
        self.line, self.said = line, said
        self.networks = [Network(n, store) for n in said]
        self.scores = []

    def __str__(self):
        return f"{self.line}, {self.scores[0]['a']} and {self.scores[0]['b']}"

    def is_whole(self):
        return all(n.is_whole() for n in self.networks)


def pairs_of(check, a):
    """{line: its pairs}, in the order of their rows: each has as many."""
    lines = {}
    for line in a.options.get("lines") or [{"name": "networks", "a": a.options["a"], "b": a.options["b"]}]:
        for said in zip(listed(line["a"]), listed(line["b"])):
            lines.setdefault(line["name"], []).append(Pair(line["name"], said, a.store))
    scores, pairs = a.raw("scores"), [p for line in lines.values() for p in line]
    rows = len(scores) // len(pairs)
    check.equal("rows of the pairs", len(scores), rows * len(pairs))
    check.equal("pairs it is about", len(a.tables["about"]), len(pairs))
    for i, (pair, about) in enumerate(zip(pairs, a.tables["about"])):
        pair.scores = scores[i * rows:(i + 1) * rows]
        for key in ("line", "a", "b"):
            check.equal(f"{pair}, {key}", {s[key] for s in pair.scores}, {about[key]})
        check.equal(f"{pair}, its line", about["line"], pair.line)
        for key, said in zip("ab", pair.said):
            check.equal(f"{pair}, {key}", isinstance(said, dict) and not about[key].startswith(said["label"]), False)
    return lines


def means_of(a, table, *keys):
    """{(line, ...): its row in JSON and in CSV}"""
    return {(m["line"], *(m[k] for k in keys)): (m, c) for m, c in zip(a.tables[table], a.raw(table))}


def check_mean(check, what, rows, values):
    """Over the pairs of a line, in both formats: mean and deviation."""
    sums = number(values)
    for row in rows:
        for key, ours in zip(("mean", "sd", "low", "high", "n"), sums):
            check.same(f"{what}, {key}", row[key], ours, OF_QUANTILE if key in ("low", "high") else WHOLE)
        check.equal(f"{what}, pairs", int(row["pairs"]), len(values))
    return sums[:2]


def with_bar(x, mean, sd):
    return x, mean, mean - sd, mean + sd


# ---- interpolate

def barrier_of(scores):
    """How far the loss is above the line between its ends, and where."""
    t, loss = ([float(s[k]) for s in scores] for k in ("t", "loss"))
    excess = [y - ((1 - x) * loss[0] + x * loss[-1]) for x, y in zip(t, loss)]
    return max(excess), t[int(numpy.argmax(excess))]


def check_way(check, a, pair, said):
    """The ends as their runs had them, what is between them by its weights, the barrier."""
    for end, s, network in zip("AB", (pair.scores[0], pair.scores[-1]), pair.networks):
        check_ends(check, f"{pair}, {end}", s, network)
    if pair.is_whole() and is_test(a):
        for s in pair.scores:
            check_scored(check, f"{pair}, t = {s['t']}", s, mixed(*(n.weights for n in pair.networks), float(s["t"])),
                         pair.networks[0])
    else:
        leave_out_unknown(check)
    height, at = barrier_of(pair.scores)
    check.same(f"{pair}, barrier", said["height"], height, WHOLE)
    if height > 0:
        check.same(f"{pair}, where it is", said["t"], at, WHOLE)


def check_only_way(check, a, pair, keys):
    """What is printed of a single pair."""
    for s, row in zip(pair.scores, a.rows()[1:]):
        for key, cell in zip(["t"] + keys, row):
            check_cell(check, f"t = {s['t']}, {key}", cell, to_float(s[key]))
    height, _ = barrier_of(pair.scores)
    if height > 0:
        said = re.search(r"barrier ([\d.]+) at t = ([\d.]+)", a.text)
        check.shown("barrier in words", said[1], height)
        check.shown("barrier of the caption", re.search(r"Barrier ([\d.]*\d)", a.caption)[1], height)


def check_ways(check, a, lines, losses, heights):
    """What is printed of several: the loss of each line, and its barrier."""
    rows, points = a.rows(), len(next(iter(losses.values())))
    for i, row in enumerate(rows[1:1 + points]):
        for (line, sums), cell in zip(losses.items(), row[1:]):
            check_cell(check, f"{line}, t = {row[0]}", cell, *sums[i])
    for (line, pairs), row in zip(lines.items(), rows[2 + points:]):
        check_cell(check, f"{line}, pairs", row[1], len(pairs))
        check_cell(check, f"{line}, barrier", row[2], *heights[line])


def check_interpolate(check, a):
    lines, drawn = pairs_of(check, a), a.drawn()
    pairs = [p for line in lines.values() for p in line]
    for pair, said in zip(pairs, a.tables["barrier"]):
        check_way(check, a, pair, said)
    keys = [k for k in pairs[0].scores[0] if k not in ("line", "a", "b", "t")]
    t = [float(s["t"]) for s in pairs[0].scores]
    means = means_of(a, "means", "t", "measure")
    losses, heights = {}, {}
    for line, of in lines.items():
        for i, key in enumerate(keys):
            sums = [check_mean(check, f"{line}, t = {x}, {key}", means[line, x, key],
                               [to_float(p.scores[k][key]) for p in of]) for k, x in enumerate(t)]
            label = line if len(lines) > 1 else "networks on the line"
            check_drawn(check, f"{line}, {key}", drawn.pop((str(i), label), None),
                        [with_bar(x, *s) for x, s in zip(t, sums)])
            if key == "loss":
                losses[line] = sums
        heights[line] = check_mean(check, f"{line}, barrier", means_of(a, "barriers")[line,],
                                   [barrier_of(p.scores)[0] for p in of])
    if len(lines) == 1:
        (sums,) = losses.values()
        check_drawn(check, "between the ends", drawn.pop(("0", "between the ends"), None),
                    [(t[i], sums[i][0], math.nan, math.nan) for i in (0, -1)])
    check.equal("other lines", list(drawn), [])
    if len(pairs) == 1:
        check_only_way(check, a, pairs[0], keys)
    else:
        check_ways(check, a, lines, losses, heights)


# ---- agreement

SHOWN = ("accuracy_a", "accuracy_b", "both_right", "only_a", "only_b", "both_wrong", "both_wrong_chance", "same", "kappa",
         "consistency")
SHARES = ("both_right", "only_a", "only_b", "both_wrong")


def check_shares(check, what, s):
    """What follows from how many examples both get right, one alone, none."""
    n = int(s["examples"])
    cells = [round(float(s[k]) * n) for k in SHARES]
    both, only_a, only_b, none = (c / n for c in cells)
    right_a, right_b = both + only_a, both + only_b
    chance = right_a * right_b + (1 - right_a) * (1 - right_b)
    ours = {"both_right": both, "only_a": only_a, "only_b": only_b, "both_wrong": none, "accuracy_a": right_a,
            "accuracy_b": right_b, "both_wrong_chance": (1 - right_a) * (1 - right_b), "chance": chance,
            "consistency": (both + none - chance) / (1 - chance) if chance < 1 else math.nan}
    check.equal(f"{what}, examples", sum(cells), n)
    for key, value in ours.items():
        check.same(f"{what}, {key}", s[key], value, WHOLE)


def draw_agreement(lines, labels, sums):
    """{series: its points}: the shares of one pair and label; both kappas; or of several lines and labels the one."""
    pairs = [p for line in lines.values() for p in line]
    if len(pairs) == len(labels) == 1:
        s = pairs[0].scores[0]
        a, b = float(s["accuracy_a"]), float(s["accuracy_b"])
        apart = (a * b, a * (1 - b), (1 - a) * b, (1 - a) * (1 - b))
        return {"these networks": [(i, float(s[k]), math.nan, math.nan) for i, k in enumerate(SHARES)],
                "independent ones": [(i, c, math.nan, math.nan) for i, c in enumerate(apart)]}
    if len(labels) == 1 or len(lines) == 1:
        places = [(line, label) for line in lines for label in labels]
        return {name: [with_bar(i, *sums[(*place, key)]) for i, place in enumerate(places)]
                for name, key in (("error consistency", "consistency"), ("kappa of what they say", "kappa"))}
    return {line: [with_bar(i, *sums[line, label, "consistency"]) for i, label in enumerate(labels)] for line in lines}


def check_agreement(check, a):
    lines = pairs_of(check, a)
    pairs = [p for line in lines.values() for p in line]
    labels = [s["label"] for s in pairs[0].scores]
    means, sums, rows = means_of(a, "means", "label", "number"), {}, iter(a.rows()[1:])
    for pair in pairs:
        for s in pair.scores:
            check_shares(check, f"{pair}, {s['label']}", s)
        check_said(check, a, pair)
    for line, of in lines.items():
        for i, label in enumerate(labels):
            row = next(rows)
            heads = [label, of[0].scores[i]["examples"]] if len(pairs) == 1 else [line, str(len(of)), label]
            check.equal(f"{line}, {label}, heads", row[:len(heads)], heads)
            for key in (*SHOWN, "chance"):
                sums[line, label, key] = check_mean(check, f"{line}, {label}, {key}", means[line, label, key],
                                                    [to_float(p.scores[i][key]) for p in of])
            for key, cell in zip(SHOWN, row[len(heads):]):
                check_cell(check, f"{line}, {label}, {key}", cell, *sums[line, label, key])
    drawn = a.drawn()
    for name, points in draw_agreement(lines, labels, sums).items():
        check_drawn(check, name, drawn.pop(("0", name), None), points)
    check.equal("other series", list(drawn), [])


def check_said(check, a, pair):
    """What both say of each image, by their weights; float32 may turn one."""
    if not pair.is_whole() or not is_test(a):
        leave_out_unknown(check)
        return
    labels = read_images(pair.networks[0].folder, "test")[1]
    x, y = (n.stages()["fc"].argmax(1) for n in pair.networks)
    expected = sum((x == c).mean() * (y == c).mean() for c in set(x))
    same = (x == y).mean()
    ours = {"accuracy_a": (x == labels).mean(), "accuracy_b": (y == labels).mean(), "same": same,
            "both_right": ((x == labels) & (y == labels)).mean(),
            "kappa": (same - expected) / (1 - expected) if expected < 1 else math.nan}
    for key, value in ours.items():
        check.same(f"{pair}, {key} by what they say", pair.scores[0][key], value, 2.5 / len(labels))
