# SPDX-License-Identifier: MIT
"""Tables of a report in all of its formats, and numbers of others beside ours."""
import html
import json
import math
import pathlib
import re

import numpy
import yaml
from scipy import stats

from check import CLOSE, CLOSE_P, WHOLE
from derived import fill_derived, parse_name
from runs import allows, is_called, listed, lower_is_better, read_csv
from sums import benjamini_hochberg, delong, holm, number, sign_flip

PLUS_MINUS = "±"
MEASURED = ("cost/latency_1", "cost/latency_8", "cost/peak_memory")


class Cell:
    """A number that a table asks for: of these cases, with what the report's CSV says of it. `kind`: what it is of the
    value, as "difference"; none, where it is that itself. `numbers`: of the runs that it rests on, of `asked`."""

    def __init__(self, heads, name, line, kind=None):
        self.heads, self.name, self.line, self.kind = heads, name, line, kind
        self.cases, self.runs, self.p, self.alone, self.difference = [], [], math.nan, math.nan, math.nan
        self.sums = self.published = None
        self.numbers, self.asked, self.missed = [], 0, False

    def __str__(self):
        return f"{' '.join(self.heads.values())} {self.kind + ' of ' if self.kind else ''}{self.name}"

    @property
    def value(self):
        return self.sums[0]


def read_table(report, item):
    """Its lines, each with the values of its axes as the heads have them, and which value it is of."""
    axes = listed(item.get("rows")) + listed(item.get("columns"))
    values = listed(item.get("value"))
    cells = []
    for line in read_csv(report / "tables" / (item["name"] + ".csv")):
        fields = list(line)
        heads = [line[k] for k in fields[:fields.index("value")] if not k.endswith("_name")]
        name, kind = heads[-1].partition(", ")[0], None  # a cost stands with its unit
        if parse_name(name):
            kind, name = parse_name(name)
        cells.append(Cell(dict(zip(axes, heads)), name if len(heads) > len(axes) and name in values else values[0], line,
                          kind))
    return cells


def fill(item, cells, cases, runs):
    """The runs of each cell, and what they come to."""
    def mine(heads, case):
        return allows(item.get("where"), case) and all(is_called(case[a], a, heads[a]) for a in heads)
    for cell in cells:
        cell.cases = [c for c in cases if mine(cell.heads, c)]
        cell.runs = [r for r in runs if mine(cell.heads, r.case)]
        if cell.kind:
            (axis, against), = item[cell.kind].items()
            fill_derived(item, cell, [r for r in runs if mine({**cell.heads, axis: str(against)}, r.case)])
        else:
            fill_own(cell, item.get("at", "last"))
        if cell.name.startswith("cost/") and not cell.sums[1] > 0:
            cell.sums[1:4] = [math.nan] * 3


def fill_own(cell, at):
    there = [r for r in cell.runs if r.value(cell.name, at) is not None]
    cell.sums = number([r.value(cell.name, at) for r in there])
    cell.numbers, cell.asked = [r.number for r in there], len(cell.cases)
    cell.missed = 0 < len(cell.cases) == sum(r.missed(cell.name) for r in cell.runs)
    if len(there) == 1:
        cell.sums[2:4] = own_interval(there[0], cell.name, at)


def own_interval(run, name, at):
    """The metric's own, over examples: by its bootstrap, else by its formula."""
    for way in (".bootstrap", ""):
        if name + way + ".low" in run.series:
            return [run.value(name + way + end, at) for end in (".low", ".high")]
    return [math.nan, math.nan]


# ---- tests

def paired(item, cell, other):
    """p of the differences between runs that are alike on `over`, and their mean."""
    at, over, kind = item.get("at", "last"), listed(item.get("over", "seed")), item["test"]["paired"]
    theirs = {tuple(r.case[a] for a in over): r for r in other.runs}
    pairs = [(r, theirs.get(tuple(r.case[a] for a in over))) for r in cell.runs]
    pairs = [(x, y) for x, y in pairs if y and None not in (x.value(cell.name, at), y.value(cell.name, at))]
    if kind == "delong":
        return of_predictions(cell.name, pairs)
    d = [round(x.value(cell.name, at) - y.value(cell.name, at), 13) for x, y in pairs]
    if len(d) < 2 or len(set(d)) == 1:
        return math.nan, math.nan
    p = (stats.ttest_1samp(d, 0).pvalue if kind == "t" else stats.wilcoxon(d).pvalue if kind == "wilcoxon"
         else sign_flip(d))
    return p, numpy.mean(d)


def of_predictions(name, pairs):
    column = int(name.rpartition(".")[2]) if ".class." in name else 1
    sides = [[run.predictions(column) for run in side] for side in zip(*pairs)]
    if not pairs or not all(all(side) for side in sides):
        return math.nan, math.nan
    return delong(*sides)


def test(check, item, cells):
    """For each cell p corrected and before, and the difference."""
    asked = item.get("test")
    if not asked:
        return True
    if asked["paired"] == "bootstrap":
        check.leave_out("p of the paired bootstrap", "it is of the program's own draws; tests/stats compares it")
        return False
    (axis, against), = asked["against"].items()
    for cell in cells:
        partner = [c for c in cells if c.name == cell.name and is_called(str(against), axis, c.heads[axis]) and
                   all(c.heads[a] == cell.heads[a] for a in cell.heads if a != axis)]
        if partner and partner[0] is not cell:
            cell.alone, cell.difference = paired(item, cell, partner[0])
    correct = {"holm": holm, "bh": benjamini_hochberg, "none": list}[asked.get("correct", "holm")]
    for cell, p in zip(cells, correct([c.alone for c in cells])):
        cell.p = p
    return True


def verdict(cell):
    return "" if not cell.p < 0.05 else "better" if (cell.difference > 0) != lower_is_better(cell.name) else "worse"


def best_of_rows(item, cells):
    """The best of each row among numbers over all of their runs, where there are two."""
    rows, groups, marked = listed(item["rows"]), {}, set()
    for cell in cells:
        if len(cell.numbers) == cell.asked > 0:
            groups.setdefault((tuple(cell.heads[a] for a in rows), cell.name), []).append(cell)
    for (_, name), group in groups.items():
        best = (min if lower_is_better(name) else max)(c.value for c in group)
        if len(group) > 1:
            marked |= {c for c in group if abs(c.value - best) <= 1e-12}
    return marked


# ---- numbers of others

def find_published(item, cells, folder):
    """Gives each cell what a file of published numbers has of it: text and how."""
    if not item.get("published"):
        return
    path = pathlib.Path(item["published"]["file"])
    table = yaml.safe_load(open(path if path.exists() else folder / path))["tables"][item["published"]["table"]]
    values, scale = listed(item["value"]), table.get("scale", 1)
    for entry in table["numbers"]:
        where = {k: str(v) for k, v in entry.items() if k not in ("number", "spread", "how", "source", "value")}
        for cell in cells:
            if cell.name == entry.get("value", values[0]) and \
                    all(k in cell.heads and is_called(v, k, cell.heads[k]) for k, v in where.items()):
                cell.published = (entry["number"] * scale, entry.get("spread", math.nan) * scale, entry["how"])


def check_published(check, what, said, how, cell):
    number_said, _, spread = (said or "").partition(f" {PLUS_MINUS} ")
    ours = cell.published or (math.nan, math.nan, "")
    check.same(what + ", published", number_said, ours[0], WHOLE)
    check.same(what + ", spread of the published", spread, ours[1], WHOLE)
    check.equal(what + ", published how", how or "", ours[2])


# ---- as text

def plain_html(cell):
    cell = re.sub(r"<sup>.*?</sup>", "", cell)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", cell)).split())


def plain_markdown(cell):
    return " ".join(re.sub(r"\\(.)", r"\1", cell).replace("*", "").split())


def plain_latex(cell):
    cell = re.sub(r"\\textsuperscript\{\d+\}", "", cell)
    cell = cell.replace(r"\ensuremath{\pm}", PLUS_MINUS).replace("{[}", "[").replace("{]}", "]").replace(r"\textless{}", "<")
    cell = re.sub(r"\\begin\{tabular\}\[t\]\{@\{\}r@\{\}\}|\\end\{tabular\}|\\\\", " ", cell)
    return " ".join(re.sub(r"\\[a-z]+|[{}]", " ", cell).split())


def html_cells(report, name):
    page = (report / "index.html").read_text()
    start = page.find(f'id="table-{name}"')
    body = page[page.index("<tbody>", start):page.index("</table>", start)]
    return [plain_html(c) for c in re.findall(r"<td.*?</td>", body, re.S)]


def markdown_cells(report, name, heads):
    lines = (report / "tables" / (name + ".md")).read_text().split("\n")
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines if line.startswith("| ")]
    return [plain_markdown(c) for row in rows[2:] for c in row[heads:]]


def latex_cells(report, name, heads):
    text = (report / "tables" / (name + ".tex")).read_text()
    body = text[text.index(r"\midrule"):text.index(r"\bottomrule")] if r"\bottomrule" in text else ""
    rows = [line for line in body.split("\n") if " & " in line]
    return [plain_latex(c) for row in rows for c in row.split(" & ")[heads:]]


NUMBER = r"(-?\d[\d.]*(?:e[-+]\d+)?)"
SHOWN = re.compile(NUMBER + r"(?: [a-zA-Z]+)?(?: ± " + NUMBER + r")?(?:[^\[]*?\[" + NUMBER + ", " + NUMBER + r"\])?")


def check_text(check, what, text, cell):
    """A cell as people see it is the number, rounded to as many digits as stand there."""
    text, _, published = text.partition("published ")
    what = f"{what}, {cell}: {text}"
    if math.isnan(cell.value):
        check.equal(what, bool(re.search("not reached" if cell.missed else "missing|–|--", text)), True)
    else:
        for said, ours in zip(SHOWN.search(text).groups(), cell.sums):
            check.equal(what + ", what is there", said is None, math.isnan(ours))
            if said:
                check.shown(what, said, ours)
        p = re.search(r"p ([=<]) ([\d.]+)", text)
        check.equal(what + ", p is there", bool(p), not math.isnan(cell.p))
        if p and p[1] == "=":
            check.shown(what + ", p", p[2], cell.p)
        elif p:
            check.within(what + ", p", cell.p, 0, float(p[2]))
    if len(cell.numbers) < cell.asked:
        check.equal(what + ", runs", f"{len(cell.numbers)} of {cell.asked} run" in text, True)
    check.equal(what + ", published is there", bool(published), bool(cell.published))
    if published:
        shown = re.match(NUMBER + r"(?: ± " + NUMBER + r")? \((\w+)\)", published)
        check_published(check, what, shown[1] + (f" ± {shown[2]}" if shown[2] else ""), shown[3], cell)


# ---- one of them

def check_line(check, cell, tested, best):
    line, name = cell.line, str(cell)
    check.same(name, line["value"], cell.value)
    check.equal(name + ", runs", line["runs"], str(len(cell.numbers)))
    check.equal(name + ", asked", line["asked"], str(cell.asked))
    for field, ours in zip(("sd", "low", "high"), cell.sums[1:4]):
        check.same(f"{name}, {field}", line[field], ours)
    check.equal(name + ", best", line["best"] == "best", cell in best)
    if tested:
        check.same(name + ", p", line["p"], cell.p, CLOSE_P)
        check.same(name + ", p before correction", line["p_alone"], cell.alone, CLOSE_P)
        check.equal(name + ", verdict", line["verdict"], verdict(cell))
    check_published(check, name, line["published"], line["published_how"], cell)


def check_json(check, block, cells):
    """The same numbers as in the CSV to the last digit, the runs that they rest on, and the counts of the caption."""
    rows = block["rows"][block["head_rows"]:]
    said = [x for row in rows for x in row[block["head_columns"]:] if "value" in x]
    check.equal("cells", len(said), len(cells))
    for x, cell in zip(said, cells):
        for field in ("value", "sd", "low", "high", "p", "p_alone"):
            check.same(f"{cell}, {field}", x[field], cell.line[field], 0)
        check.equal(f"{cell}, runs", x["runs"], cell.numbers)
        check.equal(f"{cell}, missed", x["missed"], cell.missed)
        check.equal(f"{cell}, asked", str(x["asked"]), cell.line["asked"])
    family = re.search(r"(?:family of|not corrected for the) (\d+) test", block["caption"])
    if family:
        check.equal("size of the family", int(family[1]), sum(not math.isnan(c.alone) for c in cells))
    few = re.search(r"(\d+) of (\d+) numbers rest on fewer", block["caption"])
    if few:
        there = [c for c in cells if c.asked]
        check.equal("numbers over fewer runs", (int(few[1]), int(few[2])),
                    (sum(len(c.numbers) < c.asked and not c.missed for c in there), len(there)))
    over = re.search(r"of (\d+)(?: to (\d+))? runs?,", block["caption"])
    if over:
        asked = [c.asked for c in cells if c.asked and not c.kind]
        check.equal("runs of a number", (int(over[1]), int(over[2] or over[1])), (min(asked), max(asked)))
    return block["head_columns"]


def check_table(check, report, item, cases, runs, folder):
    cells = read_table(report, item)
    for name in sorted({c.name for c in cells}.intersection(MEASURED)):
        check.leave_out(name, "it is measured or planned, not computed: tests/graph/memory, bench")
    order = [c.name in MEASURED for c in cells]
    blocks = json.loads((report / "report.json").read_text())["blocks"]
    block = next(b for b in blocks if b["kind"] == "table" and b["name"] == item["name"])
    fill(item, [c for c in cells if c.name not in MEASURED], cases, runs)
    kept = [c for c, measured in zip(cells, order) if not measured]
    check.begin(f"table {item['name']}")
    own = [c for c in kept if not c.kind]
    tested = test(check, item, own)
    find_published(item, own, folder)
    best = best_of_rows(item, own)
    for cell in kept:
        check_line(check, cell, tested, best)
    if any(order):
        return
    check.begin(f"table {item['name']}, JSON")
    heads = check_json(check, block, cells)
    for form, texts in (("page", html_cells(report, item["name"])), ("Markdown", markdown_cells(report, item["name"], heads)),
                        ("LaTeX", latex_cells(report, item["name"], heads))):
        check.begin(f"table {item['name']}, {form}")
        check.equal("cells", len(texts), len(cells))
        for text, cell in zip(texts, cells):
            check_text(check, form, text, cell)


# ---- lists of runs

def check_shown(check, what, said, run, name):
    value = run.value(name)
    if value is None:
        check.equal(what, said in ("", "–", None), True)
    else:
        check.shown(what, said, value)


def check_runs(check, report, runs):
    """The metrics of runs.csv and of the page's last table."""
    check.begin("list of runs")
    page = (report / "index.html").read_text()
    body = page[page.index('id="runs"'):] if 'id="runs"' in page else ""
    for line in read_csv(report / "runs.csv"):
        run = next((r for r in runs if r.number == int(line["number"])), None)
        names = [k for k in line if "/" in k]
        row = re.search(rf'<tr id="run-{line["number"]}">(.*?)</tr>', body, re.S)
        cells = [plain_html(c) for c in re.findall(r"<td.*?</td>", row[1], re.S)] if row else []
        for i, name in enumerate(names if run else ()):
            check_shown(check, f"run {run.number}, {name}", line[name], run, name)
            if cells:
                check_shown(check, f"run {run.number}, {name} on the page", cells[i - len(names) - 1], run, name)


def check_run_table(check, report, item, cases, runs):
    """An item `runs`: a line a case."""
    blocks = json.loads((report / "report.json").read_text())["blocks"]
    names = [c for c in listed(item.get("columns")) if "/" in c]
    lines = [r for r in runs if allows(item.get("where"), r.case)]
    block = next((b for b in blocks if b["kind"] == "table" and
                  (b["name"] == item["name"] if "name" in item else b["name"].startswith("runs_"))), None)
    check.begin("list of runs")
    if not block or len(block["rows"]) - 1 != sum(allows(item.get("where"), c) for c in cases):
        check.fail("lines", block and len(block["rows"]) - 1, len(lines))
        return
    shown = [[x for x in row if "value" in x] for row in block["rows"][1:] if row[1]["text"] == "done"]
    for run, row in zip(lines, shown):
        for name, x in zip(names, row):
            check.same(f"run {run.number}, {name}", x["value"], run.value(name), CLOSE)
