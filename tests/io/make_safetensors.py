#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes good_safetensors/ and bad_safetensors/: files for the reader's tests.

Run by hand in this folder; needs numpy, and the package safetensors to check the good files with
the reference implementation (it is skipped when it is not there). The bad files come with the
message that the reader gives, in bad_safetensors/expected.txt: file, tab, text.
"""
import json
import os
import struct

import numpy


def pack(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(dtype="F32", shape=(2,), begin=0, end=8, **more):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end], **more}


def good():
    rng = numpy.random.default_rng(1)
    weight = rng.standard_normal((3, 2, 2)).astype("<f4")
    values = {
        "weight": ("F32", weight),
        "half": ("F16", rng.standard_normal(3).astype("<f2")),
        "count": ("I64", numpy.array(7, "<i8")),
        "flag": ("BOOL", numpy.array([True, False])),
        "nothing": ("F32", numpy.zeros((0, 4), "<f4")),
        "bytes": ("U8", numpy.arange(5, dtype="u1")),
    }
    header, data = {"__metadata__": {"format": "pt", "who": "numpy, ä"}}, b""
    for name, (dtype, value) in values.items():
        raw = value.tobytes()
        header[name] = tensor(dtype, value.shape, len(data), len(data) + len(raw))
        data += raw
    yield "empty", struct.pack("<Q", 8) + b"{}" + b" " * 6
    yield "mixed", pack(header, data)
    # not padded, so that the numbers are not aligned
    yield "unaligned", pack(b'{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} ',
                            struct.pack("<2f", 1.5, -2))


def bad():
    f32 = struct.pack("<2f", 1, 2)
    yield "no_bytes", b"", "0 bytes are too few for a safetensors file"
    yield "seven_bytes", b"\2\0\0\0\0\0\0", "7 bytes are too few for a safetensors file"
    yield ("huge_header", struct.pack("<Q", 100000001) + b"{}",
           "its header would have 100000001 bytes, more than 100000000; not a safetensors file")
    yield ("all_ones", b"\xff" * 16,
           "its header would have 18446744073709551615 bytes, more than 100000000; not a "
           "safetensors file")
    yield ("header_cut_off", struct.pack("<Q", 100) + b"{}",
           "its header has 100 bytes but the file only 10; the file is cut off")
    yield ("no_header", struct.pack("<Q", 0),
           "its header does not begin with '{'; not a safetensors file")
    yield "space_first", pack(b" {}"), "its header does not begin with '{'; not a safetensors file"
    yield "a_list", pack(b"[]"), "its header does not begin with '{'; not a safetensors file"
    yield "not_json", pack(b"{nonsense}"), "its header is not valid JSON"
    yield "not_closed", pack(b'{"x":{'), "its header is not valid JSON"
    yield "not_utf8", pack(b'{"\xff\xfe":1}'), "its header is not valid JSON"
    yield "behind_header", pack(b"{}x"), "its header is not valid JSON"
    yield "nul_in_name", pack(b'{"a\\u0000b":{}}'), "its header is not valid JSON"
    yield "deep", pack(b'{"x":' + b"[" * 5000), "its header is not valid JSON"
    yield ("twice", pack(b'{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},'
                         b'"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', f32),
           "its header is not valid JSON")
    yield "metadata_list", pack({"__metadata__": []}), '"__metadata__" is not an object'
    yield ("metadata_number", pack({"__metadata__": {"epoch": 3}}),
           "\"__metadata__\" has a value for 'epoch' that is not a string")
    yield "not_an_object", pack({"x": 3}), "tensor 'x' is not described by an object"
    yield ("no_shape", pack({"x": {"dtype": "F32", "data_offsets": [0, 8]}}, f32),
           "tensor 'x' has no \"shape\" that is a list")
    yield ("no_dtype", pack({"x": {"type": "F32", "shape": [2], "data_offsets": [0, 8]}}, f32),
           "tensor 'x' has no \"dtype\" that is a string")
    yield ("negative_dim", pack({"x": tensor(shape=[-2])}, f32),
           "tensor 'x': item 0 of its shape is not a size")
    yield ("real_dim", pack({"x": tensor(shape=[2, 1.0])}, f32),
           "tensor 'x': item 1 of its shape is not a size")
    yield ("too_large", pack({"x": tensor(shape=[1 << 40, 1 << 40])}, f32),
           "tensor 'x': its shape has more bytes than any file")
    yield ("no_offsets", pack({"x": {"dtype": "F32", "shape": [2], "offsets": [0, 8]}}, f32),
           "tensor 'x' has no \"data_offsets\" of two integers")
    yield ("three_offsets",
           pack({"x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8, 9]}}, f32),
           "tensor 'x' has no \"data_offsets\" of two integers")
    yield ("backwards", pack({"x": tensor(begin=8, end=0)}, f32),
           "tensor 'x': data_offsets 8, 0 are not in order")
    yield ("negative_offset", pack({"x": tensor(begin=-8, end=0)}, f32),
           "tensor 'x': data_offsets -8, 0 are not in order")
    yield ("data_cut_off", pack({"x": tensor()}, f32[:5]),
           "tensor 'x' ends at byte 8 of a buffer of 5; the file is cut off")
    yield ("wrong_size", pack({"x": tensor(shape=[3])}, f32),
           "tensor 'x' has 8 bytes of data, but its shape and dtype make 12")
    yield ("hole", pack({"x": tensor(), "y": tensor(begin=12, end=20)}, f32 * 3),
           "tensor 'y' begins at byte 12, but the one before ends at 8: a hole")
    yield ("hole_first", pack({"x": tensor(begin=4, end=12)}, f32 * 2),
           "tensor 'x' begins at byte 4, but the one before ends at 0: a hole")
    yield ("overlap", pack({"x": tensor(), "y": tensor(begin=4, end=12)}, f32 * 2),
           "tensor 'y' begins at byte 4, but the one before ends at 8: they overlap")
    yield ("shared", pack({"x": tensor(), "y": tensor()}, f32),
           "begins at byte 0, but the one before ends at 8: they overlap")
    yield "bytes_behind", pack({"x": tensor()}, f32 + b"abc"), "3 bytes follow the last tensor"
    yield "offset_too_big", pack(b'{"x":{"dtype":"F32","shape":[2],"data_offsets":'
                                 b"[0,99999999999999999999]}}", f32), "its header is not valid JSON"


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def main():
    os.makedirs("safetensors", exist_ok=True)
    os.makedirs("bad_safetensors", exist_ok=True)
    for name, data in good():
        write(f"good_safetensors/{name}.safetensors", data)
        try:
            import safetensors.numpy
            safetensors.numpy.load(data)
        except ImportError:
            print("safetensors is not installed: not checked")
    with open("bad_safetensors/expected.txt", "w") as expected:
        for name, data, message in bad():
            write(f"bad_safetensors/{name}.safetensors", data)
            expected.write(f"{name}.safetensors\t{message}\n")


main()
