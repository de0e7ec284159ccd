#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes optim.fixture: weights after steps 1, 2 and 10 of torch.optim, on given gradients."""
import os
import sys

import numpy as np
import torch

folder = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(folder, "..", "..", "support"))
from formula import Fixture, formula  # noqa: E402

N, STEPS = 24, 10

CASES = {
    "sgd": (torch.optim.SGD, dict(lr=0.05)),
    "sgd_momentum": (torch.optim.SGD, dict(lr=0.05, momentum=0.9)),
    "sgd_nesterov": (torch.optim.SGD, dict(lr=0.05, momentum=0.9, nesterov=True)),
    "sgd_decay": (torch.optim.SGD, dict(lr=0.05, momentum=0.9, weight_decay=0.1)),
    "adam": (torch.optim.Adam, dict(lr=0.01)),
    "adam_options": (torch.optim.Adam, dict(lr=0.01, betas=(0.8, 0.95), eps=1e-2)),
    "adam_decay": (torch.optim.Adam, dict(lr=0.01, weight_decay=0.1)),
    "adamw": (torch.optim.AdamW, dict(lr=0.01, weight_decay=0.1)),
}


def run(fixture, name, rule, options):
    w = torch.nn.Parameter(torch.tensor((2 * formula("optim.w", N) - 1).astype(np.float32)))
    optimizer = rule([w], **options)
    for t in range(1, STEPS + 1):
        g = 2 * formula(f"optim.g.{t}", N) - 1
        g[N // 2:] *= 1e-3  # so small that eps counts
        w.grad = torch.tensor(g.astype(np.float32))
        optimizer.step()
        if t in (1, 2, STEPS):
            fixture.add(f"{name}.{t}", w.detach().numpy(), digits=9)


def main():
    fixture = Fixture(os.path.join(folder, "optim.fixture"), "make_optim.py")
    for name, (rule, options) in CASES.items():
        run(fixture, name, rule, options)


main()
