# SPDX-License-Identifier: MIT
"""Networks of runs by numpy: their weights in a state, what they say of their test images, stage by stage."""
import functools
import gzip
import pathlib
import struct

import numpy
from numpy.lib.stride_tricks import sliding_window_view
from scipy import special, stats

from runs import Run, is_trained, read_weights

CHUNK = 50


class Network:
    """What an analysis names: a folder, or one with a label; NAME/ID@STATE."""

    def __init__(self, said, store):
        spec = said["runs"] if isinstance(said, dict) else said
        place, _, state = spec.partition("@")
        self.folder = store.joinpath(*pathlib.Path(place).parts[-2:])
        self.state = state or ("best" if (self.folder / "checkpoints/best.safetensors").exists() else "final")
        self.run = run_of(self.folder)
        self.weights = read_state(self.folder, self.state)  # None: they were drawn, and are in no file

    @property
    def step(self):
        return {"best": self.run.best_step(), "final": max(self.run.series["train/loss"])}.get(self.state)

    def is_whole(self):
        return bool(self.weights) and "fc.weight" in self.weights and runs_here(self.run)

    def stages(self, split="test"):
        """{stage: N,H,W,C}, and the scores as `fc`"""
        return look(self.folder, self.state, split)


@functools.cache
def run_of(folder):
    return Run({}, folder)


@functools.cache
def read_state(folder, state):
    """Of an initial state what came from a file: not a new classifier."""
    if state != "initial":
        path = folder / "checkpoints" / f"{state}.safetensors"
        return read_weights(path) if path.exists() else None
    init = run_of(folder).config["init"][0]
    source = pathlib.Path(init.get("source") or "")
    if init["plugin"] != "pretrained" or not source.is_file():
        return None
    head = "fc." if init.get("head") == "reinit" else "\n"
    return {k: v for k, v in read_weights(source).items() if not k.startswith(head)}


@functools.lru_cache(maxsize=8)
def look(folder, state, split):
    images, _ = read_images(folder, split)
    return forward(run_of(folder).config["arch"]["plugin"], read_state(folder, state), images)


def stage_of(name):
    """Of a parameter: resnet50 has torchvision's names, and the stages of TensorFlow-Slim."""
    first = name.partition(".")[0]
    return "conv1" if first == "bn1" else first.replace("layer", "block")


def moved(before, after):
    """{stage: how far its trained numbers went, as a share of their size}, of the tensors of both"""
    stages = {}
    for name in after:
        if name in before and is_trained(name):
            stages.setdefault(stage_of(name), []).append(name)

    def flat(w, names):
        return numpy.concatenate([w[n].astype(float).ravel() for n in names])
    return {s: numpy.linalg.norm(flat(after, n) - flat(before, n)) / numpy.linalg.norm(flat(before, n))
            for s, n in stages.items()}


# ---- images

def read_idx(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as f:
        head = struct.unpack(">BBBB", f.read(4))
        dims = struct.unpack(f">{head[3]}I", f.read(4 * head[3]))
        return numpy.frombuffer(f.read(), "u1").reshape(dims)


def runs_here(run):
    """Are its network and its images among those that are known here?"""
    data, arch = run.config["data"], run.config["arch"]
    return data["train"]["plugin"] == "idx" and run.config["task"]["kind"] == "classification" and \
        (arch["plugin"].startswith("cbr_") or arch["plugin"] == "resnet50") and arch.get("padding", "same") == "same" and \
        all(t["plugin"] == "normalise" for t in data["train"].get("transforms") or []) and \
        pathlib.Path(data["train"]["images"]).exists()


@functools.lru_cache(maxsize=8)
def read_images(folder, split):
    """N,H,W,C as the network sees them, and their labels, in the order of split.*.txt."""
    config = run_of(folder).config["data"]
    data = {**config["train"], **(config.get(split) or {})}
    images, labels = (read_idx(pathlib.Path(data[k])) for k in ("images", "labels"))
    listing = folder / f"split.{split}.txt"
    order = [int(line) for line in listing.read_text().split()] if listing.exists() else range(len(images))
    order, classes = list(order), data.get("classes") or sorted(set(labels.tolist()))
    x = images[order].astype("f4")[..., None] / 255 if images.ndim == 3 else images[order].astype("f4") / 255
    for t in data.get("transforms") or []:
        x = numpy.repeat(x, (t.get("channels") or x.shape[3]) // x.shape[3], axis=3)
        if t.get("mean"):
            x = (x - numpy.array(t["mean"], "f4")) / numpy.array(t["deviation"], "f4")
    return x.astype("f4"), numpy.array([classes.index(v) for v in labels[order]])


# ---- layers, of N,H,W,C

def convolution(x, w, stride=1, pad=None):
    pad = w.shape[2] // 2 if pad is None else pad
    x = numpy.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    windows = sliding_window_view(x, w.shape[2:], (1, 2))[:, ::stride, ::stride]
    return numpy.tensordot(windows, w, ((3, 4, 5), (1, 2, 3)))


def normalisation(x, w, name):
    scale = w[name + ".weight"] / numpy.sqrt(w[name + ".running_var"] + 1e-5)
    return x * scale + (w[name + ".bias"] - w[name + ".running_mean"] * scale)


def pool(x):
    """The largest of 3 x 3, every second."""
    x = numpy.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-numpy.inf)
    return sliding_window_view(x, (3, 3), (1, 2))[:, ::2, ::2].max((4, 5))


def relu(x):
    return numpy.maximum(x, 0)


def cbr(arch, w, x):
    blocks = sorted({n.partition(".")[0] for n in w if n.startswith("block")})
    for name in blocks:
        x = relu(normalisation(convolution(x, w[name + ".conv.weight"]), w, name + ".bn"))
        if name != blocks[-1] or arch != "cbr_larget":
            x = pool(x)
        yield name, x


def resnet50(arch, w, x):
    x = relu(normalisation(convolution(x, w["conv1.weight"], 2), w, "bn1"))
    yield "conv1", x
    x = pool(x)
    for block in range(1, 5):
        for unit in range(sum(n.startswith(f"layer{block}.") and n.endswith(".conv1.weight") for n in w)):
            at, stride = f"layer{block}.{unit}.", 2 if block > 1 and not unit else 1
            y = relu(normalisation(convolution(x, w[at + "conv1.weight"]), w, at + "bn1"))
            y = relu(normalisation(convolution(y, w[at + "conv2.weight"], stride), w, at + "bn2"))
            y = normalisation(convolution(y, w[at + "conv3.weight"]), w, at + "bn3")
            if not unit:
                x = normalisation(convolution(x, w[at + "downsample.0.weight"], stride), w, at + "downsample.1")
            x = relu(x + y)
        yield f"block{block}", x


def forward(arch, w, images):
    pieces = {}
    for at in range(0, len(images), CHUNK):
        for name, x in (resnet50 if arch == "resnet50" else cbr)(arch, w, images[at:at + CHUNK]):
            pieces.setdefault(name, []).append(x)
    out = {name: numpy.concatenate(p) for name, p in pieces.items()}
    if "fc.weight" in w:
        out["fc"] = out[name].mean((1, 2)) @ w["fc.weight"].T + w["fc.bias"]
    return out


# ---- what is measured

def area(label, score):
    """Under the ROC curve, by ranks."""
    ranks, n = stats.rankdata(score), label.sum()
    return (ranks[label].sum() - n * (n + 1) / 2) / n / (len(label) - n)


def scores_of(logits, labels):
    p = special.softmax(logits.astype(float), axis=1)
    there = [c for c in range(p.shape[1]) if 0 < (labels == c).sum() < len(labels)]
    return {"loss": -numpy.log(p[range(len(p)), labels]).mean(), "accuracy": (p.argmax(1) == labels).mean(),
            "auc": numpy.mean([area(labels == c, p[:, c]) for c in there])}


def mean_cca(a, b):
    """Constant channels take no part."""
    a, b = (x[:, x.std(0) > 0].astype(float) for x in (a, b))
    sides = []
    for x in (a, b):
        x = (x - x.mean(0)) / x.std(0)
        value, vector = numpy.linalg.eigh(x.T @ x)
        keep = value > 1e-10 * value.max()
        sides.append(x @ vector[:, keep] / numpy.sqrt(value[keep]))
    return numpy.linalg.svd(sides[0].T @ sides[1], compute_uv=False).mean()


def knn(fit, fit_labels, test, labels, k, temperature):
    """The share of rows whose class their nearest neighbours vote for."""
    fit, test = (x / numpy.maximum(numpy.linalg.norm(x, axis=1, keepdims=True), 1e-300) for x in (fit, test))
    cosine = test @ fit.T
    nearest = numpy.argsort(-cosine, axis=1, kind="stable")[:, :k]
    weight = numpy.exp(numpy.take_along_axis(cosine, nearest, 1) / temperature)
    votes = numpy.stack([(weight * (fit_labels[nearest] == c)).sum(1) for c in range(fit_labels.max() + 1)], 1)
    return (votes.argmax(1) == labels).mean()


def mixed(a, b, t):
    return {k: (1 - t) * a[k] + t * b[k] for k in a}
