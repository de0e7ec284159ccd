# SPDX-License-Identifier: MIT
"""An analysis as it lies in its folder, and what is compared of all kinds alike."""
import json
import math
import re

from check import WHOLE
from runs import read_csv

WRITTEN = {"compare": "similarity"}
UNKNOWN = ("networks that began with drawn weights, or whose data or architecture are not known here: what their "
           "activations and weights give")


class Analysis:
    """Of its folder: its numbers (`values` or `scores`), what it drew and what it printed."""

    def __init__(self, name, kind, options, folder, store):
        self.name, self.kind, self.options, self.store = name, kind, options, store
        self.folder, self.stem = folder / name, WRITTEN.get(kind, kind)
        self.tables = json.loads(self.path(".json").read_text())["tables"]
        self.text = self.path(".txt").read_text() if self.path(".txt").exists() else ""
        self.caption = self.path(".caption.txt").read_text()

    def path(self, ending):
        return self.folder / (self.stem + ending)

    def raw(self, what):
        return read_csv(self.path(f"-{what}.csv"))

    def drawn(self, part="data"):
        """{(panel's title, series): [(x, y, low, high)]}"""
        out = {}
        for line in read_csv(self.path(".csv")):
            if line["part"] == part:
                out.setdefault((line["panel_title"] or line["panel"], line["series_label"]), []).append(
                    tuple(float(line[k] or "nan") for k in ("x", "y", "low", "high")))
        return out

    def rows(self):
        """Lines of the printed tables, cell by cell: two blanks part them."""
        return [re.split(r"\s{2,}", line.strip()) for line in self.text.split("\n") if line.startswith("  ")]


def to_float(text):
    return float(text) if text else math.nan


def leave_out_unknown(check):
    check.leave_out(UNKNOWN, "what was drawn is in no file; tests/analysis/values.test has the same by PyTorch and scikit-learn")


def check_cell(check, what, text, *ours):
    """'0.5097 ± 0.0087', '1.053 [0.872, 1.234]' and the like against as many numbers."""
    said = re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]\d+)?", text)
    ours = [x for x in ours if x is not None and not math.isnan(x)]
    check.equal(f"{what}: numbers in {text!r}", len(said), len(ours))
    for s, o in zip(said, ours):
        check.shown(f"{what}: {text}", s, o)


def check_drawn(check, what, said, ours):
    check.equal(what + ", points", len(said or []), len(ours))
    for s, o in zip(said or [], ours):
        for k, x, y in zip(("x", "y", "low", "high"), s, o):
            check.same(f"{what}, {k}", x, y, WHOLE)
