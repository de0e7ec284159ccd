#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes transforms.fixture: what torchvision and PIL make of small images; boxes and points by
numpy. Run by hand; needs python3-torchvision, numpy and PIL."""
import math
import os
import sys

import numpy as np
import torch
import torchvision.transforms as T
import torchvision.transforms.functional as F
from PIL import Image

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "support"))
from formula import Fixture, formula  # noqa: E402

fixture = Fixture(os.path.join(here, "transforms.fixture"), "make_transforms.py")

# the example of moves.c: pixel i is i + 1, in H,W,C
H, W, C = 5, 6, 2
image = torch.arange(1, H * W * C + 1, dtype=torch.float32).reshape(H, W, C).permute(2, 0, 1)
mask = (torch.arange(H * W) % 7).reshape(1, H, W).to(torch.uint8)
boxes = np.array([[0, 0, 5, 6, 0], [1, 2, 3, 3.5, 1], [4, 5, 5, 6, 2], [0, 1.25, 0.5, 4, 3]])
points = np.array([[0, 0, 0], [2.5, 3.25, 1], [4.75, 5.5, 2], [5, 6, 3], [1, 4, 4]])


def add(name, image, mask, boxes, points):
    fixture.add(name + "_image", image.permute(1, 2, 0).numpy())
    fixture.add(name + "_mask", mask[0].numpy())
    fixture.add(name + "_boxes", boxes if len(boxes) else [-1])
    fixture.add(name + "_points", points if len(points) else [-1])


def cut(boxes, points, top, left, h, w):
    b, p = boxes.copy(), points.copy()
    b[:, [0, 2]] = np.clip(b[:, [0, 2]] - top, 0, h)
    b[:, [1, 3]] = np.clip(b[:, [1, 3]] - left, 0, w)
    p[:, 0] -= top
    p[:, 1] -= left
    inside = (p[:, 0] >= 0) & (p[:, 0] <= h) & (p[:, 1] >= 0) & (p[:, 1] <= w)
    return b[(b[:, 2] > b[:, 0]) & (b[:, 3] > b[:, 1])], p[inside]


# every crop of h x w with PAD pixels around
PAD, h, w = 2, 4, 3
for top in range(H + 2 * PAD - h + 1):
    for left in range(W + 2 * PAD - w + 1):
        add(f"crop_{top}_{left}",
            F.crop(F.pad(image, PAD), top, left, h, w),
            F.crop(F.pad(mask, PAD, fill=255), top, left, h, w),
            *cut(boxes, points, top - PAD, left - PAD, h, w))

for rows in (0, 1):
    for columns in (0, 1):
        i, m, b, p = image, mask, boxes.copy(), points.copy()
        if rows:
            i, m = F.vflip(i), F.vflip(m)
            b[:, [0, 2]] = H - b[:, [2, 0]]
            p[:, 0] = H - p[:, 0]
        if columns:
            i, m = F.hflip(i), F.hflip(m)
            b[:, [1, 3]] = W - b[:, [3, 1]]
            p[:, 1] = W - p[:, 1]
        add(f"flip_{rows}_{columns}", i, m, b, p)

for h, w in ((3, 8), (10, 4), (2, 2)):
    b, p = boxes.copy(), points.copy()
    b[:, :4] *= np.array([h / H, w / W, h / H, w / W])
    p[:, :2] *= np.array([h / H, w / W])
    small = Image.fromarray(mask[0].numpy(), "L").resize((w, h), Image.NEAREST)
    add(f"resize_{h}_{w}", F.resize(image, [h, w], antialias=True),
        torch.from_numpy(np.asarray(small).copy())[None], b, p)

# what `short_side` makes of sizes
for height, width, side in ((375, 500, 256), (500, 333, 224), (7, 7, 3), (1, 50, 4), (101, 300, 33)):
    fixture.add(f"short_{height}_{width}_{side}",
                F.resize(torch.zeros(1, height, width), side).shape[1:])

x = torch.from_numpy(formula("normalise", 3, 4, 3).astype(np.float32)).permute(2, 0, 1)
for name, mean, deviation in (("own", [0.1, 0.2, 0.7], [0.5, 2, 0.01]),
                              ("torchvision", [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])):
    fixture.add("normalise_" + name, F.normalize(x, mean, deviation).permute(1, 2, 0).numpy(), 9)

# the pieces of RandomResizedCrop on an image of 50 x 40: share of the area, logarithm of the ratio,
# and the place among those possible; means and deviations
torch.manual_seed(1)
for low, high in ((0.08, 1.0), (0.3, 0.5)):
    pieces = np.array([T.RandomResizedCrop.get_params(torch.zeros(1, 50, 40), [low, high],
                                                      [3 / 4, 4 / 3]) for _ in range(200000)],
                      dtype=np.float64)
    top, left, h, w = pieces.T
    columns = (h * w / 2000, np.log(w / h), (top + 0.5) / (50 - h + 1), (left + 0.5) / (40 - w + 1))
    fixture.add(f"pieces_{math.floor(low * 100)}",
                [f(c) for c in columns for f in (np.mean, np.std)], 6)
