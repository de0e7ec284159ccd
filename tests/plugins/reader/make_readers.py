#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes good/ and bad/: run by hand, with Debian's python3-pil and python3-numpy, in this folder.

good/expected has a line for each way of reading a file: its name, flags (1: the numbers of a palette, 2: as it is stored), wanted
channels, wanted height and width, then what is expected: type, height, width, channels and the SHA-256 of the
numbers, little-endian. They are those of PIL (np.array(Image.open(f)) behind ImageOps.exif_transpose()), or of
the array that was written where PIL gives 16 bits up. bad/NAME.err has what is said of bad/NAME.
"""
import hashlib
import io
import os
import struct
import warnings
import zlib

import numpy as np
from PIL import Image, ImageOps

warnings.simplefilter("ignore")
os.makedirs("good", exist_ok=True)
os.makedirs("bad", exist_ok=True)
draw = np.random.RandomState(1)
expected = []
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def smooth(height, width, channels):
    """What looks like a photograph to a coder."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        128 + 90 * np.sin(x / (3.0 + c) + c) * np.cos(y / (4.0 + c)) + draw.normal(0, 4, (height, width))
        for c in range(channels)
    ]
    return np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)


# ---- PNG, chunk by chunk


def chunk(name, data, crc=None):
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body) if crc is None else crc)


def header(width, height, bits, colour, interlaced=0):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced))


def pack_rows(a, bits):
    """H,W,C numbers as PNG's rows, without filters."""
    rows = []
    for row in a:
        flat = row.reshape(-1)
        if bits == 16:
            body = flat.astype(">u2").tobytes()
        elif bits == 8:
            body = flat.astype(np.uint8).tobytes()
        else:
            digits = "".join(format(int(v), "0%db" % bits) for v in flat)
            digits += "0" * (-len(digits) % 8)
            body = bytes(int(digits[i : i + 8], 2) for i in range(0, len(digits), 8))
        rows.append(b"\0" + body)
    return b"".join(rows)


ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]


def png(a, bits, colour, before=b"", interlaced=False, after=b""):
    if interlaced:
        parts = [a[y::dy, x::dx] for y, x, dy, dx in ADAM7]
        raw = b"".join(pack_rows(p, bits) for p in parts if p.size)
    else:
        raw = pack_rows(a, bits)
    height, width = a.shape[:2]
    return (
        SIGNATURE
        + header(width, height, bits, colour, int(interlaced))
        + before
        + chunk(b"IDAT", zlib.compress(raw, 9))
        + after
        + chunk(b"IEND", b"")
    )


def tiff(orientation, little=True, kind=3):
    e = "<" if little else ">"
    value = struct.pack(e + "HH", orientation, 0) if kind == 3 else struct.pack(e + "I", orientation)
    return (
        (b"II*\0" if little else b"MM\0*")
        + struct.pack(e + "IH", 8, 1)
        + struct.pack(e + "HHI", 0x0112, kind, 1)
        + value
        + struct.pack(e + "I", 0)
    )


# ---- expectations


def note(name, a, flags=0, channels=0, wanted=(0, 0)):
    a = a[..., None] if a.ndim == 2 else a
    kind = {1: "u8", 2: "u16", 4: "f32"}[a.dtype.itemsize]
    digest = hashlib.sha256(a.astype(a.dtype.newbyteorder("<")).tobytes()).hexdigest()
    expected.append(
        "%s %d %d %d %d %s %d %d %d %s"
        % ((name, flags, channels) + tuple(wanted) + (kind,) + a.shape + (digest,))
    )


def opened(name):
    image = Image.open("good/" + name)
    image.load()
    return ImageOps.exif_transpose(image)


def put(name, data):
    with open("good/" + name, "wb") as f:
        f.write(data)


def put_png(name, data, truth=None, flags=0):
    """`truth`: the array, where PIL has no such mode or gives bits up."""
    put(name, data)
    image = opened(name)
    if truth is None:
        alpha = "transparency" in image.info
        mode = {"P": "RGBA" if alpha else "RGB", "1": "L", "CMYK": "RGB"}.get(
            image.mode, "RGBA" if alpha and image.mode == "RGB" else "LA" if alpha and image.mode == "L" else None
        )
        truth = np.array(image.convert(mode) if mode else image)
    elif image.mode in ("RGB", "RGBA", "LA"):
        seen = truth[..., [0, 0, 0, 1]] if truth.shape[2] == 2 else truth  # as RGBA
        assert (np.array(image) == seen >> 8).all(), name  # all that PIL has of it
    else:
        assert (np.array(image) == truth[..., 0]).all(), name
    note(name, truth, flags)
    if truth.dtype == np.uint8:
        note(name, np.array(image.convert("L")), 0, 1)
        note(name, np.array(image.convert("RGB")), 0, 3)


def make_png():
    for bits in (1, 2, 4, 8):
        a = draw.randint(0, 1 << bits, (7, 11, 1))
        put_png("gray%d.png" % bits, png(a, bits, 0))
        note("gray%d.png" % bits, a.astype(np.uint8), 1)
        put_png("gray%d_interlaced.png" % bits, png(a, bits, 0, interlaced=True))
        palette = chunk(b"PLTE", draw.randint(0, 256, 3 << bits).astype(np.uint8).tobytes())
        put_png("palette%d.png" % bits, png(a, bits, 3, palette))
        note("palette%d.png" % bits, a.astype(np.uint8), 1)
        alpha = chunk(b"tRNS", bytes([0, 128]))
        put_png("palette%d_alpha.png" % bits, png(a, bits, 3, palette + alpha, interlaced=bits == 4))
        note("palette%d_alpha.png" % bits, a.astype(np.uint8), 1)
    for name, colour, channels in (("gray", 0, 1), ("la", 4, 2), ("rgb", 2, 3), ("rgba", 6, 4)):
        deep = draw.randint(0, 65536, (9, 6, channels)).astype(np.uint16)
        put_png(name + "16.png", png(deep, 16, colour), deep)
        put_png(name + "16_interlaced.png", png(deep, 16, colour, interlaced=True), deep)
        if channels > 1:
            a = smooth(9, 6, channels)
            put_png(name + "8.png", png(a, 8, colour))
            put_png(name + "8_interlaced.png", png(a, 8, colour, interlaced=True))
            note(name + "8.png", a, 1)  # no palette: as it is
    # filters of every sort: PIL's own writer chooses
    b = io.BytesIO()
    Image.fromarray(smooth(40, 33, 3)).save(b, "png")
    put_png("filters.png", b.getvalue())
    # one value is transparent
    a = smooth(5, 4, 3)
    key = struct.pack(">HHH", *a[2, 1])
    put_png("rgb8_key.png", png(a, 8, 2, chunk(b"tRNS", key)))
    g = draw.randint(0, 4, (5, 4, 1))
    put_png("gray8_key.png", png(g, 8, 0, chunk(b"tRNS", struct.pack(">H", 2))))
    # what is not about pixels changes none
    about = (
        chunk(b"gAMA", struct.pack(">I", 100000))
        + chunk(b"cHRM", struct.pack(">8I", *([30000] * 8)))
        + chunk(b"sBIT", bytes([5, 5, 5]))
        + chunk(b"bKGD", struct.pack(">HHH", 1, 2, 3))
        + chunk(b"iCCP", b"x\0\0" + zlib.compress(b"no profile"))
        + chunk(b"tEXt", b"Comment\0about")
        + chunk(b"prVt", b"own")
    )
    put_png("about.png", png(a, 8, 2, about, after=chunk(b"tIME", bytes([7, 233, 1, 1, 0, 0, 0]))))
    put_png("one.png", png(a[:1, :1], 8, 2))
    put_png("turned6.png", png(a, 8, 2, chunk(b"eXIf", tiff(6))))
    put_png("turned5.png", png(a, 8, 2, chunk(b"eXIf", tiff(5, False)), interlaced=True))
    deep = draw.randint(0, 65536, (3, 5, 1)).astype(np.uint16)
    put("turned8.png", png(deep, 16, 0, chunk(b"eXIf", tiff(8))))
    note("turned8.png", np.rot90(deep))
    many = SIGNATURE + header(4, 5, 8, 2)
    z = zlib.compress(pack_rows(a, 8), 9)
    for i in range(0, len(z), 7):
        many += chunk(b"IDAT", z[i : i + 7])
    put_png("many_idat.png", many + chunk(b"IEND", b""))


# ---- JPEG


def jpeg(image, **options):
    b = io.BytesIO()
    image.save(b, "jpeg", **options)
    return b.getvalue()


def with_segment(data, marker, body):
    """Behind SOI and the APP0 that follows it."""
    at = 4 + struct.unpack(">H", data[4:6])[0] if data[3] == 0xE0 else 2
    return data[:at] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + data[at:]


def put_jpeg(name, data):
    put(name, data)
    image = opened(name)
    truth = image.convert("RGB") if image.mode == "CMYK" else image
    note(name, np.array(truth))
    note(name, np.array(truth.convert("L")), 0, 1)
    note(name, np.array(truth.convert("RGB")), 0, 3)


def note_scaled(name, wanted, eighths):
    """PIL's draft() scales as libjpeg does, but for 1/1."""
    image = Image.open("good/" + name)
    if eighths < 8:
        image.draft(None, (image.width * eighths // 8, image.height * eighths // 8))
    note(name, np.array(ImageOps.exif_transpose(image)), 0, 0, wanted)


def make_jpeg():
    rgb, gray = Image.fromarray(smooth(37, 29, 3)), Image.fromarray(smooth(37, 29, 1)[..., 0])
    put_jpeg("gray.jpg", jpeg(gray, quality=80))
    put_jpeg("gray_progressive.jpg", jpeg(gray, quality=80, progressive=True))
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        put_jpeg("rgb%s.jpg" % name, jpeg(rgb, quality=75, subsampling=subsampling))
    put_jpeg("progressive.jpg", jpeg(rgb, quality=75, progressive=True))
    put_jpeg("optimized.jpg", jpeg(rgb, quality=40, optimize=True))
    cmyk = Image.fromarray(smooth(19, 23, 4), "CMYK")
    data = jpeg(cmyk, quality=80)
    put_jpeg("cmyk.jpg", data)
    # the same numbers taken for YCCK: what Adobe's marker says decides
    at = data.index(b"Adobe\0")
    put_jpeg("ycck.jpg", data[: at + 11] + b"\x02" + data[at + 12 :])
    # and three channels that are RGB as they are
    plain = jpeg(rgb, quality=90, subsampling=0)
    end = 4 + struct.unpack(">H", plain[4:6])[0]
    put_jpeg("adobe_rgb.jpg", plain[:2] + b"\xff\xee\x00\x0eAdobe\0d\0\0\0\0\0" + plain[end:])
    for k in range(1, 9):
        data = with_segment(jpeg(rgb, quality=60), 0xE1, b"Exif\0\0" + tiff(k, k % 2 == 0))
        put_jpeg("turned%d.jpg" % k, data)
    put_jpeg("turned_cmyk.jpg", with_segment(jpeg(cmyk), 0xE1, b"Exif\0\0" + tiff(6)))
    # damaged or odd EXIF data are none
    for name, exif in (
        ("nine", tiff(9)),
        ("cut", tiff(6)[:15]),
        ("outside", b"II*\0\xff\xff\xff\xff"),
        ("empty", b""),
    ):
        put("exif_%s.jpg" % name, with_segment(jpeg(gray), 0xE1, b"Exif\0\0" + exif))
        note("exif_%s.jpg" % name, np.array(Image.open("good/exif_%s.jpg" % name)))
    put_jpeg("comment.jpg", with_segment(jpeg(gray), 0xFE, b"a comment"))
    put_jpeg("one.jpg", jpeg(Image.fromarray(smooth(1, 1, 3))))
    # smaller at once: 64 x 96
    big = Image.fromarray(smooth(64, 96, 3))
    put_jpeg("scaled.jpg", jpeg(big, quality=85))
    for wanted, eighths in (((8, 12), 1), ((8, 13), 2), ((9, 12), 2), ((16, 24), 2), ((17, 24), 4), ((32, 1), 4),
                            ((33, 48), 8), ((64, 96), 8), ((1000, 1), 8), ((1, 1), 1), ((0, 12), 8), ((8, 0), 8)):
        note_scaled("scaled.jpg", wanted, eighths)
    put_jpeg("scaled_turned.jpg", with_segment(jpeg(big, quality=85), 0xE1, b"Exif\0\0" + tiff(6)))
    note_scaled("scaled_turned.jpg", (12, 8), 1)
    note_scaled("scaled_turned.jpg", (24, 16), 2)
    note_scaled("scaled_turned.jpg", (13, 8), 2)


exec(open("make_bad.py").read())
exec(open("make_tiff.py").read())
make_png()
make_jpeg()
make_bad()
draw = np.random.RandomState(2)
make_tiff()
with open("good/expected", "w") as f:
    f.write("\n".join(expected) + "\n")
