#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""recompute.py STUDY.yaml STORE REPORT: the numbers of a report once more, from the runs' metrics.csv alone.

Means, deviations, intervals, tests and their corrections of the tables, what is marked best, better or worse, the numbers
as the page shows them, and the points of curves and Pareto fronts, by numpy and scipy. Of the report it believes which
case each run is (runs.csv), and that only as far as config.yaml does not say otherwise. Best steps and steps to the
threshold are found again in the curves, parameters counted in the checkpoints. A line for each number that is another;
the last one says how many were compared. Needs python3-yaml, python3-numpy, python3-scipy.
"""
import csv
import html
import json
import math
import pathlib
import re
import struct
import sys

import numpy
import yaml
from scipy import stats

from make_store import benjamini_hochberg, holm, number, sign_flip

LOWER = ("loss", "error", "steps_to_threshold")
# metrics.csv has nine digits of what summary.json has whole
CLOSE, CLOSE_P = 3e-9, 1e-5


class Run:
    def __init__(self, case, folder):
        self.case, self.folder = case, folder
        self.config = yaml.safe_load(open(folder / "config.yaml"))
        self.series = {}
        for line in csv.DictReader(open(folder / "metrics.csv")):
            value = float(line["value"]) if line["value"] else math.nan
            self.series.setdefault(line["split"] + "/" + line["metric"], {})[int(line["step"])] = value

    def check_case(self):
        """What the configuration says of the case itself."""
        said = {"seed": self.config["seed"], "limit": self.config["data"]["train"].get("limit")}
        return [f"{self.folder}: {axis} is {value}, not {self.case[axis]}" for axis, value in said.items()
                if self.case.get(axis, "").isdigit() and int(self.case[axis]) != value]

    def best_step(self):
        """Of the monitor's curve: the first step with its best value."""
        metric = self.config["train"]["early_stopping"]["metric"] or self.config["metrics"][0]["plugin"]
        curve = self.series.get("valid/" + metric, {})
        sign = -1 if lower_is_better("valid/" + metric) else 1
        return min((s for s in curve if not math.isnan(curve[s])), key=lambda s: (-sign * curve[s], s), default=None)

    def steps_to_threshold(self, split):
        threshold = self.config["train"]["threshold"]
        curve = self.series.get(split + "/" + threshold["metric"], {}) if threshold["metric"] else {}
        return min((s for s in curve if curve[s] >= threshold["value"]), default=None)

    def parameters(self):
        """Trained numbers of the last checkpoint: not the running statistics of normalisation."""
        with open(self.folder / "checkpoints/final.safetensors", "rb") as f:
            head = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        return sum(math.prod(t["shape"]) for name, t in head.items()
                   if name != "__metadata__" and "running_" not in name and "num_batches" not in name)

    def value(self, name, at="last"):
        split, _, metric = name.partition("/")
        if name == "cost/parameters":
            return self.parameters()
        if name == "cost/seconds":
            return json.load(open(self.folder / "summary.json"))["seconds"]
        if name == "cost/size":
            return (self.folder / "checkpoints/final.safetensors").stat().st_size / 1e6
        if metric == "steps_to_threshold":
            return self.steps_to_threshold(split)
        series = self.series.get(name)
        if not series:
            return None
        value = series.get({"last": max(series), "best": self.best_step()}.get(at, at))
        return None if value is None or math.isnan(value) else value


def lower_is_better(name):
    return name.startswith("cost/") or name.split("/")[1].split(".")[0] in LOWER


def listed(x):
    return x if isinstance(x, list) else [] if x is None else [x]


def read_runs(store, report):
    """Those that are done, and the axes; a label is "arch=cbr_tiny start=mean_var, drawn seed=0"."""
    lines = list(csv.DictReader(open(report / "runs.csv")))
    axes = re.findall(r"(?:^| )(\w+)=", lines[0]["label"])
    between = re.compile("(?:^| )(" + "|".join(axes) + ")=")
    runs = []
    for line in lines:
        parts = between.split(line["label"])[1:]
        if line["state"] == "done":
            runs.append(Run(dict(zip(parts[::2], parts[1::2])), store / line["run"]))
    return runs, axes


def allows(where, case):
    for axis, wanted in (where or {}).items():
        values = []
        for w in listed(wanted):
            span = re.fullmatch(r"(\d+)\.\.(\d+)", str(w))
            values += [str(i) for i in range(int(span[1]), int(span[2]) + 1)] if span else [str(w)]
        if case.get(axis) not in values:
            return False
    return True


def is_called(value, axis, name):
    """A head shows a number with its axis: "limit 100"."""
    return name in (value, f"{axis} {value}")


class Checker:
    def __init__(self):
        self.compared, self.wrong = 0, []

    def same(self, what, said, ours, close=CLOSE):
        said, ours = (math.nan if x in (None, "") else float(x) for x in (said, ours))
        self.compared += 1
        if not (math.isnan(said) and math.isnan(ours)) and not abs(said - ours) <= close * max(1, abs(ours)):
            self.wrong.append(f"{what}: the report has {said}, the runs make it {ours}")

    def equal(self, what, said, ours):
        self.compared += 1
        if said != ours:
            self.wrong.append(f"{what}: the report has {said!r}, the runs make it {ours!r}")


# ---- tables

def read_table(report, item):
    """Its lines, each with the values of its axes as the heads have them, and which value it is of."""
    rows, columns, values = (listed(item.get(k)) for k in ("rows", "columns", "value"))
    named = len(values) > 1 or "difference" in item or "ratio" in item
    lines = []
    with open(report / "tables" / (item["name"] + ".csv")) as f:
        for line in csv.DictReader(f):
            heads = [v for k, v in line.items() if not k.endswith("_name")]
            heads = heads[:len(rows) + len(columns) + (named or not columns)]
            name = heads[-1].partition(", ")[0] if named else values[0]  # without its unit
            lines.append((dict(zip(rows + columns, heads)), name, line))
    return lines


DERIVED = re.compile(r"(difference|ratio) of ([^ ,]+) to (\w+)=(.+)")


def derived_numbers(check, item, lines, runs, at):
    """Of each line that is a difference or a ratio its number: over pairs of runs that are alike on `over`."""
    sums, over = [], listed(item.get("over", "seed"))
    for heads, name, line in lines:
        kind, value, axis, against = DERIVED.match(name).groups()
        sides = [[r for r in runs if allows(item.get("where"), r.case) and
                  all(is_called(r.case[a], a, h) for a, h in cell.items())]
                 for cell in (heads, {**heads, axis: against})]
        theirs = {tuple(r.case[a] for a in over): r.value(value, at) for r in sides[1]}
        pairs = [(r.value(value, at), theirs.get(tuple(r.case[a] for a in over))) for r in sides[0]]
        pairs = [(x, y) for x, y in pairs if x is not None and y is not None and not (kind == "ratio" and y == 0)]
        if is_called(against, axis, heads[axis]):
            pairs = []  # held against itself
        sums.append(number([x - y if kind == "difference" else x / y for x, y in pairs]))
        mean, deviation, low, high, count = sums[-1]
        what = f"{item['name']}, {' '.join(heads.values())}: {name}"
        check.same(what, line["value"], mean)
        check.equal(what + ", runs", line["runs"], str(2 * count))
        if not (value.startswith("cost/") and not deviation > 0):
            check.same(what + ", deviation", line["sd"], deviation)
            check.same(what + ", low", line["low"], low)
            check.same(what + ", high", line["high"], high)
    return sums


def paired(item, runs, others, name, at):
    """p of the differences between runs that are alike on `over`, and their mean."""
    over = listed(item.get("over", "seed"))
    theirs = {tuple(r.case[a] for a in over): r.value(name, at) for r in others}
    pairs = [(r.value(name, at), theirs.get(tuple(r.case[a] for a in over))) for r in runs]
    d = [round(x - y, 13) for x, y in pairs if x is not None and y is not None]
    if len(d) < 2 or len(set(d)) == 1:
        return math.nan, math.nan
    kind = item["test"]["paired"]
    p = (stats.ttest_1samp(d, 0).pvalue if kind == "t" else stats.wilcoxon(d).pvalue if kind == "wilcoxon"
         else sign_flip(d) if kind == "sign_flip" else None)
    return p, numpy.mean(d)


def test_of(item, cells):
    """For each cell p corrected and before, and the difference; None where the kind of test is not done here."""
    test = item.get("test")
    if not test:
        return [(math.nan, math.nan, math.nan)] * len(cells)
    if test["paired"] in ("delong", "bootstrap"):
        return None
    (axis, against), = test["against"].items()
    at, alone = item.get("at", "last"), []
    for heads, name, runs in cells:
        partner = [c for c in cells if c[1] == name and is_called(str(against), axis, c[0][axis]) and
                   all(c[0][a] == heads[a] for a in heads if a != axis)]
        alone.append(paired(item, runs, partner[0][2], name, at)
                     if partner and partner[0][0] != heads else (math.nan, math.nan))
    correct = {"holm": holm, "bh": benjamini_hochberg, "none": list}[test.get("correct", "holm")]
    return [(c, p, d) for c, (p, d) in zip(correct([p for p, _ in alone]), alone)]


def verdict(name, p, difference):
    return "" if not p < 0.05 else "better" if (difference > 0) != lower_is_better(name) else "worse"


def best_of_rows(item, lines, means):
    """True for the best of each row among numbers over all of their runs, where there are two."""
    rows = listed(item["rows"])
    groups = {}
    for i, (heads, name, line) in enumerate(lines):
        if line["runs"] == line["asked"] != "0":
            groups.setdefault((tuple(heads[a] for a in rows), name), []).append(i)
    marked = set()
    for (_, name), group in groups.items():
        best = (min if lower_is_better(name) else max)(means[i] for i in group)
        if len(group) > 1:
            marked |= {i for i in group if abs(means[i] - best) <= 1e-12}
    return [i in marked for i in range(len(lines))]


def check_table(check, report, item, runs):
    shown, at = read_table(report, item), item.get("at", "last")
    lines = [line for line in shown if not DERIVED.match(line[1])]
    cells = [(heads, name, [r for r in runs if allows(item.get("where"), r.case) and
                            all(is_called(r.case[a], a, heads[a]) for a in heads)]) for heads, name, _ in lines]
    sums = [number([r.value(name, at) for r in chosen]) for _, name, chosen in cells]
    tests = test_of(item, cells)
    best = best_of_rows(item, lines, [s[0] for s in sums])
    for i, (heads, name, line) in enumerate(lines):
        what = f"{item['name']}, {' '.join(heads.values())} {name}"
        mean, deviation, low, high, count = sums[i]
        check.same(what, line["value"], mean)
        check.equal(what + ", runs", line["runs"], str(count))
        if not (name.startswith("cost/") and not deviation > 0):
            check.same(what + ", deviation", line["sd"], deviation)
            if count != 1:  # else it is the metric's own
                check.same(what + ", low", line["low"], low)
                check.same(what + ", high", line["high"], high)
        check.equal(what + ", best", line["best"] == "best", best[i])
        if tests:
            p, alone, difference = tests[i]
            check.same(what + ", p", line["p"], p, CLOSE_P)
            check.same(what + ", p before correction", line["p_alone"], alone, CLOSE_P)
            check.equal(what + ", verdict", line["verdict"], verdict(name, p, difference))
    derived = iter(derived_numbers(check, item, [line for line in shown if DERIVED.match(line[1])], runs, at))
    own = iter(sums)
    check_page(check, report, item, shown, [next(derived if DERIVED.match(name) else own) for _, name, _ in shown])


def check_page(check, report, item, lines, sums):
    """The numbers in the page are those, rounded to as many digits as stand there."""
    page = (report / "index.html").read_text()
    start = page.index(f'id="table-{item["name"]}"')
    body = page[page.index("<tbody>", start):page.index("</table>", start)]
    cells = re.findall(r"<td.*?</td>", body, re.S)
    check.equal(f"{item['name']}, cells of the page", len(cells), len(lines))
    for (heads, name, line), (mean, deviation, low, high, _), cell in zip(lines, sums, cells):
        text = html.unescape(re.sub(r"<[^>]*>", " ", cell))
        what = f"{item['name']}, {' '.join(heads.values())} {name} on the page: {' '.join(text.split())}"
        shown = re.search(r"(-?[\d.]+)(?: [a-zA-Z]+)?(?:\s*± ([\d.]+))?(?:.*?\[(-?[\d.]+), (-?[\d.]+)\])?", text, re.S)
        if math.isnan(mean):
            check.equal(what, bool(re.search(r"missing|–", text)), True)
            continue
        for said, ours in zip(shown.groups(), (mean, deviation, low, high)):
            if said is not None and not math.isnan(ours):
                digits = len(said.partition(".")[2])
                check.same(what, said, ours, 0.5000001 * 10 ** -digits / max(1, abs(ours)))


# ---- figures

def read_figure(report, item):
    """{(panel's title, series' label): [(x, y, low, high)]}"""
    out = {}
    with open(report / "figures" / (item["name"] + ".csv")) as f:
        for line in csv.DictReader(f):
            out.setdefault((line["panel_title"], line["series_label"]), []).append(
                [float(line[k]) if line[k] else math.nan for k in ("x", "y", "low", "high")])
    return out


def group(runs, axes):
    out = {}
    for r in runs:
        out.setdefault(tuple(r.case[a] for a in axes), []).append(r)
    return out


def called(axes, values):
    return " ".join(f"{a} {v}" if re.fullmatch(r"[\d.]+", v) else v for a, v in zip(axes, values))


def curve(runs, name):
    """The mean at each step that all runs have which have a number at their end."""
    series = [r.series[name] for r in runs if r.value(name) is not None]
    steps = sorted(set.intersection(*(set(s) for s in series))) if series else []
    points = []
    for step in steps:
        mean, _, low, high, _ = number([s[step] for s in series])
        points.append((step, mean, low, high))
    return points


def front(points, less_x, less_y):
    """Those that no other beats in both."""
    a = numpy.array([(p[0] if less_x else -p[0], p[1] if less_y else -p[1]) for p in points])
    return sorted(tuple(p[:2]) for p, q in zip(points, a) if not ((a <= q).all(1) & (a < q).any(1)).any())


def check_points(check, what, said, ours):
    check.equal(what + ", points", len(said or []), len(ours))
    for s, o in zip(said or [], ours):
        for k, x, y in zip(("x", "y", "low", "high"), s, o):
            check.same(f"{what}, {k}", x, y)


def check_heat_map(check, report, item, chosen):
    panels, lines = listed(item.get("panels")), listed(item["lines"])
    ours = {(" ".join(f"{a}={v}" for a, v in zip(panels, panel)), " ".join(line), column[0]):
            number([r.value(item["heat_map"], item.get("at", "last")) for r in members])[0]
            for panel, inside in group(chosen, panels).items() for line, row in group(inside, lines).items()
            for column, members in group(row, [item["x"]]).items()}
    with open(report / "figures" / (item["name"] + ".csv")) as f:
        for line in csv.DictReader(f):
            cell = line["panel_title"], line["row"], line["column"]
            check.same(f"{item['name']}, {' '.join(cell)}", line["value"], ours.pop(cell, math.nan))
    check.equal(f"{item['name']}, other cells", list(ours), [])


def check_figure(check, report, item, runs):
    chosen = [r for r in runs if allows(item.get("where"), r.case)]
    if "heat_map" in item:
        check_heat_map(check, report, item, chosen)
        return True
    drawn, lines = read_figure(report, item), listed(item.get("lines"))
    if "curves" in item and item.get("x", "step") == "step":
        panels = listed(item.get("panels"))
        for panel, inside in group(chosen, panels).items():
            title = " ".join(f"{a}={v}" for a, v in zip(panels, panel))
            for line, members in group(inside, lines).items():
                label = called(lines, line)
                check_points(check, f"{item['name']}, {title} {label}", drawn.pop((title, label), None),
                             curve(members, item["curves"]))
    elif "pareto" in item:
        points, over = [], listed(item.get("over", "seed"))
        for line, inside in group(chosen, lines).items():
            ours = []
            for members in group(inside, [a for a in inside[0].case if a not in over]).values():
                x = number([r.value(item["x"]) for r in members])
                y = number([r.value(item["pareto"]) for r in members])
                ours.append((x[0], y[0], y[2], y[3]))
            points += ours
            check_points(check, f"{item['name']}, {called(lines, line)}", drawn.pop(("", called(lines, line)), None), ours)
        check_points(check, f"{item['name']}, front", sorted(drawn.pop(("", "not beaten in both"))),
                     front(points, lower_is_better(item["x"]), lower_is_better(item["pareto"])))
    else:
        return False
    check.equal(f"{item['name']}, other lines", list(drawn), [])
    return True


def main(study, store, report):
    runs, _ = read_runs(store, report)
    check = Checker()
    for r in runs:
        check.wrong += r.check_case()
    for item in yaml.safe_load(open(study))["report"]:
        if "table" in item:
            check_table(check, report, item["table"], runs)
        elif isinstance(item.get("figure"), dict) and not check_figure(check, report, item["figure"], runs):
            print(f"not compared: figure {item['figure']['name']}")
    print("\n".join(check.wrong + [f"{check.compared} numbers compared, {len(check.wrong)} differ"]))
    return 1 if check.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(pathlib.Path, sys.argv[1:])))
