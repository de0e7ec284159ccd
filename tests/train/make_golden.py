#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes golden.fixture: ten steps of CBR-Tiny in PyTorch, with Adam and with SGD.

Inputs and first weights come from formula.py, so that the fixture holds results only: losses, and
of each gradient of the first step its extent and 64 of its elements.
"""
import os
import sys
from collections import OrderedDict

import numpy as np
import torch
from torch import nn

folder = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(folder, "..", "support"))
from formula import Fixture, formula, formula_bits  # noqa: E402

BATCH, SIDE, CHANNELS, CLASSES, STEPS = 16, 32, 3, 5, 10
WIDTHS = (32, 64, 128, 256)
SAMPLES = 64


def cbr_tiny():
    parts, channels = [], CHANNELS
    for i, width in enumerate(WIDTHS):
        parts.append((f"block{i + 1}", nn.Sequential(OrderedDict(
            conv=nn.Conv2d(channels, width, 5, padding=2, bias=False),
            bn=nn.BatchNorm2d(width), relu=nn.ReLU(),
            pool=nn.MaxPool2d(3, stride=2, padding=1)))))
        channels = width
    parts += [("avgpool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()),
              ("fc", nn.Linear(channels, CLASSES))]
    return nn.Sequential(OrderedDict(parts))


def start(name, shape):
    """First value of a parameter."""
    u = 2 * formula(name, *shape) - 1
    if name.endswith("bn.weight"):
        return 1 + 0.1 * u
    if len(shape) == 1:
        return 0.1 * u
    return u * np.sqrt(6 / np.prod(shape[1:]))


def make(dtype):
    net = cbr_tiny().to(dtype)
    with torch.no_grad():
        for name, p in net.named_parameters():
            p.copy_(torch.tensor(start(name, tuple(p.shape)).astype(np.float32)))
    return net


def batch(dtype):
    x = (2 * formula("golden.image", BATCH, SIDE, SIDE, CHANNELS) - 1).astype(np.float32)
    y = np.floor(CLASSES * formula("golden.label", BATCH)).astype(np.int64)
    return torch.tensor(x).permute(0, 3, 1, 2).to(dtype), torch.tensor(y)


def optimizer(name, net):
    """Rates at which ten steps do not blow rounding up: a test of formulas, not of chaos."""
    if name == "adam":
        return torch.optim.Adam(net.parameters(), lr=3e-5)
    return torch.optim.SGD(net.parameters(), lr=2e-3, momentum=0.9)


def add_tensor(fixture, name, value, stream):
    v = value.detach().double().numpy().ravel()
    at = formula_bits(stream + ".at", SAMPLES) % np.uint64(len(v))
    fixture.add(name, [np.abs(v).max(), v.sum(), (v * v).sum(), *v[at.astype(int)]], digits=9)


def train(rule, dtype, fixture=None):
    net = make(dtype).train()
    x, y = batch(dtype)
    step, losses = optimizer(rule, net), []
    for t in range(STEPS):
        step.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        losses.append(loss.item())
        if fixture and t == 0:
            for name, p in net.named_parameters():
                add_tensor(fixture, "gradient." + name, p.grad, name)
            for name, p in net.named_buffers():
                if not name.endswith("num_batches_tracked"):
                    add_tensor(fixture, "running." + name, p, name)
        step.step()
    return np.array(losses)


def main():
    fixture = Fixture(os.path.join(folder, "golden.fixture"), "make_golden.py")
    for rule in ("adam", "sgd"):
        losses = train(rule, torch.float32, fixture if rule == "adam" else None)
        rounding = np.abs(losses / train(rule, torch.float64) - 1).max()
        print(rule, losses, "float32 against float64:", rounding)
        assert rounding < 1e-5
        fixture.add(f"loss.{rule}", losses, digits=9)


main()
