#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes values.csv and subsets.csv: what the studies of values.test come to, by PyTorch, numpy and
scikit-learn.

    python3 make_values.py       beside this file

Two small networks with the numbers of make_parity.py take three steps of gradient descent, all images in
one batch, in float64. How far PyTorch's float32 is from that is printed. The images are those of
make_explain.py and of make_network: the first 20 to train on, the next 15 to look at, and 15 others.
"""
import csv
import itertools
import os
import sys

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "plugins", "arch"))
from make_parity import CASES, CLASSES, cbr, make  # noqa: E402
from formula import formula  # noqa: E402

SIDE, TRAIN, TEST, STEPS, RATE = 32, 20, 15, 3, 0.2
WIDTHS = (4, 8, 16, 32)
CASES["values_tiny"] = (lambda: cbr(WIDTHS, 5), 3, SIDE)
CASES["values_small"] = (lambda: cbr(WIDTHS, 7), 3, SIDE)
STAGES = [f"block{i + 1}" for i in range(len(WIDTHS))]


def images(dtype):
    """Pairs of images and labels: to train on, to look at, others."""
    count = TRAIN + 2 * TEST
    x = np.floor(256 * formula("explain.image", count, SIDE, SIDE, 3)) / 255
    x = torch.tensor(x.astype(np.float32)).permute(0, 3, 1, 2).to(dtype)
    y = torch.arange(count) % CLASSES
    return [(x[a:b], y[a:b]) for a, b in ((0, TRAIN), (TRAIN, TRAIN + TEST), (TRAIN + TEST, count))]


def train(case, dtype):
    """The parameters before, and after each step."""
    x, y = images(dtype)[0]
    net = make(case).to(dtype)
    states = [{k: v.clone() for k, v in net.state_dict().items()}]
    rule = torch.optim.SGD(net.parameters(), lr=RATE)
    for _ in range(STEPS):
        rule.zero_grad()
        F.cross_entropy(net.train()(x), y).backward()
        rule.step()
        states.append({k: v.clone() for k, v in net.state_dict().items()})
    return states


def activations(case, state, x):
    """Of each stage: images x height x width x channels."""
    net = make(case).to(x.dtype)
    net.load_state_dict(state)
    out = {}
    with torch.no_grad():
        net.eval()
        for name in STAGES:
            x = net.get_submodule(name)(x)
            out[name] = x.permute(0, 2, 3, 1).numpy().astype(np.float64)
    return out


def positions(a):
    return a.reshape(-1, a.shape[-1])


# ---- metrics, by their definitions

def cka(a, b):
    a, b = a - a.mean(0), b - b.mean(0)
    return np.linalg.norm(a.T @ b)**2 / (np.linalg.norm(a.T @ a) * np.linalg.norm(b.T @ b))


def mean_cca(a, b):
    """Constant channels take no part; NaN when there is no other."""
    a, b = (x[:, x.std(0) > 0] for x in (a, b))
    qa, qb = (np.linalg.qr(x - x.mean(0))[0] for x in (a, b))
    return np.linalg.svd(qa.T @ qb, compute_uv=False).mean() if qa.size and qb.size else np.nan


def movement(a, b, names):
    a, b = (np.concatenate([s[n].numpy().astype(np.float64).ravel() for n in names]) for s in (a, b))
    return np.linalg.norm(b - a) / np.linalg.norm(a)


def knn_probe(fit, y_fit, test, y_test, temperature=0.1):
    """All rows vote, as there are fewer than 200."""
    fit, test = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (fit, test))
    w = np.exp(test @ fit.T / temperature)
    share = np.stack([w[:, y_fit == c].sum(1) for c in range(CLASSES)], 1) / w.sum(1)[:, None]
    area = np.mean([roc_auc_score(y_test == c, share[:, c]) for c in range(CLASSES)])
    return {"knn_probe": (share.argmax(1) == y_test).mean(), "knn_probe.auc": area}


def linear_probe(fit, y_fit, test, y_test):
    mean, sd = fit.mean(0), np.where(fit.std(0) > 0, fit.std(0), np.inf)  # constant ones become 0
    fit, test = ((x - mean) / sd for x in (fit, test))
    model = LogisticRegression(C=1, solver="newton-cg", multi_class="multinomial", tol=1e-8,
                               max_iter=100000).fit(fit, y_fit)
    p = model.predict_proba(test)
    return {"linear_probe": (p.argmax(1) == y_test).mean(), "linear_probe.loss": log_loss(y_test, p)}


# ---- studies

def studies(dtype):
    """(study, line, node, key): value"""
    out = {}
    (x_fit, y_fit), (x_test, y_test), (x_other, _) = images(dtype)
    states = {c: train("values_" + c, dtype) for c in ("tiny", "small")}
    seen = {c: [activations("values_" + c, s, x_test) for s in states[c]] for c in states}
    for case, s in states.items():
        trained = [n for n in s[0] if n.rpartition(".")[2] in ("weight", "bias")]
        for stage in STAGES + ["fc"]:
            names = [n for n in trained if n.startswith(stage + ".")]
            out["movement", case, stage, "mean"] = movement(s[0], s[STEPS], names)
        out["movement", case, "", "parameters"] = sum(s[0][n].numel() for n in trained)
    for step, now in enumerate(seen["tiny"]):
        for stage in STAGES:
            end, other = seen["tiny"][STEPS][stage], seen["small"][step][stage]
            out["dynamics", f"{step}", stage, "cka"] = cka(positions(now[stage]), positions(end))
            out["dynamics of two", f"{step}", stage, "cka"] = cka(positions(now[stage]),
                                                                  positions(other))
    others = [activations("values_" + c, states[c][STEPS], x_other) for c in ("tiny", "small")]
    for stage in STAGES:
        out["dynamics on others", f"{STEPS}", stage, "cka"] = cka(*(positions(a[stage])
                                                                   for a in others))
    fit = activations("values_tiny", states["tiny"][STEPS], x_fit)
    for probe in (knn_probe, linear_probe):
        for stage in STAGES:
            rows = [a[stage].mean((1, 2)) for a in (fit, seen["tiny"][STEPS])]
            got = probe(rows[0], y_fit.numpy(), rows[1], y_test.numpy())
            for key, value in got.items():
                out[probe.__name__, "tiny", stage, key] = value
    return out, seen


def subsets(seen):
    """Of every two channels of the first two stages: similarity before and after training."""
    for stage in STAGES[:2]:
        for some in itertools.combinations(range(seen["tiny"][0][stage].shape[-1]), 2):
            pairs = [[positions(seen[c][step][stage])[:, some] for c in ("tiny", "small")]
                     for step in (0, STEPS)]
            yield (stage, " ".join(map(str, some)), *(mean_cca(*p) for p in pairs))


def write(name, head, rows):
    with open(os.path.join(HERE, name), "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(head)
        w.writerows([[f"{v:.12g}" if isinstance(v, float) else v for v in r] for r in rows])


def main():
    exact, seen = studies(torch.float64)
    single, seen_single = studies(torch.float32)
    off = {}
    for key, v in exact.items():
        off[key[0]] = max(off.get(key[0], 0), abs(v - single[key]))
    rows = list(subsets(seen))
    off["subsets"] = max(abs(a - b) for r, s in zip(rows, subsets(seen_single))
                         for a, b in zip(r[2:], s[2:]))
    print("PyTorch's float32 is off by", {k: f"{v:.1e}" for k, v in off.items()})
    write("values.csv", ("study", "line", "node", "key", "value"),
          [(*k, float(v)) for k, v in exact.items()])
    write("subsets.csv", ("node", "channels", "before", "after"), rows)


if __name__ == "__main__":
    main()
