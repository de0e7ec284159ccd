#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Grad-CAM and saliency by PyTorch, of the networks and numbers of tests/plugins/arch/make_parity.py.

    python3 make_explain.py      writes CASE.gradcam.npz and CASE.saliency.npz beside this file

Evaluation mode, in float64. How far PyTorch's float32 is from that, relative to the largest number of
the maps, is printed. The images are bytes of formula.py, as explain.test's make_network writes them.
"""
import os
import sys

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "plugins", "arch"))
from make_parity import CASES, inception, make  # noqa: E402
from formula import formula  # noqa: E402

CLASS = 3
CASES["inception_v3_tiny"] = (lambda: inception(factor=1 / 16), 3, 75)
# name: (the layer that Grad-CAM looks at, images)
EXPLAINED = {
    "cbr_small_small": ("block4", 2),
    "resnet50_small": ("layer3", 2),
    "inception_v3_tiny": ("Mixed_7c", 1),
}


def images(case, count):
    _, channels, side = CASES[case]
    x = np.floor(256 * formula("explain.image", count, side, side, channels)) / 255
    return torch.tensor(x.astype(np.float32)).permute(0, 3, 1, 2)


def explain(net, layer, x):
    """Grad-CAM and saliency of one image."""
    kept = []
    hook = net.get_submodule(layer).register_forward_hook(lambda m, i, o: kept.append(o))
    x = x[None].clone().requires_grad_()
    logit = net.eval()(x)[0, CLASS]
    hook.remove()
    by_maps, by_image = torch.autograd.grad(logit, (kept[0], x))
    cam = torch.relu((by_maps.mean((2, 3), keepdim=True) * kept[0]).sum(1))[0]
    return cam.detach().numpy(), by_image.abs().amax(1)[0].numpy()


def main():
    for case, (layer, count) in EXPLAINED.items():
        x = images(case, count)
        for kind, name in enumerate(("gradcam", "saliency")):
            exact = [explain(make(case).double(), layer, i.double())[kind] for i in x]
            single = [explain(make(case), layer, i)[kind] for i in x]
            most = max(np.abs(m).max() for m in exact)
            off = max(np.abs(a - b).max() for a, b in zip(exact, single)) / most
            print(f"{case} {name}: largest {most:.3g}, PyTorch's float32 is off by {off:.1e}")
            np.savez_compressed(os.path.join(HERE, "explain", f"{case}.{name}.npz"),
                                **{f"image_{i}.network_1": m.astype(np.float32)
                                   for i, m in enumerate(exact)})


main()
