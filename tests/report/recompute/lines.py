# SPDX-License-Identifier: MIT
"""Analyses that are lines over nodes: compare, dynamics, probe; and subsets of channels."""
import math
import re

import numpy
from scipy import stats

from analysis import check_cell, check_drawn, leave_out_unknown
from check import WHOLE
from networks import Network, knn, mean_cca, read_images
from runs import listed
from sums import number

OWN_DRAWS = 20

def members_of(a):
    """{line: {node: {pair of networks: values of its draws}}} of the headline"""
    out = {}
    for v in a.raw("values"):
        node = v["node_a"] if v["node_a"] == v["node_b"] else f"{v['node_a']} ~ {v['node_b']}"
        if v["key"] == a.options["metric"]["plugin"] and v["value"]:
            out.setdefault(v["line"], {}).setdefault(node, {}).setdefault((v["network_a"], v["network_b"]), []).append(
                float(v["value"]))
    return out


def check_basis(check, a):
    """'1000 to 10000 rows (positions), 16 to 64 channels, 5 draws' of the first pair"""
    values = a.raw("values")
    first = [v for v in values if all(v[k] == values[0][k] for k in ("line", "network_a", "network_b"))]
    for word, field in ((r"(?:rows|images)", "rows"), ("channels?", "columns_a")):
        said = re.search(rf"(\d+)(?: to (\d+))? {word}", a.caption)
        ours = [int(v[field]) for v in first]
        check.equal(f"{field} of the caption", (int(said[1]), int(said[2] or said[1])), (min(ours), max(ours)))
    draws = re.search(r"(\d+) draw", a.caption)
    check.equal("draws of the caption", int(draws[1]), 1 + max(int(v["draw"]) for v in first))


def check_lines(check, a):
    lines, drawn, rows = members_of(a), a.drawn(), {r[0]: r[1:] for r in a.rows()}
    means = {(m["line"], m["node_a"]): m for m in a.tables["means"]}
    for column, (line, nodes) in enumerate(lines.items()):
        points = []
        for place, (node, pairs) in enumerate(nodes.items()):
            what = f"{line}, {node}"
            over = [numpy.mean(v) for v in pairs.values()] if len(pairs) > 1 else next(iter(pairs.values()))
            mean, sd, low, high, count = number(over)
            said = means[line, node.partition(" ~ ")[0]]
            for key, ours in (("mean", mean), ("sd", sd), ("low", low), ("high", high), ("n", count), ("pairs", len(pairs))):
                check.same(f"{what}, {key}", said[key], ours, WHOLE)
            check_cell(check, what, rows[node][column], mean, sd)
            points.append((place, mean, mean - sd, mean + sd))
        check_drawn(check, line, drawn.pop(("0", line), None), points)
    check.equal("other lines", list(drawn), [])
    check_basis(check, a)


# ---- by activations

def known(check, networks):
    if all(n.is_whole() for n in networks):
        return True
    leave_out_unknown(check)
    return False


def check_similarity(check, a):
    """CCA in twenty draws of our own: the mean of theirs is as far from it as draws differ. Where they are of all rows
    and channels they do not."""
    options = a.options["metric"]
    if options["plugin"] != "svcca" or options.get("mode", "cca") != "cca" or a.options.get("per", "position") != "position":
        check.leave_out("similarities other than mean CCA over positions", "tests/plugins/metric, tests/analysis/values.test")
        return
    lines, values = members_of(a), {}
    for v in a.raw("values"):
        values[v["line"], v["network_a"], v["network_b"], v["node_a"]] = v
    for line in a.options.get("lines") or [{"name": "networks", "a": a.options["a"], "b": a.options["b"]}]:
        for i, said in enumerate(zip(listed(line["a"]), listed(line["b"]))):
            pair = [Network(n, a.store) for n in said]
            for node, members in lines[line["name"]].items() if known(check, pair) else ():
                labels, draws = list(members.items())[i]
                v = values[(line["name"], *labels, node)]
                sizes = [int(v[k]) for k in ("rows", "columns_a", "columns_b")]
                ours = [draw_cca(*(n.stages()[node] for n in pair), *sizes, seed) for seed in range(OWN_DRAWS)]
                room = 1e-4 + 6 * numpy.std(ours) / math.sqrt(len(draws))
                check.within(f"{line['name']}, {' and '.join(labels)}, {node} by its activations", numpy.mean(draws),
                             numpy.mean(ours) - room, numpy.mean(ours) + room)


def draw_cca(a, b, rows, channels_a, channels_b, seed):
    draw = numpy.random.default_rng(seed)
    a, b = (x.reshape(-1, x.shape[-1]) for x in (a, b))
    some = numpy.sort(draw.permutation(len(a))[:rows])
    a, b = (x[some][:, draw.permutation(x.shape[1])[:n]] for x, n in ((a, channels_a), (b, channels_b)))
    return mean_cca(a, b)


def check_probe(check, a):
    options, lines = a.options["metric"], members_of(a)
    if options["plugin"] != "knn_probe" or a.options.get("channels") or a.options.get("rows"):
        check.leave_out("probes other than nearest neighbours of all rows", "tests/plugins/metric, tests/analysis/values.test")
        return
    for said, (line, nodes) in zip(listed(a.options["of"]), lines.items()):
        network = Network(said, a.store)
        for node, members in nodes.items() if known(check, [network]) else ():
            fit, test = (network.stages(s)[node].mean((1, 2)).astype(float) for s in ("train", "test"))
            labels = [read_images(network.folder, s)[1] for s in ("train", "test")]
            ours = knn(fit, labels[0], test, labels[1], options.get("k", 200), options.get("temperature", 0.1))
            said_mean = numpy.mean(next(iter(members.values())))
            # float32 of theirs and ours may turn a row or two
            check.same(f"{line}, {node} by its activations", said_mean, ours, 2.5 / len(test))


# ---- subsets

def check_fit(check, what, x, y, said, row):
    """A straight line by least squares; the interval of its R squared is of 2,000 draws of points: as far from
    20,000 of ours as such an order statistic may be, by four of its deviations."""
    fit, n = stats.linregress(x, y), len(x)
    half = stats.t.ppf(0.975, n - 2) * fit.stderr
    ours = {"subsets": n, "before": numpy.mean(x), "after": numpy.mean(y), "intercept": fit.intercept, "slope": fit.slope,
            "slope_low": fit.slope - half, "slope_high": fit.slope + half, "r_squared": fit.rvalue ** 2}
    for key, value in ours.items():
        check.same(f"{what}, {key}", said[key], value, 1e-9)
    draws = numpy.random.default_rng(0).integers(0, n, (20000, n))
    u, v = numpy.array(x)[draws], numpy.array(y)[draws]
    u, v = u - u.mean(1, keepdims=True), v - v.mean(1, keepdims=True)
    r = (u * v).sum(1) ** 2 / (u * u).sum(1) / (v * v).sum(1)
    for end, q in (("low", 0.025), ("high", 0.975)):
        ranks = q + numpy.array((-4, 4)) * math.sqrt(q * (1 - q) / 2000)
        check.within(f"{what}, r_squared_{end}", said[f"r_squared_{end}"], *numpy.quantile(r, ranks))
    check_cell(check, what, row[0], n)
    check_cell(check, what, row[1], ours["before"])
    check_cell(check, what, row[2], ours["after"])
    check_cell(check, what, row[3], *(ours[k] for k in ("slope", "slope_low", "slope_high")))
    check_cell(check, what, row[4], ours["r_squared"], said["r_squared_low"], said["r_squared_high"])
    return [(e, fit.intercept + fit.slope * e, math.nan, math.nan) for e in (min(x), max(x))]


def check_subsets(check, a):
    lines, drawn, fits = members_of(a), a.drawn(), a.drawn("fit")
    rows = {r[0]: r[1:] for r in a.rows()}
    for said in a.tables["fits"]:
        node = said["node"]
        x, y = (next(iter(lines[line][node].values())) for line in ("before", "after"))
        key = (node, "a subset of channels")
        check_drawn(check, node, drawn.pop(key, None), [(p, q, math.nan, math.nan) for p, q in zip(x, y)])
        ends = check_fit(check, node, x, y, said, rows[node])
        for s, o in zip(fits.pop(key, []), ends):
            check.same(f"{node}, end of its line", s[1], o[1], 1e-9)
    check.equal("other nodes", list(drawn) + list(fits), [])
    check_basis(check, a)
