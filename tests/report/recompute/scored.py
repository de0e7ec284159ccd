# SPDX-License-Identifier: MIT
"""Analyses that score networks anew: what they score by weights, and reinit."""
import math

from analysis import check_cell, check_drawn, leave_out_unknown, to_float
from check import WHOLE
from networks import Network, forward, read_images, scores_of, stage_of
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
    for key in [k for k in line if k not in ("line", "a", "b", "t", "part", "values", "draw")]:
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
