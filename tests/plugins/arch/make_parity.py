#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What PyTorch and torchvision compute with the shipped architectures.

    python3 make_parity.py [CASE...]     writes CASE.fixture beside this file, for all or some
    python3 make_parity.py FOLDER CASE.. writes for each case (or all of them) FOLDER/CASE.pth, the
                                         weights as PyTorch saves them, and FOLDER/CASE.npz with all
                                         numbers: `parity FOLDER` compares every one of them

Weights and images come from formula.py, so that a fixture holds results only: logits in inference
and in training, and of each gradient and running statistic after one training step its root mean
square and eight sums over all its elements with random signs. The differences of such sums have the
mean square of the differences of the elements, so that eight tell how far a whole tensor is off
(Johnson and Lindenstrauss 1984; Achlioptas 2003). Everything is computed in float64; how far PyTorch's
float32 is from that, relative to each tensor's root mean square, is in the fixture, of each tensor and
of the farthest gradient.

Normalised values lie around 1 or -1 with a deviation of a half, which keeps rounding small in
logits. Gradients of deep networks are another matter: where a ReLU's input is zero, or two pixels
under a max pool are equal, up to rounding, float32 takes another branch than float64, and the
gradient differs by percents: hence PyTorch's own float32 as a measure. The small cases are compared
in float64.
"""
import os
import sys
from collections import OrderedDict

import numpy as np
import torch
import torchvision
from torch import nn
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))
from formula import Fixture, formula, formula_bits  # noqa: E402

BATCH, CLASSES, SUMS = 2, 5, 8
torch.backends.mkldnn.enabled = False  # that of Debian 12 crashes on a 1x1 of stride 4


# ---- networks

def cbr(widths, kernel, last_pool=True, padding="same"):
    parts, channels = [], 3
    conv_pad, pool_pad = (kernel // 2, 1) if padding == "same" else (0, 0)
    for i, width in enumerate(widths):
        block = OrderedDict(conv=nn.Conv2d(channels, width, kernel, padding=conv_pad, bias=False),
                            bn=nn.BatchNorm2d(width), relu=nn.ReLU())
        if i + 1 < len(widths) or last_pool:
            block["pool"] = nn.MaxPool2d(3, stride=2, padding=pool_pad)
        parts.append((f"block{i + 1}", nn.Sequential(block)))
        channels = width
    parts += [("avgpool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()),
              ("fc", nn.Linear(channels, CLASSES))]
    return nn.Sequential(OrderedDict(parts))


class TBUnit(nn.Sequential):
    def __init__(self, c, k, kernel, stride):
        super().__init__(OrderedDict(
            conv=nn.Conv2d(c, k, kernel, stride=stride, padding=kernel // 2),
            bn=nn.BatchNorm2d(k, eps=1e-3), relu=nn.ReLU()))


class TBBlock(nn.Module):
    def __init__(self, c, k, stride, pool):
        super().__init__()
        self.conv1, self.conv2 = TBUnit(c, k, 3, stride), TBUnit(k, k, 3, stride)
        self.shortcut = TBUnit(c, k, 1, stride * stride)
        self.pool = pool

    def forward(self, x):
        y = (self.conv2(self.conv1(x)) + self.shortcut(x)) / 2
        return F.max_pool2d(y, 3, 2) if self.pool else y


class TBNet(nn.Module):
    def __init__(self):
        super().__init__()
        channels = 1
        for i, k in enumerate((16, 32, 48, 64, 80)):
            setattr(self, f"block{i + 1}", TBBlock(channels, k, 2 if i == 0 else 1, i < 4))
            channels = k
        self.fc = nn.Linear(channels, CLASSES)

    def forward(self, x):
        for i in range(5):
            x = getattr(self, f"block{i + 1}")(x)
        return self.fc(x.mean((2, 3)))


def published(net):
    """Running statistics stay, also in training."""
    for m in net.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.train = lambda mode=True, m=m: m
            m.training = False
    return net


def scaled(net, factor, bias=False):
    """The same network with all channels but the image's times `factor`."""
    for m in list(net.modules()):
        for name, child in list(m.named_children()):
            if isinstance(child, nn.Conv2d):
                image = child.in_channels in (1, 3)
                c = child.in_channels if image else int(child.in_channels * factor)
                setattr(m, name, nn.Conv2d(c, int(child.out_channels * factor), child.kernel_size,
                                           child.stride, child.padding, bias=bias))
            elif isinstance(child, nn.BatchNorm2d):
                setattr(m, name, nn.BatchNorm2d(int(child.num_features * factor), eps=child.eps))
            elif isinstance(child, nn.Linear):
                setattr(m, name, nn.Linear(int(child.in_features * factor), child.out_features))
    return net


def resnet(stride_at="conv2", factor=1, slim=None):
    net = torchvision.models.resnet50(num_classes=CLASSES)
    layers = [net.layer1, net.layer2, net.layer3, net.layer4]
    if stride_at == "conv1":
        for layer in layers[1:]:
            layer[0].conv1.stride, layer[0].conv2.stride = (2, 2), (1, 1)
    elif stride_at == "last_unit":
        for layer in layers[1:]:
            layer[0].conv2.stride = layer[0].downsample[0].stride = (1, 1)
        for layer in layers[:3]:
            layer[-1].conv2.stride = (2, 2)
            layer[-1].downsample = nn.MaxPool2d(1, 2)
    if slim:
        first, divide = slim
        inside = layers[first - 1][-1].conv3.out_channels if first else 0
        for layer in layers[first:]:
            scaled(layer, 1 / divide)
        for conv in (layers[first][0].conv1, layers[first][0].downsample[0]):
            conv.in_channels = inside
            conv.weight = nn.Parameter(torch.empty(conv.out_channels, inside, 1, 1))
        net.fc = nn.Linear(net.fc.in_features // divide, CLASSES)
    return scaled(net, factor) if factor != 1 else net


def inception(aux=False, transform_input=False, count_padding=True, factor=1):
    net = torchvision.models.inception_v3(num_classes=CLASSES, aux_logits=aux, init_weights=False,
                                          transform_input=transform_input)
    net.dropout.p = 0
    if factor != 1:
        scaled(net, factor)
    net.count_padding = count_padding
    return net


# name: (network, channels of the image, its side)
CASES = {
    "cbr_larget": (lambda: cbr((32, 64, 128, 256, 512), 7, last_pool=False), 3, 224),
    "cbr_largew": (lambda: cbr((64, 128, 256, 512), 7), 3, 224),
    "cbr_small": (lambda: cbr((32, 64, 128, 256), 7), 3, 224),
    "cbr_tiny": (lambda: cbr((32, 64, 128, 256), 5), 3, 224),
    "resnet50": (resnet, 3, 224),
    "inception_v3": (inception, 3, 299),
    "inception_v3_aux": (lambda: inception(aux=True), 3, 299),
    "tbnet": (TBNet, 1, 512),
    "tbnet_published": (lambda: published(TBNet()), 1, 512),
    # small: an eighth or a sixteenth of the channels
    "cbr_larget_small": (lambda: cbr((4, 8, 16, 32, 64), 7, last_pool=False), 3, 48),
    "cbr_largew_small": (lambda: cbr((8, 16, 32, 64), 7), 3, 48),
    "cbr_small_small": (lambda: cbr((4, 8, 16, 32), 7), 3, 48),
    "cbr_tiny_small": (lambda: cbr((4, 8, 16, 32), 5, padding="valid"), 3, 96),
    "resnet50_small": (lambda: resnet(factor=1 / 16), 3, 64),
    "resnet50_conv1": (lambda: resnet("conv1", 1 / 16), 3, 64),
    "resnet50_last_unit": (lambda: resnet("last_unit", 1 / 16), 3, 64),
    "resnet50_slim": (lambda: resnet(slim=(2, 2), factor=1 / 16), 3, 64),
    "tbnet_small": (lambda: scaled(TBNet(), 1 / 8, bias=True), 1, 160),
    "tbnet_published_small": (lambda: published(scaled(TBNet(), 1 / 8, bias=True)), 1, 160),
    "inception_v3_small": (lambda: inception(aux=True, factor=1 / 16), 3, 299),
    "inception_v3_options": (
        lambda: inception(transform_input=True, count_padding=False, factor=1 / 16), 3, 107),
}


# ---- numbers

def start(name, shape, role):
    """First value of a parameter or a running statistic."""
    u = 2 * formula(name, *shape) - 1
    if role == "variance":
        return 1 + 0.25 * u
    if role == "scale":
        return 0.5 + 0.05 * u
    if role == "shift":
        return np.where(u > -0.5, 1, -1) + 0.1 * u
    if role == "weight":
        return u * np.sqrt(6 / np.prod(shape[1:]))
    return 0.1 * u


def role_of(net, name):
    module, _, last = name.rpartition(".")
    if last == "running_var":
        return "variance"
    normalises = isinstance(net.get_submodule(module), nn.BatchNorm2d)
    if normalises and last in ("weight", "bias"):
        return "scale" if last == "weight" else "shift"
    return "weight" if last == "weight" else "bias"


def make(case):
    net = CASES[case][0]()
    with torch.no_grad():
        for name, t in net.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                t.copy_(torch.tensor(start(name, tuple(t.shape), role_of(net, name))
                                     .astype(np.float32)))
    return net


def batch(case):
    _, channels, side = CASES[case]
    x = (2 * formula("parity.image", BATCH, side, side, channels) - 1).astype(np.float32)
    y = np.floor(CLASSES * formula("parity.label", BATCH)).astype(np.int64)
    return torch.tensor(x).permute(0, 3, 1, 2), torch.tensor(y)


def run(net, x, y):
    """name: array"""
    out = OrderedDict()
    average = F.avg_pool2d
    if not getattr(net, "count_padding", True):
        F.avg_pool2d = lambda *a, **k: average(*a, **k, count_include_pad=False)
    with torch.no_grad():
        out["logits.inference"] = net.eval()(x)
    result = net.train()(x)
    F.avg_pool2d = average
    logits, aux = (result if isinstance(result, tuple) else (result, None))
    loss = F.cross_entropy(logits, y)
    out["logits.training"] = logits
    if aux is not None:
        out["logits.auxiliary"] = aux
        loss = loss + 0.4 * F.cross_entropy(aux, y)
    loss.backward()
    for name, p in net.named_parameters():
        out["gradient." + name] = p.grad
    for name, t in net.named_buffers():
        if not name.endswith("num_batches_tracked"):
            out["running." + name] = t
    return OrderedDict((k, v.detach().numpy().copy()) for k, v in out.items())


def rms(v):
    return np.sqrt((v.astype(np.float64)**2).mean())


def farthest(far):
    """But for one that is far from all others: a gradient that nearly cancels out."""
    *_, second, first = sorted(far)
    return first if first < 3 * second else second


def compute(case):
    """The numbers, and of each tensor how far float32 is from them, relative to its RMS.

    Which branches rounding takes is chance, and other orders of sums are other chances: the farthest of
    four counts."""
    x, y = batch(case)
    truth = run(make(case).double(), x.double(), y)
    far, most = {}, max(rms(v) for k, v in truth.items() if k.startswith("gradient."))
    for threads, turned in ((1, False), (1, True), (2, False), (4, False)):
        torch.set_num_threads(threads)
        single = run(make(case), *((x.flip(0), y.flip(0)) if turned else (x, y)))
        for name, v in truth.items():
            back = single[name][::-1] if turned and name.startswith("logits.") else single[name]
            # small gradients are held to the same error: a bias before a normalisation has none at all
            least = 1e-2 * most if name.startswith("gradient.") else 0
            far[name] = max(far.get(name, 0), rms(back - v) / max(rms(v), least))
    off = {kind: farthest([v for k, v in far.items() if k.startswith(kind)])
           for kind in ("logits.", "gradient.", "running.")}
    print(f"{case}: PyTorch's float32 is off by", {k: f"{v:.1e}" for k, v in off.items()}, flush=True)
    return truth, far, off


def sums(name, v):
    """With signs that are a bit for each element and sum, divided by sqrt(elements)."""
    bits = formula_bits(name + ".signs", len(v))
    for k in range(SUMS):
        signs = 1 - 2 * (bits >> np.uint64(k) & np.uint64(1)).astype(np.float64)
        yield (signs * v).sum() / np.sqrt(len(v))


def write_fixture(case, numbers, far, off):
    fixture = Fixture(os.path.join(HERE, case + ".fixture"), "make_parity.py")
    fixture.add("float32.gradient", off["gradient."], digits=2)
    for name, value in numbers.items():
        v = value.ravel()
        if name.startswith("logits."):
            fixture.add(name, v, digits=10)
            continue
        own = float(f"{far[name]:.2g}")
        fixture.add(name, [own, rms(v), *sums(name.split(".", 1)[1], v)], digits=10)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 and os.path.isdir(sys.argv[1]) else None
    cases = sys.argv[2 if folder else 1:]
    for case in cases or CASES:
        numbers, far, off = compute(case)
        if folder:
            torch.save(make(case).state_dict(), os.path.join(folder, case + ".pth"))
            np.savez(os.path.join(folder, case + ".npz"), **numbers)
        else:
            write_fixture(case, numbers, far, off)


if __name__ == "__main__":
    main()
