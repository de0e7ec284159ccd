# SPDX-License-Identifier: MIT
"""Figures of a report: the points, intervals, quartiles and fronts in their data files."""
import json
import math
import re

import numpy

from runs import allows, listed, lower_is_better, read_csv
from sums import number
from tables import own_interval

FRONT = "not beaten in both"


def read_figure(report, name):
    """{part: {(panel, series): [(x, y, low, high, category)]}}, each by its key"""
    out = {"data": {}, "box": {}}
    for line in read_csv(report / "figures" / (name + ".csv")):
        keys = [line.get(a, line[b]) for a, b in (("panel_key", "panel_title"), ("series_key", "series_label"),
                                                  ("category_key", "category"))]
        numbers = [float(line[k]) if line[k] else math.nan for k in ("x", "y", "low", "high")]
        out[line["part"]].setdefault(tuple(keys[:2]), []).append((*numbers, keys[2]))
    return out


def group(items, axes, case_of=lambda run: run.case):
    out = {}
    for item in items:
        out.setdefault(tuple(case_of(item).get(a, "") for a in axes), []).append(item)
    return out


def called(axes, values):
    return " ".join(f"{a} {v}" if re.fullmatch(r"[\d.]+", v) else v for a, v in zip(axes, values))


def titled(axes, values):
    return " ".join(f"{a}={v}" for a, v in zip(axes, values))


# ---- what the runs make it

def mean(runs, name, at):
    """value, low, high as a table has them"""
    s = number([r.value(name, at) for r in runs])
    if s[4] == 1:
        s[2:4] = own_interval(next(r for r in runs if r.value(name, at) is not None), name, at)
    if name.startswith("cost/") and not s[1] > 0:
        s[2:4] = [math.nan] * 2
    return s[0], s[2], s[3]


def by_step(runs, name, at):
    """The mean at each step that all runs have which have a number at their end."""
    series = [r.series[name] for r in runs if r.value(name, at) is not None]
    steps = sorted(set.intersection(*(set(s) for s in series))) if series else []
    sums = [number([s[step] for s in series]) for step in steps]
    return [(step, s[0], s[2], s[3], None) for step, s in zip(steps, sums)]


def by_axis(cases, runs, name, at, axis):
    """A point for each value that there are cases of, with no number where none is done."""
    return [(float(v) if re.fullmatch(r"[\d.]+", v) else None, *mean([r for r in runs if r.case[axis] == v], name, at),
             called([axis], [v])) for v in dict.fromkeys(c[axis] for c in cases)]


def each(runs, name, at, x):
    """A point a run that has both."""
    pairs = [(r.value(x, at) if "/" in x else None, r.value(name, at), r) for r in runs]
    return [(a, b, math.nan, math.nan, None if "/" in x else called([x], [r.case[x]]))
            for a, b, r in pairs if b is not None and (a is not None or "/" not in x)]


def boxes(points):
    """Median and quartiles by category."""
    inside = {}
    for p in points:
        inside.setdefault(p[4], []).append(p[1])
    return [(None, *numpy.quantile(y, (0.5, 0.25, 0.75)), category) for category, y in inside.items()]


def front(points, less_x, less_y):
    """Those that no other beats in both."""
    a = numpy.array([(p[0] if less_x else -p[0], p[1] if less_y else -p[1]) for p in points])
    return sorted((*p[:2], math.nan, math.nan, None) for p, q in zip(points, a)
                  if not ((a <= q).all(1) & (a < q).any(1)).any())


def means_of_both(runs, item, at):
    over = listed(item.get("over", "seed"))
    out = []
    for inside in group(runs, [a for a in runs[0].case if a not in over] if runs else []).values():
        x, y = mean(inside, item["x"], at), mean(inside, item["pareto"], at)
        if not math.isnan(x[0]) and not math.isnan(y[0]):
            out.append((x[0], *y, None))
    return out


# ---- beside what is drawn

def check_points(check, what, said, ours):
    """In the order of the file, or by category where there are some."""
    said, ours = list(said or []), list(ours)
    if ours and ours[0][4] is not None:
        said.sort(key=lambda p: (p[4], p[1]))
        ours.sort(key=lambda p: (p[4], p[1]))
        check.equal(what + ", categories", [p[4] for p in said], [p[4] for p in ours])
    check.equal(what + ", points", len(said), len(ours))
    for s, o in zip(said, ours):
        for k, x, y in zip(("x", "y", "low", "high"), s, o):
            if y is not None:
                check.same(f"{what}, {k}", x, y)


def take(drawn, panel, label, alone):
    """The points of a line. Bars and boxes without lines may have a series for each category."""
    if not alone:
        return drawn.pop((panel, label), None)
    return [p for key in [k for k in drawn if k[0] == panel] for p in drawn.pop(key)]


def points_of(item, kind, cases, members, at):
    x = item.get("x", "step")
    if kind == "curves" and x == "step":
        return by_step(members, item[kind], at)
    if kind in ("curves", "bars"):
        points = by_axis(cases, members, item[kind], at, x)
        if kind == "curves" and all(p[0] is not None for p in points):
            return sorted((*p[:4], None) for p in points)
        return [(None, *p[1:]) for p in points]
    if kind == "pareto":
        return means_of_both(members, item, at)
    return each(members, item[kind], at, x)


def check_heat_map(check, report, item, cases, runs):
    """A cell for each line and place that there are cases of; none where they have no number."""
    panels, lines, at = listed(item.get("panels")), listed(item["lines"]), item.get("at", "last")
    axes = panels + lines + [item["x"]]
    chosen = [r for r in runs if allows(item.get("where"), r.case)]
    ours = {}
    for case in group([c for c in cases if allows(item.get("where"), c)], axes, dict):
        inside = [r for r in chosen if tuple(r.case.get(a, "") for a in axes) == case]
        key = titled(panels, case[:len(panels)]), " ".join(case[len(panels):-1]), case[-1]
        ours[key] = mean(inside, item["heat_map"], at)[0]
    for line in read_csv(report / "figures" / (item["name"] + ".csv")):
        key = tuple(line.get(a, line[b]) for a, b in (("panel_key", "panel_title"), ("row_key", "row"),
                                                      ("column_key", "column")))
        check.same(" ".join(key), line["value"], ours.pop(key, math.nan))
    check.equal("other cells", list(ours), [])
    check_words(check, report, item, "heat_map", cases, chosen, [], at)


def check_figure(check, report, item, cases, runs):
    check.begin(f"figure {item['name']}")
    if "heat_map" in item:
        check_heat_map(check, report, item, cases, runs)
        return
    kind = next(k for k in ("curves", "bars", "box", "scatter", "pareto") if k in item)
    drawn, at = read_figure(report, item["name"]), item.get("at", "last")
    lines, panels = listed(item.get("lines")), listed(item.get("panels"))
    chosen = [r for r in runs if allows(item.get("where"), r.case)]
    alone, all_points, said = kind in ("bars", "box") and not lines, [], []
    of_cases = group([c for c in cases if allows(item.get("where"), c)], panels + lines, dict)
    for line, inside in of_cases.items():
        title, label = titled(panels, line[:len(panels)]), called(lines, line[len(panels):])
        members = [r for r in chosen if tuple(r.case.get(a, "") for a in panels + lines) == line]
        what, points = f"{title} {label}", points_of(item, kind, inside, members, at)
        check_points(check, what, take(drawn["data"], title, label, alone), points)
        if kind == "box":
            check_points(check, what + ", quartiles", take(drawn["box"], title, label, alone), boxes(points))
        all_points += points
        said += points[-1:] if kind == "curves" and item.get("x", "step") == "step" else points
    if kind == "pareto" and all_points:
        check_points(check, "front", sorted(drawn["data"].pop(("", FRONT), [])),
                     front(all_points, lower_is_better(item["x"]), lower_is_better(item["pareto"])))
    check.equal("other lines", [k for part in drawn.values() for k, p in part.items() if p], [])
    check_words(check, report, item, kind, cases, chosen, said, at)


def check_words(check, report, item, kind, cases, chosen, points, at):
    """How many runs it rests on, and the numbers of its alternative text."""
    blocks = json.loads((report / "report.json").read_text())["blocks"]
    block = next(b for b in blocks if b["kind"] == "figure" and b["name"] == item["name"])
    names = [item[kind]] + ([item["x"]] if "/" in item.get("x", "") else [])
    with_numbers = [r.number for r in chosen if all(r.value(n, at) is not None for n in names)]
    check.equal("runs", block["runs"], with_numbers)
    check.equal("asked", block["asked"], sum(allows(item.get("where"), c) for c in cases))
    page = (report / "index.html").read_text()
    caption = page[page.index(f'id="figure-{item["name"]}"'):]
    caption = re.sub("<[^>]*>", "", caption[caption.index("<figcaption>"):caption.index("</figcaption>")])
    count = re.search(r"Over (?:(\d+) of )?(\d+) run", caption)
    check.equal("runs on the page", (int(count[1] or count[2]), int(count[2])), (len(with_numbers), block["asked"]))
    if kind in ("curves", "bars", "pareto"):
        words = re.split(r"[ ;]+", block["alternative"])
        for p in points:
            check.equal(f"{p[1]:.4g} in words", f"{p[1]:.4g}" in words or math.isnan(p[1]), True)
