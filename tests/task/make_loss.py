#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes loss.fixture: PyTorch's losses and gradients, in float64, of logits in float32."""
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

folder = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(folder, "..", "support"))
from formula import Fixture, formula  # noqa: E402

ROWS, OUTPUTS = 6, 5


def logits():
    """Ordinary ones, and a row each that overflows a careless exp() up and down."""
    z = (12 * formula("loss.logits", ROWS, OUTPUTS) - 6).astype(np.float32)
    z[1] *= 40
    z[2] += 300
    return torch.tensor(z, dtype=torch.float64, requires_grad=True)


def add(fixture, name, z, rows, mean, scores):
    mean.backward()
    fixture.add(f"{name}.rows", rows.detach().numpy())
    fixture.add(f"{name}.mean", mean.detach().numpy())
    fixture.add(f"{name}.scores", scores.detach().numpy())
    fixture.add(f"{name}.grad", z.grad.numpy())


def mean_of_known(per_label, known):
    """Mean over the known labels of each row, then over the rows that have one."""
    count = known.sum(dim=1)
    rows = torch.where(known, per_label, torch.zeros_like(per_label)).sum(dim=1) / count
    return rows, rows[count > 0].mean()


def mean_of_all(per_label, known):
    """The rows' means as above; the mean over all known labels, as PyTorch has it of a mask."""
    count = known.sum(dim=1)
    rows = torch.where(known, per_label, torch.zeros_like(per_label)).sum(dim=1) / count
    return rows, per_label[known].mean()


def main():
    fixture = Fixture(os.path.join(folder, "loss.fixture"), "make_loss.py")

    # the last row's label is unknown
    z = logits()
    y = torch.tensor(np.floor(OUTPUTS * formula("loss.class", ROWS)), dtype=torch.long)
    y[ROWS - 1] = -100
    rows = F.cross_entropy(z, y, reduction="none")
    rows[ROWS - 1] = float("nan")
    add(fixture, "softmax", z, rows, F.cross_entropy(z, y), F.softmax(z, dim=1))

    # every label of row 0 is unknown, and one of row 3
    known = torch.ones(ROWS, OUTPUTS, dtype=torch.bool)
    known[0] = False
    known[3, 2] = False

    z = logits()
    y = torch.tensor((formula("loss.label", ROWS, OUTPUTS) < 0.4).astype(np.float64))
    each = F.binary_cross_entropy_with_logits(z, y, reduction="none")
    add(fixture, "sigmoid", z, *mean_of_known(each, known), torch.sigmoid(z))
    z = logits()
    each = F.binary_cross_entropy_with_logits(z, y, reduction="none")
    rows, mean = mean_of_all(each, known)
    mask = F.binary_cross_entropy_with_logits(z, y, weight=known.double(), reduction="sum")
    assert torch.isclose(mean, mask / known.sum(), rtol=1e-12)
    add(fixture, "sigmoid.all", z, rows, mean, torch.sigmoid(z))

    z = logits()
    y = torch.tensor((4 * formula("loss.target", ROWS, OUTPUTS)).astype(np.float32)).double()
    each = F.mse_loss(z, y, reduction="none")
    add(fixture, "squared", z, *mean_of_known(each, known), z)
    z = logits()
    add(fixture, "squared.all", z, *mean_of_all(F.mse_loss(z, y, reduction="none"), known), z)


main()
