# SPDX-License-Identifier: MIT
"""Analyses of weights: how far they moved, and pictures of filters."""
import itertools
import math
import re

import numpy
from scipy import stats

from analysis import check_cell, check_drawn, leave_out_unknown, to_float
from check import WHOLE
from networks import Network, moved
from pictures import first_convolution, gray_levels, read_png, tiles_of
from runs import is_trained, listed

CONFIDENCE = 1.959963984540054
EXACT = 8


# ---- movement

def check_checkpoints(check, a, runs):
    """By the weights where training began with a file, and where it ended."""
    for said, (label, of) in zip(listed(a.options["of"]), runs.items()):
        network = Network(said, a.store)
        before = Network(f"{network.folder}@initial", a.store).weights
        check.equal(f"{label}, parameters", of["parameters"],
                    sum(t.size for n, t in network.weights.items() if is_trained(n)))
        if not before:
            leave_out_unknown(check)
            continue
        for layer, value in moved(before, network.weights).items():
            check.same(f"{label}, {layer} by its checkpoints", of["layers"][layer][0], value, 1e-6)


def check_movement(check, a):
    runs = {}
    for v in a.raw("values"):
        of = runs.setdefault(v["run"], {"parameters": int(v["parameters"]), "layers": {}})
        of["layers"][v["layer"]] = to_float(v["mean"]), to_float(v["sd"])
    if a.options["metric"]["plugin"] == "movement":
        check_checkpoints(check, a, runs)
    shown = [(run, layer, *v) for run, of in runs.items() for layer, v in of["layers"].items()]
    layers = {layer for _, layer, *_ in shown}
    rows = a.rows()
    of_layers = [r for r in rows if len(r) == 2 and r[0] in layers]
    check.equal("lines of layers", len(of_layers), len(shown))
    for row, (run, layer, mean, sd) in zip(of_layers, shown):
        check_cell(check, f"{run}, {layer}", row[1], mean, sd)
    x = [of["parameters"] for of in runs.values()]
    y = [numpy.nanmean([v[0] for v in of["layers"].values()]) for of in runs.values()]
    of_runs = [r for r in rows if r[0] in runs and len(r) == 3]
    check.equal("lines of runs", len(of_runs), len(runs))
    for said, run, parameters, mean, row in zip(a.tables["runs"], runs, x, y, of_runs):
        check.same(f"{run}, mean", said["mean"], mean, WHOLE)
        check.equal(f"{run}, parameters", said["parameters"], parameters)
        check_cell(check, run, row[1], parameters)
        check_cell(check, run, row[2], mean)
    check_drawn(check, "runs", a.drawn().get(("0", "a run")), [(p, q, math.nan, math.nan) for p, q in zip(x, y)])
    if len(set(x)) > 1 and len(x) > 3:
        check_correlation(check, a, x, y)


def exact_p(x, y):
    """Of all orders of the ranks the share whose correlation is as large."""
    x, y = (stats.rankdata(v) - (len(v) + 1) / 2 for v in (x, y))
    orders = numpy.array(list(itertools.permutations(y)))
    return (numpy.abs(orders @ x) >= abs(x @ y) - 1e-9).mean()


def check_correlation(check, a, x, y):
    """Spearman's; the interval is Bonett and Wright's."""
    said, (rho, p) = a.tables["rank_correlation"][0], stats.spearmanr(x, y)
    if len(x) <= EXACT:
        p = exact_p(x, y)
    half = CONFIDENCE * math.sqrt((1 + rho ** 2 / 2) / (len(x) - 3))
    low, high = math.tanh(math.atanh(rho) - half), math.tanh(math.atanh(rho) + half)
    for key, ours in (("rho", rho), ("p", p), ("low", low), ("high", high), ("runs", len(x))):
        check.same(f"rank correlation, {key}", said[key], ours, 1e-9)
    text = re.search(r"rank correlation .*?: (.*?) \[(.*?), (.*?)\], p = (\S+?)(?: \(exact\))?, (\d+) runs", a.text)
    for shown, ours in zip(text.groups(), (rho, low, high, p, len(x))):
        check.shown("rank correlation in words", shown, ours)
    caption = re.search(r"rank correlation (-?[\d.]+?)\. .*: (\S+) to (-?[\d.]+)\.", a.caption)
    for shown, ours in zip(caption.groups(), (rho, low, high)):
        check.shown("rank correlation of the caption", shown, ours)


# ---- filters

def deviation_of(run):
    """What pixels are divided by before the network sees them."""
    transforms = run.config["data"]["train"].get("transforms") or []
    return next((t["deviation"] for t in transforms if t.get("deviation")), [1])


def check_filters(check, a):
    """Pictures pixel by pixel, of networks whose weights are in a file."""
    said = re.findall(r"\((\d+)\) (\d+) of \S+, (\d+) x (\d+) of (\d+) channels?( added up)?", a.caption)
    for i, name in enumerate(listed(a.options["of"])):
        network = Network(name, a.store)
        if not network.weights:
            leave_out_unknown(check)
            continue
        w = first_convolution(network.weights)
        what = f"network {i + 1}"
        check.equal(what + ", its filters", tuple(map(int, said[i][1:5])), (w.shape[0], *w.shape[2:], w.shape[1]))
        if a.options.get("scale", "each") != "each" or (w.shape[1] == 3 and not said[i][5]):
            check.leave_out("filters in colour, or on one scale", "tests/study/filters, tests/cli/figure.test")
            continue
        levels = gray_levels(w, deviation_of(network.run) if said[i][5] else [1])
        shown = tiles_of(read_png(a.folder / f"filters-{i + 1}.png"), len(levels), levels.shape[1])
        for k, (x, y) in enumerate(zip(shown, levels)):
            check.equal(f"{what}, filter {k + 1}: largest difference in levels of 255 is above 1", numpy.abs(x - y).max() > 1.01,
                        False)
