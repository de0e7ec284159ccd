# SPDX-License-Identifier: MIT
"""Runs of a store by their own files, and which cases they are."""
import csv
import functools
import json
import math
import pathlib
import re
import struct

import numpy
import yaml

from costs import cost_of

LOWER = ("loss", "error", "steps_to_threshold")
TYPES = {"F32": "<f4", "F64": "<f8", "I64": "<i8"}


def lower_is_better(name):
    return name.startswith("cost/") or name.split("/")[1].split(".")[0] in LOWER


def listed(x):
    return x if isinstance(x, list) else [] if x is None else [x]


def read_csv(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def read_weights(path):
    """Of a file of safetensors: {name: array}"""
    with open(path, "rb") as f:
        head = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        body = f.read()
    return {name: numpy.frombuffer(body[slice(*t["data_offsets"])], TYPES[t["dtype"]]).reshape(t["shape"])
            for name, t in head.items() if name != "__metadata__"}


def is_trained(name):
    return "running_" not in name and "num_batches" not in name


class Run:
    def __init__(self, case, folder, number=0):
        self.case, self.folder, self.number = case, pathlib.Path(folder), number
        self.config = yaml.safe_load(open(self.folder / "config.yaml"))
        self.series = {}
        for line in read_csv(self.folder / "metrics.csv"):
            value = float(line["value"]) if line["value"] else math.nan
            self.series.setdefault(line["split"] + "/" + line["metric"], {})[int(line["step"])] = value

    def check_case(self, overlays):
        """What the configuration says of the case itself, and what the study file lays over it."""
        said = {"seed": self.config["seed"], "limit": self.config["data"]["train"].get("limit")}
        wrong = [f"{self.folder}: {axis} is {value}, not {self.case[axis]}" for axis, value in said.items()
                 if self.case.get(axis, "").isdigit() and int(self.case[axis]) != value]
        for axis, values in overlays.items():
            overlay = values.get(self.case.get(axis))
            for key, value in leaves(overlay):
                ours = at_key(self.config, key)
                if ours != value:
                    wrong.append(f"{self.folder}: {axis}={self.case[axis]} sets {key} to {value}, the run has {ours}")
        return wrong

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

    def missed(self, name):
        """Was it asked for steps to a threshold on this very data, which was never reached?"""
        split, _, metric = name.partition("/")
        by_test = not self.config["data"].get("valid") or self.config["train"].get("monitor") == "test"
        return metric == "steps_to_threshold" and split == ("test" if by_test else "valid") and \
            bool(self.config["train"]["threshold"]["metric"]) and self.steps_to_threshold(split) is None

    @functools.cached_property
    def cost(self):
        return cost_of(self.config, pathlib.Path("."))

    def parameters(self):
        """Trained numbers of the last checkpoint, which the layers come to as well."""
        path = self.folder / "checkpoints/final.safetensors"
        counted = None
        if path.read_bytes()[8:9] == b"{":
            counted = sum(t.size for name, t in read_weights(path).items() if is_trained(name))
        if counted and self.cost and counted != self.cost.parameters:
            raise ValueError(f"{self.folder}: {counted} numbers in its checkpoint, {self.cost.parameters} in its layers")
        return counted or (self.cost.parameters if self.cost else None)

    def cost_value(self, name):
        if name == "parameters":
            return self.parameters()
        if name == "multiply_adds":
            return self.cost.multiply_adds if self.cost else None
        if name == "seconds":
            return json.load(open(self.folder / "summary.json"))["seconds"]
        if name == "size":
            return (self.folder / "checkpoints/final.safetensors").stat().st_size / 1e6
        raise KeyError(name)

    def value(self, name, at="last"):
        split, _, metric = name.partition("/")
        if split == "cost":
            return self.cost_value(metric)
        if metric == "steps_to_threshold":
            return self.steps_to_threshold(split)
        series = self.series.get(name)
        if not series:
            return None
        value = series.get({"last": max(series), "best": self.best_step()}.get(at, at))
        return None if value is None or math.isnan(value) else value

    def predictions(self, column):
        """[(label, score)] of a class; None: there are none."""
        path = self.folder / "predictions.csv"
        if not path.exists():
            return None
        lines = read_csv(path)
        scores = [k for k in lines[0] if k.startswith("score.")]
        return [(int(int(line["label"]) == column), float(line[scores[column]])) for line in lines]


# ---- what a study file lays over a configuration

def leaves(overlay, before=""):
    """(key, value) of all that is said outright: no references, no lists of mappings, no other files."""
    if not isinstance(overlay, dict):
        return
    for key, value in overlay.items():
        name = before + str(key)
        if key in ("base", "include") or "${" in str(value):
            continue
        if isinstance(value, dict):
            yield from leaves(value, name + ".")
        elif name == "arch":
            yield "arch.plugin", value
        elif not isinstance(value, list):
            yield name, value


def at_key(config, key):
    for part in key.split("."):
        config = config.get(part) if isinstance(config, dict) else None
    return config


def overlays_of(study):
    """{axis: {value: what it lays over the base}}"""
    out = {}
    for axis, values in (study.get("cases") or {}).items():
        if isinstance(values, dict) and "key" in values:
            out[axis] = {str(v): {values["key"]: v} for v in listed(values["values"])}
        elif isinstance(values, dict):
            out[axis] = {str(v): overlay for v, overlay in values.items()}
        elif isinstance(values, list):
            out[axis] = {str(v): {axis: v} for v in values}
    return out


# ---- cases

def read_runs(store, report):
    """Of runs.csv: the cases of all lines, and the runs that are done. A label is
    "arch=cbr_tiny start=mean_var, drawn seed=0"."""
    lines = read_csv(report / "runs.csv")
    axes = re.findall(r"(?:^| )(\w+)=", lines[0]["label"])
    between = re.compile("(?:^| )(" + "|".join(axes) + ")=")
    cases, runs = [], []
    for line in lines:
        parts = between.split(line["label"])[1:]
        cases.append(dict(zip(parts[::2], parts[1::2])))
        if line["state"] == "done":
            runs.append(Run(cases[-1], store / line["run"], int(line["number"])))
    return cases, runs


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
