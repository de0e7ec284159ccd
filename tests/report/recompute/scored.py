# SPDX-License-Identifier: MIT
"""Analyses that score networks anew: reinit, interpolate, agreement."""
import math
import re

import numpy

from analysis import check_cell, check_drawn, leave_out_unknown, to_float
from check import WHOLE
from networks import Network, forward, mixed, read_images, scores_of, stage_of
from runs import listed, lower_is_better
from sums import number


# numpy's float32 and theirs add up in other orders
AS_SCORED = 2e-4


def check_scored(check, what, line, weights, network):
    """The scores of these weights on the test images, by numpy."""
    images, labels = read_images(network.folder, "test")
    logits = forward(network.run.config["arch"]["plugin"], weights, images)["fc"]
    for key, value in scores_of(logits, labels).items():
        if line.get(key):
            check.same(f"{what}, {key} by its weights", line[key], value, AS_SCORED)


def check_ends(check, what, line, network):
    """A network as it is has the scores that its run wrote at that step."""
    for key in [k for k in line if k not in ("t", "part", "values", "draw")]:
        of = network.run.series.get("test/" + key, {})
        if network.step in of:
            check.same(f"{what}, {key} as its run had it", line[key], of[network.step], 1e-6)


def is_test(a):
    return a.tables["about"][0]["split"] == "test"


def check_reinit(check, a):
    scores, rows = a.raw("scores"), {r[0]: r[1:] for r in a.rows()}
    head = a.rows()[0]
    trained, keys = scores[0], [k for k in scores[0] if k not in ("part", "values", "draw")]
    network = Network(listed(a.options["of"])[0], a.store)
    check_ends(check, "nothing reset", trained, network)
    parts = {}
    for s in scores[1:]:
        parts.setdefault(s["part"], []).append(s)
    means = {(m["part"], m["measure"]): m for m in a.tables["means"]}
    points = []
    for place, (part, draws) in enumerate(parts.items()):
        for key in keys:
            mean, sd, *_ = number([to_float(d[key]) for d in draws])
            worse = (mean - float(trained[key])) * (1 if lower_is_better("test/" + key) else -1)
            for field, ours in (("mean", mean), ("sd", sd), ("worse_by", worse)):
                check.same(f"{part}, {key}, {field}", means[part, key][field], ours, WHOLE)
            if key == head[2]:
                row = rows[part]
                check_cell(check, part, row[0], int(draws[0]["values"]))
                check_cell(check, part, row[1], mean)
                check_cell(check, part, row[2 + ("sd" in head)], worse)
                points.append((place, mean, mean - sd, mean + sd))
            elif key == "loss":
                check_cell(check, part, rows[part][-1], mean)
    for (_, label), drawn in a.drawn().items():
        level = float(trained[head[2]])
        check_drawn(check, label, drawn, [(p[0], level, math.nan, math.nan) for p in points] if label == "trained" else points)
    check_parts(check, a, network, parts)


def check_parts(check, a, network, parts):
    """How many values, running statistics among them, a part has, and what the network scores without what it learned
    there."""
    before = Network(f"{network.folder}@initial", a.store).weights
    for part, draws in parts.items() if a.options.get("by", "stage") == "stage" else ():
        names = [n for n in network.weights if "num_batches" not in n and part in (stage_of(n), "all")]
        check.equal(f"{part}, values", int(draws[0]["values"]), sum(network.weights[n].size for n in names))
        if before and all(n in before for n in names) and network.is_whole() and is_test(a) and \
                a.options.get("to", "initial") == "initial":
            check_scored(check, part, draws[0], {**network.weights, **{n: before[n] for n in names}}, network)
        else:
            leave_out_unknown(check)


def check_interpolate(check, a):
    scores, rows = a.raw("scores"), a.rows()
    loss = [float(s["loss"]) for s in scores]
    t = [float(s["t"]) for s in scores]
    ends = [Network(listed(a.options[k])[0], a.store) for k in ("a", "b")]
    check_ends(check, "A", scores[0], ends[0])
    check_ends(check, "B", scores[-1], ends[1])
    if all(n.is_whole() for n in ends) and is_test(a):
        for s in scores:
            check_scored(check, f"t = {s['t']}", s, mixed(*(n.weights for n in ends), float(s["t"])), ends[0])
    else:
        leave_out_unknown(check)
    excess = [y - ((1 - x) * loss[0] + x * loss[-1]) for x, y in zip(t, loss)]
    height, at = max(excess), t[int(numpy.argmax(excess))]
    keys = [k for k in scores[0] if k != "t"]
    for s, row in zip(scores, rows[1:]):
        for key, cell in zip(["t"] + keys, row):
            check_cell(check, f"t = {s['t']}, {key}", cell, to_float(s[key]))
    if height > 0:
        check.same("barrier", a.tables["barrier"][0]["height"], height, WHOLE)
        check.same("where it is", a.tables["barrier"][0]["t"], at, WHOLE)
        said = re.search(r"barrier ([\d.]+) at t = ([\d.]+)", a.text)
        check.shown("barrier in words", said[1], height)
        check.shown("barrier of the caption", re.search(r"Barrier ([\d.]*\d)", a.caption)[1], height)
    drawn = a.drawn()
    for i, key in enumerate(keys):
        check_drawn(check, key, drawn.pop((str(i), "networks on the line")),
                    [(float(s["t"]), to_float(s[key]), math.nan, math.nan) for s in scores])
    check_drawn(check, "between the ends", drawn.pop(("0", "between the ends")),
                [(t[i], loss[i], math.nan, math.nan) for i in (0, -1)])


def check_agreement(check, a):
    for s in a.raw("scores"):
        n, what = int(s["examples"]), s["label"]
        cells = [round(float(s[k]) * n) for k in ("both_right", "only_a", "only_b", "both_wrong")]
        both, only_a, only_b, none = (c / n for c in cells)
        right_a, right_b = both + only_a, both + only_b
        chance = right_a * right_b + (1 - right_a) * (1 - right_b)
        ours = {"both_right": both, "only_a": only_a, "only_b": only_b, "both_wrong": none, "accuracy_a": right_a,
                "accuracy_b": right_b, "both_wrong_chance": (1 - right_a) * (1 - right_b), "chance": chance,
                "consistency": (both + none - chance) / (1 - chance)}
        check.equal(f"{what}, examples", sum(cells), n)
        for key, value in ours.items():
            check.same(f"{what}, {key}", s[key], value, WHOLE)
        row = next(r for r in a.rows() if r[0] == what)
        shown = ("accuracy_a", "accuracy_b", "both_right", "only_a", "only_b", "both_wrong", "both_wrong_chance", "same",
                 "kappa", "consistency")
        for key, cell in zip(shown, row[2:]):
            check_cell(check, f"{what}, {key}", cell, ours.get(key, to_float(s[key])))
        drawn = a.drawn()
        if what == "all":
            check_drawn(check, "shares", drawn[("0", "these networks")],
                        [(i, c, math.nan, math.nan) for i, c in enumerate((both, only_a, only_b, none))])
            apart = (right_a * right_b, right_a * (1 - right_b), (1 - right_a) * right_b, (1 - right_a) * (1 - right_b))
            check_drawn(check, "independent", drawn[("0", "independent ones")],
                        [(i, c, math.nan, math.nan) for i, c in enumerate(apart)])
    check_said(check, a)


def check_said(check, a):
    """What both say of each image, by their weights; float32 may turn one."""
    both = [Network(listed(a.options[k])[0], a.store) for k in ("a", "b")]
    if not all(n.is_whole() for n in both) or not is_test(a):
        leave_out_unknown(check)
        return
    labels = read_images(both[0].folder, "test")[1]
    x, y = (n.stages()["fc"].argmax(1) for n in both)
    s, n = a.raw("scores")[0], len(labels)
    expected = sum((x == c).mean() * (y == c).mean() for c in set(x))
    same = (x == y).mean()
    for key, ours in (("accuracy_a", (x == labels).mean()), ("accuracy_b", (y == labels).mean()), ("same", same),
                      ("both_right", ((x == labels) & (y == labels)).mean()), ("kappa", (same - expected) / (1 - expected))):
        check.same(f"{key} by what they say", s[key], ours, 2.5 / n)
