#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes the pictures of docs/transforms.md: the photograph of a retina that comes with scikit-image
before a transform, and behind it, random ones twice. Run by hand, with the program tests/plugins/
transform/show (`make check TESTS=` builds it) and the build folder it lies in: needs python3-pil and
python3-skimage.

    make_pictures.py BUILD"""
import os
import subprocess
import sys
import tempfile

import skimage
from PIL import Image

SIDE, GAP = 128, 8
here = os.path.dirname(os.path.abspath(__file__))
top = os.path.join(here, "..", "..", "..")
folder = os.path.join(top, "docs", "transforms")
build = os.path.abspath(sys.argv[1])
scratch = tempfile.mkdtemp()
os.makedirs(folder, exist_ok=True)

photo = Image.open(os.path.join(os.path.dirname(skimage.__file__), "data", "retina.jpg")).convert("RGB")
whole = photo.resize((SIDE, SIDE), Image.LANCZOS)
# as cameras give it: with more of the dark around it, cut above and below
frame = Image.new("RGB", (192, 112))
frame.paste(whole, (40, -8))
dark = Image.new("RGB", (160, 144))
dark.paste(whole.crop((14, 14, 114, 114)), (22, 20))

# name: options of each picture; KEY is of what is drawn
PICTURES = {
    "affine": [["degrees=[20, 20]", "scale=[0.8, 0.8]", "shift_y=[0.1, 0.1]", "shear_x=[15, 15]"],
               ["degrees=[-30, -30]", "scale=[1.3, 1.3]", "fill=[0.3]"]],
    "block_shuffle": [["blocks=[32]"], ["blocks=[8]"]],
    "blur": [["sigma=[1, 1]"], ["sigma=[3, 3]"]],
    "border_crop": [[]],
    "brightness": [["factor=[0.6, 0.6]"], ["factor=[1.5, 1.5]"]],
    "centre_crop": [["size=[80, 80]"]],
    "clahe": [[], ["limit=6"]],
    "color_jitter": [["hue=[-0.1, 0.1]", "KEY=3"], ["hue=[-0.1, 0.1]", "KEY=6"]],
    "contrast": [["factor=[0.5, 0.5]"], ["factor=[1.8, 1.8]"]],
    "cutmix": [["KEY=1"], ["KEY=5"]],
    "cutout": [[], ["size=[0.2, 0.2]", "holes=4", "fill=[0.5]", "KEY=4"]],
    "elastic": [["KEY=2"], ["displacement=0.06", "KEY=5"]],
    "equalise": [[], ["by=value"]],
    "flip": [["horizontal=1", "vertical=0"], ["horizontal=0", "vertical=1"]],
    "fundus_crop": [[], ["square=false"]],
    "gamma": [["gamma=[0.6, 0.6]"], ["gamma=[1.8, 1.8]"]],
    "graham": [[], ["sigma=0.1", "radius=0"]],
    "gray": [[]],
    "hue": [["turns=[-0.08, -0.08]"], ["turns=[0.3, 0.3]"]],
    "jpeg_noise": [["quality=[40, 40]"], ["quality=[5, 5]"]],
    "low_pass": [[], ["sigma=6"]],
    "mixup": [["alpha=5", "KEY=1"], ["alpha=5", "KEY=4"]],
    "noise": [["deviation=[0.05, 0.05]"], ["deviation=[0.2, 0.2]"]],
    "posterise": [["bits=4"], ["bits=2"]],
    "random_crop": [["size=[96, 96]", "KEY=2"], ["size=[96, 96]", "scale=[0.1, 0.4]", "KEY=3"]],
    "repeat": [[]],
    "resize": [["size=[48, 48]"], ["size=[96, 160]", "pad=true", "fill=[0.4]"]],
    "rotate": [["degrees=[15, 15]"], ["degrees=[-60, -60]", "fill=[0.5]"]],
    "saturation": [["factor=[0, 0]"], ["factor=[2.5, 2.5]"]],
}
SOURCES = {"fundus_crop": frame, "border_crop": dark}


def run(source, name, options):
    before, after = os.path.join(scratch, "before.png"), os.path.join(scratch, "after.png")
    source.save(before)
    key = next((o[4:] for o in options if o.startswith("KEY=")), "1")
    subprocess.run([os.path.join(build, "tests/plugins/transform/show"), before, after, key, name] +
                   [o for o in options if not o.startswith("KEY=")], check=True, cwd=build)
    return Image.open(after).convert("RGB")


for name in sys.argv[2:] or PICTURES:
    source = SOURCES.get(name, whole)
    if name == "repeat":
        source = whole.convert("L")
    shown = [source.convert("RGB")] + [run(source, name, options) for options in PICTURES[name]]
    sheet = Image.new("RGB", (sum(s.width + GAP for s in shown) - GAP, max(s.height for s in shown)), "white")
    left = 0
    for s in shown:
        sheet.paste(s, (left, (sheet.height - s.height) // 2))
        left += s.width + GAP
    sheet.quantize(160, dither=Image.Dither.NONE).save(os.path.join(folder, name + ".png"), optimize=True)
