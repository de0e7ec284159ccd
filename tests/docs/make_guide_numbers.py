#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes guide_numbers.h: layer normalisation and its gradients by PyTorch, in double, and three steps of
Lion by tensor operations of PyTorch in the order of the paper's algorithm 2, in float32."""
import os

import torch

torch.manual_seed(1)
out = ["/* SPDX-License-Identifier: MIT", " *", " * Made by make_guide_numbers.py. */"]


def write(name, t):
    ctype = "double" if t.dtype == torch.float64 else "float"
    numbers = ", ".join(repr(float(v)) for v in t.detach().flatten())
    out.append(f"static const {ctype} {name}[] = {{{numbers}}};")


x = torch.randn(2, 3, 5, dtype=torch.float64, requires_grad=True)
weight = torch.randn(5, dtype=torch.float64, requires_grad=True)
bias = torch.randn(5, dtype=torch.float64, requires_grad=True)
grad = torch.randn(2, 3, 5, dtype=torch.float64)
y = torch.nn.functional.layer_norm(x, (5,), weight, bias, eps=1e-6)
y.backward(grad)
for name, t in dict(x=x, weight=weight, bias=bias, grad=grad, y=y, by_x=x.grad, by_weight=weight.grad,
                    by_bias=bias.grad).items():
    write("norm_" + name, t)

lr, beta1, beta2, decay = 0.01, 0.9, 0.99, 0.1
w, m = torch.randn(6), torch.zeros(6)
write("lion_before", w)
gradients = torch.randn(3, 6)
gradients[1, 2] = 0
write("lion_gradient", gradients)
for g in gradients:
    c = m.lerp(g, 1 - beta1)
    w = w - lr * (torch.sign(c) + decay * w)
    m = m.lerp(g, 1 - beta2)
write("lion_after", w)
write("lion_mean", m)

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "guide_numbers.h")
with open(path, "w") as f:
    f.write("/* clang-format off */\n".join(["\n".join(out[:3]) + "\n", "\n".join(out[3:]) + "\n"]))
