#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""torchvision's side of the table of reading speeds, and the images that both sides read.

torch_data.py version
    prints the versions of torchvision and Pillow, or fails where there is none
torch_data.py make KIND FOLDER COUNT
    writes COUNT images in two classes: KIND jpeg is 2048 x 1536 in colours, png 1024 x 1024 in 16-bit
    gray; smooth shapes with grain, as photographs have
torch_data.py read KIND FOLDER WORKERS BATCH EPOCHS
    prints images a second of a DataLoader: the median of EPOCHS after one to warm up. jpeg: resized to
    342, random crop of 299, flip, colour jitter, normalised; crop: random resized crop to 299, flip,
    colour jitter, normalised; png: resized to 224 x 224, flip, normalised

All in the main process where WORKERS is 0. The transforms are torchvision's v2 on Pillow's images,
as its documentation has them for training.
"""
import os
import statistics
import sys
import time

SIZES = {"jpeg": (1536, 2048), "png": (1024, 1024)}


def picture(kind, number):
    import numpy as np
    from PIL import Image
    height, width = SIZES[kind]
    draw = np.random.default_rng(number)
    channels = 3 if kind == "jpeg" else 1
    smooth = np.stack([np.asarray(Image.fromarray(draw.random((9, 12), dtype=np.float32)).resize(
        (width, height), Image.BICUBIC)) for _ in range(channels)], axis=-1)
    detail = np.asarray(Image.fromarray(draw.random((height // 6, width // 6), dtype=np.float32)).resize(
        (width, height), Image.BICUBIC))[..., None]
    grain = draw.normal(0, 0.01, (height, width, channels))
    return np.clip(0.75 * smooth + 0.2 * detail + grain, 0, 1)


def make(kind, folder, count):
    import numpy as np
    from PIL import Image
    for i in range(count):
        part = os.path.join(folder, "ab"[i % 2])
        os.makedirs(part, exist_ok=True)
        x = picture(kind, i)
        if kind == "jpeg":
            Image.fromarray((x * 255).round().astype("uint8")).save(
                os.path.join(part, "%04d.jpg" % i), quality=90)
        else:  # 12 bits of grain and shape in 16, as detectors have
            x = ((x[..., 0] * 4095).round() * 16).astype(np.uint16)
            Image.fromarray(x).save(os.path.join(part, "%04d.png" % i))


def transforms(kind):
    import torch
    from torchvision.transforms import v2
    colour = [v2.ColorJitter(0.2, 0.2, 0.2, 0.02)]
    steps = {
        "jpeg": [v2.Resize(342), v2.RandomCrop(299), v2.RandomHorizontalFlip(), *colour],
        "crop": [v2.RandomResizedCrop(299), v2.RandomHorizontalFlip(), *colour],
        "png": [v2.Resize((224, 224)), v2.RandomHorizontalFlip()],
    }[kind]
    if kind == "png":  # 16 bits as floats: ToDtype knows no unsigned 16-bit images
        tail = [v2.PILToTensor(), v2.Lambda(lambda x: x.to(torch.float32) / 65535), v2.Normalize([0.5], [0.25])]
    else:
        tail = [v2.PILToTensor(), v2.ToDtype(torch.float32, scale=True),
                v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
    return v2.Compose(steps + tail)


def read(kind, folder, workers, batch, epochs):
    import torch
    from PIL import Image
    from torchvision.datasets import ImageFolder
    torch.set_num_threads(1)  # as in the workers of a DataLoader

    def load(path):
        with open(path, "rb") as f:
            image = Image.open(f)
            return image.convert("F" if kind == "png" else "RGB")

    data = ImageFolder(folder, transforms(kind), loader=load)
    loader = torch.utils.data.DataLoader(data, batch, shuffle=True, num_workers=workers,
                                         persistent_workers=workers > 0)
    rates = []
    for epoch in range(epochs + 1):
        start, images = time.perf_counter(), 0
        for x, _ in loader:
            images += len(x)
        if epoch:
            rates.append(images / (time.perf_counter() - start))
    print("%.2f" % statistics.median(rates))


def main():
    what, rest = sys.argv[1], sys.argv[2:]
    if what == "version":
        import PIL
        import torchvision.transforms.v2
        print("torchvision %s, Pillow %s" % (torchvision.__version__, PIL.__version__))
    elif what == "make":
        make(rest[0], rest[1], int(rest[2]))
    else:
        read(rest[0], rest[1], int(rest[2]), int(rest[3]), int(rest[4]))


if __name__ == "__main__":
    main()
