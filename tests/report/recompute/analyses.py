# SPDX-License-Identifier: MIT
"""The analyses of a report: what their texts, data files and captions say, by the number of each run, pair and draw that
they left, and these by metrics, checkpoints and activations of the runs."""
import json

import yaml

from analysis import Analysis
from lines import check_lines, check_probe, check_similarity, check_subsets
from pairs import check_agreement, check_interpolate
from scored import check_reinit
from weights import check_filters, check_movement

KINDS = {"compare": (check_lines, check_similarity), "dynamics": (check_lines,), "probe": (check_lines, check_probe),
         "subsets": (check_subsets,), "movement": (check_movement,), "reinit": (check_reinit,),
         "interpolate": (check_interpolate,), "agreement": (check_agreement,), "filters": (check_filters,)}
ELSEWHERE = {"histograms": "tests/study", "gradcam": "tests/analysis/explain.test", "saliency": "tests/analysis/explain.test"}


def check_report(check, report, a, figure_alone, has_names):
    """The report has these very files and texts."""
    copy = report / "figures" / a.name / (a.stem + ".csv")
    check.equal("its data in the report", copy.exists() and copy.read_text(), a.path(".csv").read_text())
    blocks = json.loads((report / "report.json").read_text())["blocks"]
    caption = next((b["caption"] for b in blocks if b["kind"] == "figure" and b["name"] == a.name), "")
    if has_names:
        check.leave_out("texts and captions of analyses in the words of `names`", "tests/report/names.test has them")
        return
    check.equal("its caption in the report", a.caption.strip() in caption, True)
    if not figure_alone:
        check.equal("its text in the report", any(a.text.strip() == b["text"].strip() for b in blocks
                                                  if b["kind"] == "printed"), True)


def check_analyses(check, report, name, figure_alone, has_names, folder, store):
    """Those of an item of the report: several, where it is done for each value of an axis."""
    items = yaml.safe_load(open(folder / "study.yaml"))["analyses"] if folder else []
    mine = [i for i in items if i["name"] == name] or [i for i in items if i["name"].endswith("-" + name)]
    if not mine:
        check.leave_out(f"analysis {name}", "its folder was not given, or it was not done")
    for item in mine:
        kind = next(k for k in item if k != "name")
        if kind not in KINDS:
            check.leave_out(f"analyses {kind}", "pictures: " + ELSEWHERE.get(kind, "not known here"))
            continue
        check.begin(f"analysis {item['name']}")
        a = Analysis(item["name"], kind, item[kind], folder, store)
        check_report(check, report, a, figure_alone, has_names)
        for look in KINDS[kind]:
            look(check, a)
