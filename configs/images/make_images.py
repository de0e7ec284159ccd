#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the images of configs/image_folder.yaml: pieces of different sizes, JPEG and PNG, of four
pictures that come with scikit-image (Debian's python3-skimage). All are free of copyright or CC0:
retina (Mikael Haggstrom, CC0), ihc (no known copyright), grass and gravel (CC0, cc0textures.com).
Written with Pillow 9.4; run it in this folder to make them again."""
import random
import skimage
from pathlib import Path
from PIL import Image

source = Path(skimage.__file__).parent / "data"
pictures = {"grass": "grass.png", "gravel": "gravel.png", "retina": "retina.jpg", "tissue": "ihc.png"}
pieces = {"train": 15, "test": 8}

draw = random.Random(1)
for name, file in pictures.items():
    picture = Image.open(source / file)
    side = min(picture.size)
    if name == "retina":  # the black around it is no retina
        picture = picture.crop((side // 5, side // 5, side - side // 5, side - side // 5))
        picture = picture.resize((512, 512))
    half = picture.size[0] // 2  # train from the left half, test from the right one
    for split, count in pieces.items():
        folder = Path(split) / name
        folder.mkdir(parents=True, exist_ok=True)
        for i in range(count):
            width, height = draw.randint(36, 72), draw.randint(36, 72)
            left = draw.randint(0, half - width) + (half if split == "test" else 0)
            top = draw.randint(0, picture.size[1] - height)
            piece = picture.crop((left, top, left + width, top + height))
            if i % 5 == 4:
                piece.save(folder / f"{i:02}.png", optimize=True)
            else:
                piece.save(folder / f"{i:02}.jpg", quality=85)
