#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""PyTorch's side of `make bench`.

torch_speed.py version
    prints the version of PyTorch and of its oneDNN, or fails where there is none
torch_speed.py network NAME LAYOUT BATCH SIZE THREADS STEPS
    prints images/s in training (forward, backward, Adam) and in inference, and the peak memory of
    the process in MiB: after training, medians of STEPS after one to warm up. LAYOUT is nchw or
    nhwc. Inference is timed after training in the same process.
torch_speed.py layers BATCH THREADS STEPS < LAYERS
    prints milliseconds forward and backward of a convolution for each line
    "H W C K R S STRIDE PAD_H PAD_W", the better of both layouts

The CBR family is that of Raghu et al. 2019; ResNet-50 and Inception-v3 are torchvision's, without
the auxiliary head.
"""
import resource
import statistics
import sys
import time

CBR = {
    "cbr_larget": ([7] * 5, [32, 64, 128, 256, 512]),
    "cbr_largew": ([7] * 4, [64, 128, 256, 512]),
    "cbr_small": ([7] * 4, [32, 64, 128, 256]),
    "cbr_tiny": ([5] * 4, [32, 64, 128, 256]),
}


def network(name, channels=3, classes=5):
    import torch.nn as nn
    if name == "resnet50":
        import torchvision
        return torchvision.models.resnet50(num_classes=classes)
    if name == "inception_v3":
        import torchvision
        return torchvision.models.inception_v3(num_classes=classes, aux_logits=False, init_weights=False)
    sides, widths = CBR[name]
    layers, before = [], channels
    for i, (side, width) in enumerate(zip(sides, widths)):
        layers += [nn.Conv2d(before, width, side, padding=side // 2, bias=False), nn.BatchNorm2d(width),
                   nn.ReLU(inplace=True)]
        if name != "cbr_larget" or i < 4:  # LargeT has no pool after its fifth block
            layers.append(nn.MaxPool2d(3, 2, 1))
        before = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, classes))


def seconds(steps, step):
    """The median of `steps` after one to warm up."""
    times = []
    for i in range(steps + 1):
        start = time.perf_counter()
        step()
        if i:
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def time_network(name, layout, batch, size, threads, steps):
    import torch
    torch.manual_seed(1)
    torch.set_num_threads(threads)
    form = torch.channels_last if layout == "nhwc" else torch.contiguous_format
    net = network(name).train().to(memory_format=form)
    x = torch.randn(batch, 3, size, size).to(memory_format=form)
    y = torch.rand(batch, 5).round()
    optimizer, loss = torch.optim.Adam(net.parameters(), 1e-3), torch.nn.BCEWithLogitsLoss()

    def train():
        optimizer.zero_grad()
        loss(net(x), y).backward()
        optimizer.step()

    training = seconds(steps, train)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    net.eval()
    with torch.no_grad():
        inference = seconds(steps, lambda: net(x))
    print("%.4f %.4f %.0f" % (batch / training, batch / inference, peak))


def time_layer(batch, steps, layout, line):
    import torch
    height, width, c, k, r, s, stride, pad_h, pad_w = (int(field) for field in line.split())
    form = torch.channels_last if layout == "nhwc" else torch.contiguous_format
    conv = torch.nn.Conv2d(c, k, (r, s), stride, (pad_h, pad_w), bias=False).to(memory_format=form)
    x = torch.randn(batch, c, height, width).to(memory_format=form).requires_grad_(c > 3)
    with torch.no_grad():
        forward = seconds(steps, lambda: conv(x))
    y = conv(x)
    grad = torch.randn_like(y)
    wanted = [conv.weight, x] if x.requires_grad else [conv.weight]
    return forward, seconds(steps, lambda: torch.autograd.grad(y, wanted, grad, retain_graph=True))


def time_layers(batch, threads, steps):
    import torch
    torch.set_num_threads(threads)
    for line in sys.stdin:
        times = [time_layer(batch, steps, layout, line) for layout in ("nchw", "nhwc")]
        print("%.3f %.3f" % (1e3 * min(t[0] for t in times), 1e3 * min(t[1] for t in times)), flush=True)


def main():
    what, rest = sys.argv[1], sys.argv[2:]
    if what == "version":
        import torch
        found = [w for w in torch.__config__.show().split() if w.startswith("v") and w[1:2].isdigit()]
        print(torch.__version__ + (" (oneDNN %s)" % found[0] if found else ""))
    elif what == "network":
        time_network(rest[0], rest[1], *(int(field) for field in rest[2:]))
    else:
        time_layers(*(int(field) for field in rest))


if __name__ == "__main__":
    main()
