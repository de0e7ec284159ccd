#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes good/, idx.fixture (what the plugin is to read from good/), bad/ with the expected message
of each file beside it, and the fuzzer's first inputs. Run by hand; needs numpy. The constants of
fashion_mnist.c come from `make_idx.py fashion-mnist FOLDER`.
"""
import gzip
import os
import shutil
import struct
import sys
import zlib

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "support"))
from formula import Fixture, formula_bits  # noqa: E402

TYPES = {"u8": (0x08, ">u1"), "i8": (0x09, ">i1"), "i16": (0x0B, ">i2"), "i32": (0x0C, ">i4"),
         "f32": (0x0D, ">f4"), "f64": (0x0E, ">f8")}


def header(code, *dims, rank=None):
    return bytes([0, 0, code, len(dims) if rank is None else rank]) + struct.pack(
        f">{len(dims)}I", *dims)


def idx(kind, values):
    code, dtype = TYPES[kind]
    values = np.asarray(values)
    return header(code, *values.shape) + values.astype(dtype).tobytes()


def gz(data):
    return gzip.compress(data, 9, mtime=0)


def write(folder, name, data):
    with open(os.path.join(here, folder, name), "wb") as f:
        f.write(data)


def fresh(folder):
    shutil.rmtree(os.path.join(here, folder), ignore_errors=True)
    os.mkdir(os.path.join(here, folder))


def numbers(kind, *shape):
    """Values over the whole range of the type; fractions of both signs for floats."""
    bits = formula_bits(kind, int(np.prod(shape))).reshape(shape)
    if kind[0] != "f":
        return (bits >> np.uint64(64 - int(kind[1:]))).astype(TYPES[kind][1].replace("i", "u")) \
            .view(TYPES[kind][1])
    return bits.astype(np.int64).astype(np.float64) / 2.0**61


def as_read(kind, values):
    values = np.asarray(values).astype(TYPES[kind][1])
    f32 = values.astype(np.float32)
    return f32 / np.float32(255) if kind == "u8" else f32


def make_good():
    fresh("good")
    fixture = Fixture(os.path.join(here, "idx.fixture"), "make_idx.py")

    def images(name, kind, values):
        write("good", name + ".images", idx(kind, values))
        fixture.add(name + ".images", as_read(kind, values))

    def labels(name, kind, values):
        write("good", name + ".labels", idx(kind, values))
        fixture.add(name + ".labels", np.asarray(values).astype(TYPES[kind][1]).astype(np.float32))

    for kind in TYPES:
        images(kind, kind, numbers(kind, 5, 3, 4))
        images(kind + "_rank4", kind, numbers(kind, 5, 3, 2, 3))
        labels(kind, kind, [3, 0, 2, 1, 2])
        labels(kind + "_rank2", kind, np.asarray(numbers(kind, 5, 3)))
    images("one_pixel", "u8", np.full((5, 1, 1), 255))
    labels("one_column", "i32", [[4], [0], [7], [1], [2]])
    labels("nan", "f32", [1, np.nan, 0, 2, np.nan])
    labels("nan_rank2", "f64", np.where(numbers("f64", 5, 3) > 0, np.nan, 1.0))
    labels("all_nan", "f32", [np.nan] * 5)
    labels("negative", "i16", [0, 1, -1, 2, 3])
    labels("fraction", "f32", [0, 1, 0.5, 2, 3])
    labels("infinite", "f64", [0, 1, np.inf, 2, 3])
    labels("large", "i32", [0, 1, 1000001, 2, 3])
    u8 = idx("u8", numbers("u8", 5, 3, 4))
    write("good", "u8.images.gz", gz(u8))
    write("good", "u8.labels.gz", gz(idx("u8", [3, 0, 2, 1, 2])))
    write("good", "two_members.images.gz", gz(u8[:30]) + gz(u8[30:]))
    write("good", "stored.images.gz", gzip.compress(u8, 0, mtime=0))
    return u8


AGAIN = "; copy or download it again"
RANK = "; images have 3 or 4 dims, labels 1 or 2"
KNOWN = "; known are 08 (unsigned 8-bit), 09, 0b, 0c (integers), 0d and 0e (floats)"
DAMAGED = "'%s' is damaged: gzip says \"{}\"" + AGAIN


def make_bad(u8):
    """`%s` in a message is the file."""
    fresh("bad")
    labels = idx("u8", [3, 0, 2, 1, 2])

    def bad(name, data, message):
        write("bad", name, data)
        path = "bad/" + name
        write("bad", name + ".err", (message.replace("%s", path) + "\n").encode())

    def magic(begin, more=""):
        return f"'%s' is no IDX file: it begins with the bytes {begin}, not with 00 00" + more

    def claims(dims, size, file_size):
        text = " x ".join(map(str, dims))
        return (f"'%s' claims {text} numbers of {size} bytes, more than a file of {file_size} "
                "bytes can hold")

    bad("empty.images", b"", "'%s' is empty" + AGAIN)
    bad("empty.labels", b"", "'%s' is empty" + AGAIN)
    bad("empty.images.gz", gz(b""), "'%s' is empty" + AGAIN)
    bad("one_zero.images", b"\0", "'%s' is cut off inside its header" + AGAIN)
    bad("three_bytes.images", u8[:3], "'%s' is cut off inside its header" + AGAIN)
    bad("one_byte.images", b"x", "'%s' is no IDX file: it begins with the byte 78, not with 00 00")
    bad("png.images", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", magic("89 50"))
    bad("second_byte.images", b"\0\1" + u8[2:], magic("00 01"))
    bad("little_endian.images", u8[3::-1] + u8[4:], magic("03 08"))
    bad("type_0.images", header(0, 5, 3, 4) + u8[16:],
        "'%s' is no IDX file: its type byte is 0x00" + KNOWN)
    bad("type_0a.images", header(0x0A, 5, 3, 4) + u8[16:],
        "'%s' is no IDX file: its type byte is 0x0a" + KNOWN)
    bad("type_ff.labels", header(0xFF, 5) + labels[8:],
        "'%s' is no IDX file: its type byte is 0xff" + KNOWN)
    bad("rank_0.images", header(8), "'%s' has rank 0" + RANK)
    bad("rank_5.images", header(8, 5, 3, 4, 1, 1) + u8[16:], "'%s' has rank 5" + RANK)
    bad("rank_255.images", header(8, 5, 3, 4, rank=255), "'%s' has rank 255" + RANK)
    bad("rank_2.images", header(8, 5, 12) + u8[16:],
        "'%s' has rank 2; images are N,H,W or N,H,W,C")
    bad("rank_3.labels", header(8, 5, 1, 1) + labels[8:],
        "'%s' has rank 3; labels are N, or N rows of columns")
    bad("cut_in_magic.images.gz", gz(b"\0\0\x08"), "'%s' is cut off inside its header" + AGAIN)
    bad("cut_in_header.images", u8[:15], "'%s' is cut off inside its header" + AGAIN)
    bad("cut_behind_magic.labels", labels[:4], "'%s' is cut off inside its header" + AGAIN)
    for i, dims in enumerate([(0, 3, 4), (5, 0, 4), (5, 3, 0), (5, 3, 4, 0)]):
        bad(f"dim_{i}_is_0.images", header(8, *dims), f"'%s' holds nothing: its dim {i} is 0")
    bad("no_labels.labels", header(8, 0), "'%s' holds nothing: its dim 0 is 0")

    big = 2**32 - 1
    bad("claims_count.images", header(8, big, 1, 1) + b"\0", claims([big, 1, 1], 1, 17))
    bad("claims_count.labels", header(8, big) + b"\0", claims([big], 1, 9))
    bad("claims_width.images", header(8, 1, 1, big) + b"\0", claims([1, 1, big], 1, 17))
    bad("overflow_64.images", header(8, 2**31, 2**31, 4), claims([2**31, 2**31, 4], 1, 16))
    to_4 = [4, 2**31 - 2**16 + 1, 2**31 + 2**16 + 1]  # their product is 2^64 + 4
    bad("overflow_to_4.images", header(8, *to_4) + bytes(4), claims(to_4, 1, 20))
    bad("overflow_all.images", header(14, big, big, big, big), claims([big] * 4, 8, 20))
    inside = gz(header(8, 2, 2**31, 1) + bytes(64))
    bad("claims_beyond_deflate.images.gz", inside, claims([2, 2**31, 1], 1, len(inside)))
    inside = gz(header(14, big, big, big) + bytes(5000))
    bad("overflow_gz.images.gz", inside, claims([big] * 3, 8, len(inside)))

    bad("half.images", header(14, 2, 1, 1) + bytes(8),
        "'%s' is cut off: it holds 1 of 2 examples (8 of 16 bytes)" + AGAIN)
    bad("cut_in_data.images", u8[:-1],
        "'%s' is cut off: it holds 4 of 5 examples (59 of 60 bytes)" + AGAIN)
    bad("no_data.labels", labels[:8],
        "'%s' is cut off: it holds 0 of 5 examples (0 of 5 bytes)" + AGAIN)
    bad("short_inside.images.gz", gz(u8[:-13]),
        "'%s' is cut off: it holds 3 of 5 examples (47 of 60 bytes)" + AGAIN)
    bad("one_more.images", u8 + b"\0", "'%s' goes on after the 60 bytes that its header promises")
    bad("more.labels", labels + labels, "'%s' goes on after the 5 bytes that its header promises")
    bad("more_inside.images.gz", gz(u8 + b"\n"),
        "'%s' goes on after the 60 bytes that its header promises")
    bad("two_files.images.gz", gz(u8) + gz(u8),
        "'%s' goes on after the 60 bytes that its header promises")

    packed = gz(u8)
    cut = "'%s' is cut off: its gzip stream has no end" + AGAIN
    bad("cut_gz_header.images.gz", packed[:5], cut)
    bad("cut_gz_body.images.gz", packed[:len(packed) // 2], cut)
    bad("cut_gz_trailer.images.gz", packed[:-3], cut)
    bad("cut_second_member.images.gz", gz(u8[:30]) + gz(u8[30:])[:-9], cut)
    crc = bytearray(packed)
    crc[-8] ^= 1
    bad("gz_crc.images.gz", bytes(crc), DAMAGED.format("incorrect data check"))
    length = bytearray(packed)
    length[-1] ^= 1
    bad("gz_length.images.gz", bytes(length), DAMAGED.format("incorrect length check"))
    body = bytearray(packed)
    body[10] = 0xFF  # block type 3
    bad("gz_body.images.gz", bytes(body), DAMAGED.format("invalid block type"))
    method = bytearray(packed)
    method[2] = 7
    bad("gz_method.images.gz", bytes(method), DAMAGED.format("unknown compression method"))
    bad("gz_of_garbage.images.gz", gz(b"no IDX file at all"), magic("6e 6f"))
    bad("zlib_stream.images.gz", zlib.compress(u8), magic("78 9c"))
    bad("more_labels.labels", idx("u8", [0] * 6),
        "'good/u8.images' holds 5 images and '%s' 6 labels")
    bad("fewer_images.images", idx("u8", np.zeros((4, 3, 4))),
        "'%s' holds 4 images and 'good/u8.labels' 5 labels")
    os.mkdir(os.path.join(here, "bad", "folder.images"))
    write("bad/folder.images", "keep", b"")
    write("bad", "folder.images.err", b"'bad/folder.images' is a folder, not an IDX file\n")
    write("bad", "missing.images.err", b"cannot open 'bad/missing.images': "
                                       b"No such file or directory\n")


def make_corpus():
    fresh("fuzz_idx_corpus")
    for folder in "good", "bad":
        for name in sorted(os.listdir(os.path.join(here, folder))):
            path = os.path.join(here, folder, name)
            if os.path.isfile(path) and not name.endswith(".err"):
                shutil.copy(path, os.path.join(here, "fuzz_idx_corpus", f"{folder}_{name}"))


def describe_fashion_mnist(folder):
    for split in "train", "t10k":
        def read(name, skip):
            with gzip.open(os.path.join(folder, f"{split}-{name}-ubyte.gz")) as f:
                return np.frombuffer(f.read(), np.uint8)[skip:]
        labels = read("labels-idx1", 8)
        images = read("images-idx3", 16).reshape(-1, 28, 28)
        print(split, len(images), len(labels), "labels", labels[:10].tolist())
        for i in 0, 1, 4321, len(images) - 1:
            print(" image", i, "sum", int(images[i].sum()), "row 14", int(images[i, 14].sum()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["fashion-mnist"]:
        describe_fashion_mnist(sys.argv[2])
    else:
        make_bad(make_good())
        make_corpus()
