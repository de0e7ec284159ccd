#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""recompute STUDY.yaml STORE REPORT [ANALYSES]: the numbers of a report once more, from the runs' own files alone.

Means, deviations, intervals, tests and their corrections of tables, what is marked best, better or worse, published
numbers; the same as the page, Markdown, LaTeX and JSON show them; points, intervals, quartiles and fronts of figures;
the numbers of analyses in the folder ANALYSES: by numpy and scipy. Best steps and steps to the threshold are found again
in metrics.csv, parameters counted in checkpoints and layer by layer, multiplications layer by layer. Of the report it
believes which case each run is (runs.csv), and that only as far as config.yaml does not say otherwise. STUDY.yaml is a
file without includes: what `config show` prints.

A line for each number that is another, how many were compared of each kind, and what was not, with the reason; the last
line says how many were compared. Needs python3-yaml, python3-numpy, python3-scipy.
"""
import pathlib
import sys

import yaml

from analyses import check_analyses
from check import Checker
from figures import check_figure
from runs import overlays_of, read_runs
from tables import check_run_table, check_runs, check_table


def check_item(check, study, report, item, has_names, cases, runs, analyses, store):
    if "table" in item:
        check_table(check, report, item["table"], cases, runs, study.parent)
    elif isinstance(item.get("figure"), dict):
        check_figure(check, report, item["figure"], cases, runs)
    elif "runs" in item:
        check_run_table(check, report, item["runs"] or {}, cases, runs)
    elif "figure" in item or "analysis" in item:
        check_analyses(check, report, item.get("figure") or item["analysis"], "figure" in item, has_names, analyses, store)


def main(study, store, report, analyses=None):
    document = yaml.safe_load(open(study))
    cases, runs = read_runs(store, report)
    check = Checker()
    check.begin("cases")
    for r in runs:
        for wrong in r.check_case(overlays_of(document)):
            check.fail(wrong, "another", "this")
    has_names = any("names" in item for item in document["report"])
    for item in document["report"]:
        check_item(check, study, report, item, has_names, cases, runs, analyses, store)
    check_runs(check, report, runs)
    for line in check.wrong:
        print(line)
    for kind, count in check.compared.items():
        print(f"{count:6} {kind}")
    for what, why in check.left_out.items():
        print(f"not recomputed: {what}: {why}")
    print(f"{check.total()} numbers compared, {len(check.wrong)} differ")
    return 1 if check.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(pathlib.Path, sys.argv[1:])))
