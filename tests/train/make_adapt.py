#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes vgg.pth, stem.pth and biased.pth, small networks as torchvision would save them, and
adapt.npz: what PyTorch makes of images with them, and the first convolution's weights for other
numbers of channels by NumPy in double. Images are N,H,W,C there.

Run by hand with Debian's python3-torch.
"""
import os
from collections import OrderedDict

import numpy
import torch
from torch import nn

MEAN, DEVIATION = numpy.array([0.485, 0.456, 0.406]), numpy.array([0.229, 0.224, 0.225])
MINE = 0.4, 0.2  # how the gray images are normalised


class Vgg(nn.Module):
    """As torchvision's: features, flatten, classifier; the last layer is the host's `fc`."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                      nn.Conv2d(4, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Linear(6 * 2 * 3, 7), nn.ReLU())
        self.fc = nn.Linear(7, 3)

    def forward(self, x):
        return self.fc(self.classifier(torch.flatten(self.features(x), 1)))


def stem(biased):
    layers = [("conv1", nn.Conv2d(3, 4, 3, bias=biased))]
    if not biased:
        layers.append(("bn1", nn.BatchNorm2d(4)))
    layers += [("relu", nn.ReLU()), ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()),
               ("fc", nn.Linear(4, 3))]
    net = nn.Sequential(OrderedDict(layers)).eval()
    for name, t in net.state_dict().items():
        if t.dtype.is_floating_point:
            t.copy_(torch.rand(t.shape) + 0.5 if "running_var" in name else torch.randn(t.shape) / 2)
    return net


def channels(w, how, n):
    """K,S,R,C to K,n,R,C."""
    s = w.shape[1]
    if how == "sum":
        out = numpy.repeat(w.sum(1, keepdims=True) / n, n, 1)
    elif how == "mean":
        out = numpy.repeat(w.mean(1, keepdims=True), n, 1)
    elif how == "first":
        out = numpy.zeros((w.shape[0], n) + w.shape[2:])
        out[:, :min(n, s)] = w[:, :n]
    else:
        out = numpy.tile(w, (1, -(-n // s), 1, 1))[:, :n] * s / n
    return out.astype("<f4")


def main():
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    torch.manual_seed(3)
    out = {}
    net = Vgg().eval()
    torch.save(net.state_dict(), "vgg.pth")
    x = torch.randn(2, 3, 8, 12)
    out["images"] = x.permute(0, 2, 3, 1)
    out["logits"] = net.double()(x.double())
    gray = torch.rand(2, 1, 6, 5)
    out["gray"] = ((gray - MINE[0]) / MINE[1]).permute(0, 2, 3, 1)
    three = gray.double().repeat(1, 3, 1, 1)
    mean, deviation = (torch.tensor(v).reshape(1, 3, 1, 1) for v in (MEAN, DEVIATION))
    for name in "stem", "biased":
        net = stem(name == "biased")
        torch.save(net.state_dict(), name + ".pth")
        w = net.conv1.weight.detach().double().numpy()
        for how in "sum", "mean", "first", "repeat":
            for n in 1, 2, 4, 5:
                out[f"{name}.{how}.{n}"] = channels(w, how, n)
        # what three equal channels give, and what the source's own normalisation gives
        out[name + ".sum"] = net.double()((three - MINE[0]) / MINE[1])
        out[name + ".fold"] = net((three - mean) / deviation)
    numpy.savez("adapt.npz", **{k: v.detach().numpy() if torch.is_tensor(v) else v
                                for k, v in out.items()})


if __name__ == "__main__":
    main()
