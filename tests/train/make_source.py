#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes source.pth, as a training script would: the first block of CBR-Tiny and a classifier, in a
dictionary in a dictionary, from a network that was wrapped for several devices. Number i of all
that are floats, in the network's order, is (i % 1021) / 1024."""
import os

import torch

SHAPES = [
    ("block1.conv.weight", (32, 3, 5, 5)),
    ("block1.bn.weight", (32,)),
    ("block1.bn.bias", (32,)),
    ("block1.bn.running_mean", (32,)),
    ("block1.bn.running_var", (32,)),
    ("fc.weight", (5, 32)),
    ("fc.bias", (5,)),
]


def main():
    tensors, done = {}, 0
    for name, shape in SHAPES:
        count = torch.Size(shape).numel()
        numbers = torch.arange(done, done + count) % 1021
        tensors["module." + name] = (numbers / 1024).float().reshape(shape)
        done += count
    tensors["module.block1.bn.num_batches_tracked"] = torch.tensor(400)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "source.pth")
    torch.save({"epoch": 3, "state_dict": tensors}, path)


if __name__ == "__main__":
    main()
