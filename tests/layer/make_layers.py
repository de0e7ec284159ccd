#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes layers.fixture: what PyTorch computes, in float64, for small layers.

Run by hand with Debian's python3-torch:  python3 make_layers.py > layers.fixture

The file is a list of cases. A case is lines of text, and after each line that names a tensor its
elements as little-endian float64, in our layout (images N,H,W,C, weights K,C,R,S):

    case OP TRAINING LABEL
    attr NAME VALUE
    give NAME RANK DIM...        an input, a parameter, or the gradient by the output
    want NAME RANK DIM...        the output, running statistics afterwards, a gradient
    end
"""
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
out = sys.stdout.buffer


def line(*words):
    out.write((" ".join(str(w) for w in words) + "\n").encode())


def ours(t):
    """N,C,H,W of an activation to N,H,W,C."""
    return t.permute(0, 2, 3, 1) if t.dim() == 4 else t


def tensor(kind, name, t):
    a = np.ascontiguousarray(t.detach().numpy(), dtype="<f8")
    line(kind, name, a.ndim, *a.shape)
    out.write(a.tobytes())


def case(op, label, inputs, params, attrs, f, training=1, after=None):
    """f(*inputs, *params) is the layer; `after` are tensors that f changes. Parameters come in our
    layer's order; inputs are N,C,H,W or N,C."""
    inputs = [x.requires_grad_() for x in inputs]
    for p in params.values():
        p.requires_grad_()
    line("case", op, training, label)
    for name, value in attrs.items():
        line("attr", name, value)
    for i, x in enumerate(inputs):
        tensor("give", f"in[{i}]", ours(x))
    for name, p in {**params, **(after or {})}.items():
        tensor("give", name, p)
    y = f(*inputs, *params.values())
    tensor("want", "out", ours(y))
    for name, p in (after or {}).items():
        tensor("want", name, p)
    if training:
        g = torch.randn_like(y)
        y.backward(g)
        tensor("give", "grad_out", ours(g))
        for i, x in enumerate(inputs):
            tensor("want", f"grad_in[{i}]", ours(x.grad))
        for name, p in params.items():
            tensor("want", f"grad_{name}", p.grad)
    line("end")


def conv(label, n, h, w, c, k, kernel, stride=(1, 1), pad=(0, 0), groups=1, bias=False):
    params = {"weight": torch.randn(k, c // groups, *kernel)}
    if bias:
        params["bias"] = torch.randn(k)
    attrs = dict(out=k, kernel_h=kernel[0], kernel_w=kernel[1], stride_h=stride[0],
                 stride_w=stride[1], pad_h=pad[0], pad_w=pad[1], groups=groups, bias=int(bias))
    case("conv2d", label, [torch.randn(n, c, h, w)], params, attrs,
         lambda x, weight, b=None: F.conv2d(x, weight, b, stride, pad, 1, groups))


conv("one pixel", 1, 1, 1, 1, 1, (1, 1), bias=True)
conv("1x1", 2, 3, 2, 5, 4, (1, 1))
conv("1x1 with stride 2", 1, 5, 4, 3, 2, (1, 1), (2, 2))
conv("3x3 same", 2, 5, 4, 3, 4, (3, 3), pad=(1, 1), bias=True)
conv("3x3 with stride 2 and odd sides", 1, 7, 5, 2, 3, (3, 3), (2, 2), (1, 1))
conv("2x3 with different strides and pads", 2, 6, 7, 2, 3, (2, 3), (2, 1), (1, 0), bias=True)
conv("1x7", 1, 3, 8, 2, 3, (1, 7), pad=(0, 3))
conv("kernel larger than the image", 1, 3, 2, 2, 2, (7, 7), pad=(3, 3))
conv("padding larger than the kernel", 1, 2, 3, 1, 2, (2, 2), pad=(3, 3))
conv("two groups", 2, 4, 4, 4, 6, (3, 3), pad=(1, 1), groups=2, bias=True)
conv("depthwise", 1, 5, 4, 5, 5, (3, 3), (2, 2), (1, 1), groups=5)
conv("depthwise, two out for each in", 1, 3, 4, 3, 6, (3, 3), pad=(1, 1), groups=3)


def batchnorm(label, shape, eps=1e-5, momentum=0.1, frozen=0, training=1):
    c = shape[1]
    mean, var = torch.randn(c), torch.rand(c) + 0.5
    batch = bool(training and not frozen)
    case("batchnorm", label, [torch.randn(*shape) * 2 + 3],
         {"weight": torch.randn(c), "bias": torch.randn(c)},
         dict(eps=eps, momentum=momentum, frozen=frozen),
         lambda x, w, b: F.batch_norm(x, mean, var, w, b, batch, momentum, eps), training,
         {"running_mean": mean, "running_var": var})


batchnorm("image", (3, 4, 2, 3))
batchnorm("rows", (7, 3))
batchnorm("one image", (1, 2, 3, 2), eps=1e-3, momentum=0.75)
batchnorm("frozen", (2, 3, 2, 2), eps=1e-2, frozen=1)
batchnorm("running statistics in inference", (2, 3, 2, 2), training=0)

case("relu", "image, zero and minus zero among it",
     [torch.tensor([[[[0.0, -0.0, 1.5], [-2.0, 3.0, -1e-300]]]])], {}, {}, torch.relu)




def affine(label, x, pairs):
    channels = len(pairs) if len(pairs) > 1 else 0
    attrs = dict(channels=channels)
    for i, (scale, shift) in enumerate(pairs):
        attrs[f"scale_{i}"], attrs[f"shift_{i}"] = scale, shift
    view = lambda v: torch.tensor(v).view(1, -1, 1, 1)
    case("affine", label, [x], {}, attrs,
         lambda v: v * view([p[0] for p in pairs]) + view([p[1] for p in pairs]))


affine("one pair", torch.randn(2, 3, 2, 3), [(-2.0, 0.5)])
affine("three channels", torch.randn(2, 3, 4, 2), [(0.5, -1.0), (0.0, 2.0), (3.0, 0.25)])


def pool_attrs(kernel, stride, pad):
    return dict(kernel_h=kernel[0], kernel_w=kernel[1], stride_h=stride[0], stride_w=stride[1],
                pad_h=pad[0], pad_w=pad[1])


def maxpool(label, x, kernel, stride, pad=(0, 0)):
    case("maxpool", label, [x], {}, pool_attrs(kernel, stride, pad),
         lambda v: F.max_pool2d(v, kernel, stride, pad))


maxpool("2x2", torch.randn(2, 3, 4, 5), (2, 2), (2, 2))
maxpool("3x3 with stride 2, padded", torch.randn(2, 3, 7, 6), (3, 3), (2, 2), (1, 1))
maxpool("2x3 with different strides and pads", torch.randn(1, 2, 5, 7), (2, 3), (1, 2), (1, 0))
maxpool("all negative, padded", -1 - torch.rand(1, 2, 3, 3), (3, 3), (1, 1), (1, 1))
maxpool("equal pixels", torch.randint(0, 2, (2, 2, 6, 6)).double(), (3, 3), (2, 2), (1, 1))
holes = torch.randn(1, 2, 6, 6)
holes[0, 0, 2, 3] = holes[0, 1, 5, 0] = float("nan")
maxpool("not-a-number wins", holes, (3, 3), (3, 3))
lost = torch.randn(1, 1, 4, 4)
lost[0, 0, :2, :2] = -float("inf")
maxpool("minus infinity alone", lost, (2, 2), (2, 2))


def avgpool(label, shape, kernel, stride, pad, exclude):
    case("avgpool", label, [torch.randn(*shape)], {},
         dict(exclude_pad=exclude, **pool_attrs(kernel, stride, pad)),
         lambda v: F.avg_pool2d(v, kernel, stride, pad, count_include_pad=not exclude))


for exclude in (0, 1):
    avgpool("3x3", (2, 3, 5, 4), (3, 3), (1, 1), (1, 1), exclude)
    avgpool("3x3 with stride 2 and even sides", (1, 2, 6, 4), (3, 3), (2, 2), (1, 1), exclude)
    avgpool("2x3 with different strides and pads", (1, 2, 5, 7), (2, 3), (1, 2), (1, 0), exclude)
    avgpool("window larger than the image", (1, 2, 2, 3), (5, 5), (1, 1), (2, 2), exclude)

case("global_avgpool", "image", [torch.randn(2, 3, 4, 5)], {}, {}, lambda x: x.mean((2, 3)))
case("linear", "rows", [torch.randn(3, 5)],
     {"weight": torch.randn(4, 5), "bias": torch.randn(4)}, dict(out=4, bias=1), F.linear)
case("linear", "image, no bias", [torch.randn(2, 3, 2, 2)], {"weight": torch.randn(4, 12)},
     dict(out=4, bias=0), lambda x, w: F.linear(ours(x).flatten(1), w))
case("dropout", "inference", [torch.randn(2, 3)], {}, dict(rate=0.5),
     lambda x: F.dropout(x, 0.5, False), training=0)
case("add", "images", [torch.randn(2, 3, 2, 2), torch.randn(2, 3, 2, 2)], {}, {}, torch.add)
case("concat", "three images",
     [torch.randn(2, 3, 2, 2), torch.randn(2, 1, 2, 2), torch.randn(2, 4, 2, 2)], {}, {},
     lambda *x: torch.cat(x, 1))
case("concat", "rows", [torch.randn(3, 2), torch.randn(3, 5)], {}, {}, lambda *x: torch.cat(x, 1))
case("softmax", "rows", [torch.randn(4, 5) * 3], {}, {}, lambda x: F.softmax(x, 1))
case("softmax", "large numbers", [torch.tensor([[1000.0, 1001.0], [-1e4, 0.0]])], {}, {},
     lambda x: F.softmax(x, 1))
case("softmax", "image", [torch.randn(2, 3, 2, 2)], {}, {}, lambda x: F.softmax(x, 1))
case("linear", "image, channels first",
     [torch.randn(2, 3, 2, 4)], {"weight": torch.randn(5, 24), "bias": torch.randn(5)},
     dict(out=5, bias=1, chw=1), lambda x, w, b: F.linear(x.flatten(1), w, b))
