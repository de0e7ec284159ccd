#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes pictures/*.png: what Pillow, torchvision, OpenCV, scipy and scikit-image make of small pieces of
the photograph of a retina that comes with scikit-image. Run by hand; needs python3-torchvision,
python3-pil, python3-skimage, python3-scipy, and opencv-python-headless 4.8 of PyPI.

The numbers of a case stand once more in oracle.c."""
import io
import os

import cv2
import numpy as np
import skimage
import torch
import torchvision.transforms.functional as F
from PIL import Image, ImageOps
from scipy.interpolate import BSpline
from scipy.ndimage import map_coordinates
from torchvision.transforms import InterpolationMode

here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.join(here, "pictures")
os.makedirs(folder, exist_ok=True)

photo = Image.open(os.path.join(os.path.dirname(skimage.__file__), "data", "retina.jpg")).convert("RGB")
small = photo.resize((353, 353), Image.BOX)
crop = small.crop((225, 140, 225 + 64, 140 + 48))
H, W = 48, 64


def save(name, image):
    if not isinstance(image, Image.Image):
        image = Image.fromarray(np.ascontiguousarray(image))
    image.save(os.path.join(folder, name + ".png"), optimize=True)


def from_floats(x):
    return np.floor(np.clip(np.asarray(x), 0, 1) * 255 + 0.5).astype(np.uint8)


def save_tensor(name, x):
    save(name, from_floats(x.permute(1, 2, 0).numpy()))


pixels = np.asarray(crop)
tensor = torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1)
save("crop", crop)

# ---- sizes: Pillow
for name, (h, w) in {"down": (31, 23), "up": (55, 81), "small": (9, 12)}.items():
    save("resize_bilinear_" + name, crop.resize((w, h), Image.BILINEAR))
    save("resize_bicubic_" + name, crop.resize((w, h), Image.BICUBIC))
save("resize_pad", ImageOps.pad(crop, (40, 40), Image.BILINEAR, color=(51, 102, 204)))
save_tensor("centre_crop", F.center_crop(tensor, [33, 41]))
save_tensor("centre_crop_pad", F.center_crop(tensor, [55, 41]))

# ---- warps: torchvision
save_tensor("rotate", F.rotate(tensor, 25, InterpolationMode.BILINEAR))
save_tensor("rotate_nearest", F.rotate(tensor, -100, InterpolationMode.NEAREST, fill=[0.2, 0.4, 0.8]))
save("rotate_right_angle", crop.rotate(180))
save_tensor("affine", F.affine(tensor, 20, [-8, 6], 1.3, [10, -5], InterpolationMode.BILINEAR))
save_tensor("affine_smaller", F.affine(tensor, -5, [0, 0], 0.7, [0, 20], InterpolationMode.BILINEAR))

# ---- colours: torchvision
save_tensor("brightness", F.adjust_brightness(tensor, 1.4))
save_tensor("contrast_less", F.adjust_contrast(tensor, 0.6))
save_tensor("contrast_more", F.adjust_contrast(tensor, 1.7))
save_tensor("saturation_less", F.adjust_saturation(tensor, 0.3))
save_tensor("saturation_more", F.adjust_saturation(tensor, 2))
save_tensor("hue", F.adjust_hue(tensor, 0.1))
save_tensor("hue_back", F.adjust_hue(tensor, -0.45))
save_tensor("gamma", F.adjust_gamma(tensor, 0.6))
save_tensor("gray", F.rgb_to_grayscale(tensor, 3))
save("gray_pil", crop.convert("L"))
save_tensor("blur", F.gaussian_blur(tensor, [11, 11], [1.5, 1.5]))

# ---- levels: Pillow, OpenCV
save("equalise", ImageOps.equalize(crop))
save("posterise", ImageOps.posterize(crop, 3))
clahe = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8))
save("clahe_each", np.stack([clahe.apply(pixels[:, :, c].copy()) for c in range(3)], axis=2))
clahe = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(5, 3))  # columns, rows; what is no multiple
piece = pixels[:47]
save("clahe_crop", piece)
save("clahe_other", np.stack([clahe.apply(piece[:, :, c].copy()) for c in range(3)], axis=2))
clahe = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8))
hsv = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
value = np.floor(hsv[:, :, 2] * 255 + 0.5).astype(np.uint8)
hsv[:, :, 2] = clahe.apply(value) / 255.0
save("clahe_value", from_floats(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)))

# ---- JPEG: Pillow
for quality in (20, 75):
    file = io.BytesIO()
    crop.save(file, "JPEG", quality=quality)
    save(f"jpeg_{quality}", Image.open(file))

# ---- Ben Graham's, in OpenCV as he wrote it; its image is of 8 bits between the steps
whole = np.asarray(photo.resize((64, 64), Image.BOX))
save("whole", whole)
radius = 32
blurred = cv2.GaussianBlur(whole.astype(np.float32), (0, 0), radius / 10)
above = np.clip(cv2.addWeighted(whole.astype(np.float32), 4, blurred, -4, 128), 0, 255)
y, x = np.mgrid[:64, :64] + 0.5
inside = ((y - 32) ** 2 + (x - 32) ** 2 <= (0.9 * radius) ** 2)[:, :, None]
save("graham", from_floats((above * inside + 128 * (1 - inside)) / 255))

# ---- elastic: control points drawn as the plugin draws them, bent by scipy


def philox(key, counter):
    c = [counter & 0xFFFFFFFF, counter >> 32, 0, 0]
    k = [key & 0xFFFFFFFF, key >> 32]
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & 0xFFFFFFFF, (p0 >> 32) ^ c[3] ^ k[1], p0 & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def unit(key, counter):
    word = philox(key, counter)
    return ((word[0] << 32 | word[1]) >> 11) / 2.0**53


def subkey(key, i):  # as core/base/random.c
    word = philox(key, i ^ 0xFFFFFFFFFFFFFFFF)
    return word[0] << 32 | word[1]


KEY, CELLS, AMOUNT = 7, 3, 0.07
count = 2 * (CELLS + 3) ** 2
draws = [unit(subkey(KEY, 0), 1 + i) for i in range(count)]  # the first is of `p`
points = np.array(draws).reshape(CELLS + 3, CELLS + 3, 2)
points = (-AMOUNT + 2 * AMOUNT * points) * np.array([H, W])
knots = np.arange(-3, CELLS + 4).astype(float)


def basis(n):
    at = (np.arange(n) + 0.5) / n * CELLS
    return np.stack([BSpline(knots, np.eye(CELLS + 3)[k], 3)(at) for k in range(CELLS + 3)], axis=1)


by = np.einsum("yi,xj,ijk->kyx", basis(H), basis(W), points)
rows, columns = np.mgrid[:H, :W].astype(float)
bent = [map_coordinates(pixels[:, :, c] / 255.0, [rows + by[0], columns + by[1]], order=1,
                        mode="grid-constant", cval=0) for c in range(3)]
save("elastic", from_floats(np.stack(bent, axis=2)))
