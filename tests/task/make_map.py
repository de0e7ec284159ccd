#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes map.fixture: PyTorch's losses of maps, a label in each position, in float64 of numbers in
float32; and the gradients of a small network that ends in a map."""
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from formula import Fixture, formula  # noqa: E402

N, H, W, K = 2, 5, 4, 3
CHANNELS, HIDDEN = 2, 4


def numbers(name, *shape):
    return torch.tensor((4 * formula(name, *shape) - 2).astype(np.float32), dtype=torch.float64)


def classes():
    """One class a position; every seventh is unknown."""
    y = np.floor(K * formula("map.class", N * H * W)).astype(np.int64)
    y[::7] = -100
    return torch.tensor(y.reshape(N, H, W))


def add(fixture, name, z, each, mean):
    """`each` and `z` are N,H,W and N,H,W,K: the order of rows."""
    mean.backward()
    fixture.add(f"{name}.rows", each.detach().numpy())
    fixture.add(f"{name}.mean", mean.detach().numpy())
    fixture.add(f"{name}.grad", z.grad.numpy())


def add_softmax(fixture):
    z = numbers("map.logits", N, H, W, K).requires_grad_()
    y = classes()
    each = F.cross_entropy(z.permute(0, 3, 1, 2), y, reduction="none")
    mean = F.cross_entropy(z.permute(0, 3, 1, 2), y)
    each = torch.where(y >= 0, each, torch.full_like(each, float("nan")))
    add(fixture, "softmax", z, each, mean)
    fixture.add("softmax.scores", F.softmax(z, dim=3).detach().numpy())


def add_sigmoid(fixture):
    z = numbers("map.logits", N, H, W, K).requires_grad_()
    y = torch.tensor((formula("map.label", N, H, W, K) < 0.4).astype(np.float64))
    each = F.binary_cross_entropy_with_logits(z, y, reduction="none").mean(dim=3)
    add(fixture, "sigmoid", z, each, F.binary_cross_entropy_with_logits(z, y))


def add_network(fixture):
    """A convolution, relu, and a convolution 1x1 as the head."""
    x = numbers("net.image", N, H, W, CHANNELS)
    shapes = {
        "conv.weight": (HIDDEN, CHANNELS, 3, 3),
        "conv.bias": (HIDDEN,),
        "mask.weight": (K, HIDDEN, 1, 1),
        "mask.bias": (K,),
    }
    p = {name: numbers(f"net.{name}", *shape).requires_grad_() for name, shape in shapes.items()}
    z = F.relu(F.conv2d(x.permute(0, 3, 1, 2), p["conv.weight"], p["conv.bias"], padding=1))
    z = F.conv2d(z, p["mask.weight"], p["mask.bias"])
    loss = F.cross_entropy(z, classes())
    loss.backward()
    fixture.add("net.loss", loss.detach().numpy())
    fixture.add("net.logits", z.permute(0, 2, 3, 1).detach().numpy())
    for name, value in p.items():
        fixture.add(f"net.grad.{name}", value.grad.numpy())


def main():
    folder = os.path.dirname(os.path.abspath(__file__))
    fixture = Fixture(os.path.join(folder, "map.fixture"), "make_map.py")
    add_softmax(fixture)
    add_sigmoid(fixture)
    add_network(fixture)


main()
