#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints schedules.h: learning rates of PyTorch's schedulers, for a rate of 1."""
import torch
from torch.optim import lr_scheduler


def rates(steps, make):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler, out = make(optimizer), []
    for _ in range(steps):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return out


def show(name, values):
    print(f"static const double {name}[] = {{")
    print("".join(f"    {v!r},\n" for v in values) + "};")


def warmup(o):
    return lr_scheduler.LambdaLR(o, lambda i: min(1, (i + 1) / 4))


print("/* SPDX-License-Identifier: MIT\n *\n * Written by make_schedules.py. */")
show("schedule_warmup", rates(6, warmup))
show("schedule_step", rates(10, lambda o: lr_scheduler.MultiStepLR(o, [3, 7], gamma=0.1)))
show("schedule_cosine", rates(9, lambda o: lr_scheduler.CosineAnnealingLR(o, 9, eta_min=0.25)))
show("schedule_warm_cosine", rates(12, lambda o: lr_scheduler.SequentialLR(
    o, [warmup(o), lr_scheduler.CosineAnnealingLR(o, 8)], [4])))
