# SPDX-License-Identifier: MIT
"""Networks layer by layer, by their papers: trained numbers and multiplications of one image."""
import gzip
import math
import struct

CBR = {"cbr_larget": (7, (32, 64, 128, 256, 512)), "cbr_largew": (7, (64, 128, 256, 512)),
       "cbr_small": (7, (32, 64, 128, 256)), "cbr_tiny": (5, (32, 64, 128, 256))}
RESNET_50 = ((64, 3), (128, 4), (256, 6), (512, 3))


class Cost:
    """Adds up convolutions, each with normalisation, and a classifier."""

    def __init__(self, channels, height, width):
        self.parameters, self.multiply_adds = 0, 0
        self.channels, self.size = channels, (height, width)

    def convolution(self, out, kernel, stride=1, pad=0, into=None):
        """Of `into` channels at the sizes where it begins; moves on unless these are given."""
        channels, size = into or (self.channels, self.size)
        after = tuple((n + 2 * pad - kernel) // stride + 1 for n in size)
        weights = out * channels * kernel * kernel
        self.parameters += weights + 2 * out
        self.multiply_adds += weights * after[0] * after[1]
        if not into:
            self.channels, self.size = out, after

    def pool(self, kernel, stride, pad):
        self.size = tuple((n + 2 * pad - kernel) // stride + 1 for n in self.size)

    def classifier(self, classes):
        self.parameters += (self.channels + 1) * classes
        self.multiply_adds += self.channels * classes


def scaled(arch, width, stage, state):
    state["slim"] = state.get("slim") or arch.get("slim", {}).get("from") == stage
    n = math.floor(width * arch.get("width", 1) + 0.5)
    return max(1, n // arch["slim"]["divide"] if state["slim"] else n)


def cbr(cost, arch):
    kernel, widths = CBR[arch["plugin"]]
    same, state = arch.get("padding", "same") == "same", {}
    for i, width in enumerate(widths):
        cost.convolution(scaled(arch, width, f"block{i + 1}", state), kernel, pad=kernel // 2 if same else 0)
        if i + 1 < len(widths) or arch["plugin"] != "cbr_larget":
            cost.pool(3, 2, 1 if same else 0)


def resnet50(cost, arch):
    """torchvision's: the 3x3 of a block's first unit halves the image."""
    state = {}
    cost.convolution(scaled(arch, 64, "conv1", state), 7, 2, 3)
    cost.pool(3, 2, 1)
    for block, (width, units) in enumerate(RESNET_50):
        planes = scaled(arch, width, f"block{block + 1}", state)
        for unit in range(units):
            stride, begin = 2 if block and not unit else 1, (cost.channels, cost.size)
            cost.convolution(planes, 1)
            cost.convolution(planes, 3, stride, 1)
            cost.convolution(4 * planes, 1)
            if not unit:
                cost.convolution(4 * planes, 1, stride, into=begin)


def image_size(config, folder):
    """channels, height, width of what the network sees; None where that is not known here."""
    data = config["data"]["train"]
    size, channels = None, data.get("channels")
    if data["plugin"] == "idx":
        path = folder / data["images"]
        if not path.exists():
            return None
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as f:
            head = struct.unpack(">BBBB", f.read(4))
            dims = struct.unpack(f">{head[3]}I", f.read(4 * head[3]))
        size, channels = dims[1:3], dims[3] if len(dims) > 3 else 1
    for t in data.get("transforms") or []:
        if t["plugin"] in ("resize", "center_crop", "random_crop") and t.get("size"):
            size = t["size"] if isinstance(t["size"], list) else (t["size"],) * 2
            size = tuple(size) * (2 if len(size) == 1 else 1)
        channels = t.get("channels") or channels
    return (channels, *size) if size and channels else None


def cost_of(config, folder):
    """None of a network or of data that are not known here."""
    arch, image = config["arch"], image_size(config, folder)
    build = cbr if arch["plugin"] in CBR else resnet50 if arch["plugin"] == "resnet50" else None
    if not build or not image or arch.get("truncate") or arch.get("stride_at", "conv2") != "conv2":
        return None
    cost = Cost(*image)
    build(cost, arch)
    cost.classifier(config["task"]["classes"])
    return cost
