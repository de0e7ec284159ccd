# SPDX-License-Identifier: MIT
"""Pictures of filters: PNG files, and what their pixels are to be."""
import math
import zlib

import numpy

TILE, GAP = 42, 3


def read_png(path):
    """8 bits, not interlaced: rows x columns x channels."""
    data, at, packed = path.read_bytes(), 8, b""
    while at < len(data):
        size, kind = int.from_bytes(data[at:at + 4], "big"), data[at + 4:at + 8]
        body = data[at + 8:at + 8 + size]
        if kind == b"IHDR":
            width, height, colour = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big"), body[9]
        packed += body if kind == b"IDAT" else b""
        at += 12 + size
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    raw = numpy.frombuffer(zlib.decompress(packed), "u1").reshape(height, 1 + width * channels)
    out = numpy.zeros((height, width * channels), int)
    for y, row in enumerate(raw):
        above = out[y - 1] if y else numpy.zeros(width * channels, int)
        for x, value in enumerate(row[1:].tolist()):
            left = out[y, x - channels] if x >= channels else 0
            corner = above[x - channels] if x >= channels else 0
            guess = left + above[x] - corner
            nearest = min((left, above[x], corner), key=lambda v: abs(guess - v))
            out[y, x] = (value + (0, left, above[x], (left + above[x]) // 2, nearest)[row[0]]) % 256
    return out.reshape(height, width, channels)


def first_convolution(weights):
    return next(weights[n] for n in ("conv1.weight", "block1.conv.weight", "block1.conv1.conv.weight") if n in weights)


def gray_levels(w, deviation):
    """Channels added up as a gray image meets them; each filter from its least weight, 0, to its largest, 255."""
    w = w.astype(float)
    w = (w / numpy.broadcast_to(deviation, w.shape[1])[:, None, None]).sum(1)
    low, high = w.min((1, 2), keepdims=True), w.max((1, 2), keepdims=True)
    return 255 * (w - low) / (high - low)


def tiles_of(picture, count, side):
    """The middle of each pixel of each filter."""
    scale, least = max(TILE // side, 1), math.ceil(math.sqrt(count))
    columns = next((c for c in range(least, 2 * least + 1) if count % c == 0), least)
    step, out = side * scale + GAP, numpy.zeros((count, side, side))
    margin = (picture.shape[1] - (columns * step - GAP)) // 2
    for k in range(count):
        top, left = margin + k // columns * step, margin + k % columns * step
        for y in range(side):
            out[k, y] = picture[top + y * scale + scale // 2, left + scale // 2:left + side * scale:scale, 0]
    return out
