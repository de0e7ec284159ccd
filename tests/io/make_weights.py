#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes good_weights/ and bad_weights/: files of weights for the tests of this folder, and what numpy says of them.

Run by hand in this folder with Debian's python3-numpy and python3-torch. What the reader says of the
files in bad_weights/ is in its expected.txt, which is written by hand: file, tab, the whole text.
"""
import hashlib
import io
import json
import os
import struct
import zipfile

import numpy
import torch

DAY = (1980, 1, 1, 0, 0, 0)


def safetensors(tensors, notes=None, **more):
    header, data = {"__metadata__": notes} if notes else {}, b""
    for name, value in tensors.items():
        raw = value.tobytes()
        kind = {"f4": "F32", "f8": "F64", "f2": "F16", "i8": "I64", "u1": "U8"}[value.dtype.str[1:]]
        header[name] = {"dtype": kind, "shape": list(value.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    header.update(more)
    return pack(json.dumps(header).encode(), data)


def pack(text, data=b""):
    return struct.pack("<Q", len(text)) + text + data


def npy(value, version=None):
    out = io.BytesIO()
    numpy.lib.format.write_array(out, numpy.asanyarray(value), version)
    return out.getvalue()


def raw_npy(header, data=b"", version=1, minor=0, length=None):
    """An array whose header is any text."""
    text = header if isinstance(header, bytes) else header.encode()
    n = len(text) if length is None else length
    return (b"\x93NUMPY" + bytes([version, minor]) + struct.pack("<H" if version == 1 else "<I", n) +
            text + data)


def plain(shape="(2,)", descr="'<f4'", order="False", data=b"\0" * 8, more=""):
    return raw_npy("{'descr': %s, 'fortran_order': %s, 'shape': %s, %s}\n" %
                   (descr, order, shape, more), data)


def npz(entries, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in entries:
            z.writestr(zipfile.ZipInfo(name, DAY), data, method)
    return out.getvalue()


def claim(archive, size, packed=None):
    """Other sizes for the only entry, in its own header and in the directory."""
    at = archive.index(b"PK\1\2")
    packed = archive[at + 20:at + 24] if packed is None else struct.pack("<I", packed)
    sizes = packed + struct.pack("<I", size)
    return archive[:18] + sizes + archive[26:at + 20] + sizes + archive[at + 28:]


def arrays():
    rng = numpy.random.default_rng(3)
    yield "normal", rng.standard_normal((4, 3, 2)).astype("<f4")
    yield "half", rng.standard_normal((5, 7)).astype("<f2")
    yield "far", (1e8 + rng.standard_normal(1000)).astype("<f8")
    yield "big_endian", rng.standard_normal((3, 4)).astype(">f4")
    yield "big_endian_int", numpy.arange(-3, 3, dtype=">i8")
    yield "fortran", numpy.asfortranarray(rng.standard_normal((2, 3, 4)))
    yield "fortran_big", numpy.asfortranarray(rng.integers(-99, 99, (3, 5)).astype(">i2"))
    yield "flags", numpy.array([True, False, True])
    yield "bytes", numpy.arange(250, 256, dtype="u1")
    yield "signed", numpy.arange(-4, 4, dtype="i1")
    yield "words", numpy.arange(65530, 65536, dtype="<u2")
    yield "large", numpy.array([2**63, 2**64 - 1, 0], "<u8")
    yield "scalar", numpy.array(7, "<i4")
    yield "empty", numpy.zeros((0, 4), "<f4")
    yield "some/zeros", numpy.array([0, -0.0, 1, 0], "<f4")
    yield "not_finite", numpy.array([1, numpy.nan, numpy.inf, 3, -numpy.inf], "<f4")
    yield "nothing_finite", numpy.array([numpy.nan, numpy.inf], "<f8")


def good():
    entries = [(name + ".npy", npy(value)) for name, value in arrays()]
    yield "stored.npz", npz(entries)
    yield "deflated.npz", npz(entries, zipfile.ZIP_DEFLATED)
    x = numpy.arange(6, dtype="<f4").reshape(2, 3)
    yield "one.npy", npy(x)
    yield "version_2.npy", npy(x, (2, 0))
    yield "version_3.npy", npy(x, (3, 0))
    # as Python 2 wrote it, and with the keys in another order
    yield "python_2.npy", raw_npy('{"shape": (2L, 3L,), "fortran_order": True, "descr": "<f4"}\n',
                                  x.tobytes("F"))
    w = {"conv.weight": x, "conv.bias": x[0]}
    yield "a.safetensors", safetensors(w, {"format": "pt", "who": "a"})
    yield "b.safetensors", safetensors({"fc.weight": x + 1})
    yield "c.index.json", index({"conv.weight": "a.safetensors", "fc.weight": "b.safetensors",
                                 "conv.bias": "a.safetensors"})
    yield "wrapped.safetensors", safetensors({"module.model." + k: v for k, v in w.items()})
    # all of its names begin as a wrapper's would, but they are its network's
    yield "checkpoint.safetensors", safetensors(
        {**{"encoder." + k: v for k, v in w.items()}, "optim.momentum.encoder.conv.weight": x},
        {"format": "pt", "transfuse.config": "c", "transfuse.data": "d", "transfuse.sha256": "0",
         "step": "3", "preprocessing.scale": "1/255", "preprocessing.mean": "0.5",
         "preprocessing.deviation": "0.25", "preprocessing.channels": "gray"})
    yield from beside(x)
    yield from dictionaries()
    big = numpy.array([2**53 + 1, -2**63, 2**63 - 1])
    yield "long_a.npz", npz([("i.npy", npy(big)), ("u.npy", npy(numpy.array([2**64 - 1], "<u8")))])
    yield "long_b.npz", npz([("i.npy", npy(big - [1, 0, 0])),
                             ("u.npy", npy(numpy.array([2**64 - 2], "<u8")))])
    yield "blocks.npz", npz([(f"blocks.{i}.w.npy", npy(x + i)) for i in (10, 2, 1)])
    data = safetensors(w)
    yield "w-%s.safetensors" % hashlib.sha256(data).hexdigest()[:8], data


def beside(x):
    """Weights with what is no weight beside them: their own libraries read these."""
    fields = numpy.zeros(2, [("a[", "<f4"), ("b", "<i4")])
    yield "beside.npz", npz([
        ("w.npy", npy(x)), ("README.txt", b"hello"), ("__MACOSX/._w.npy", b"\0\5\x16\7"), ("arch.npy", npy(numpy.array("resnet50"))),
        ("when.npy", npy(numpy.array(["2024-01-31"], "M8[D]"))), ("fields.npy", npy(fields)),
        ("objects.npy", plain(descr="'|O'")), ("complex.npy", npy(x.astype("<c8"))),
        ("brain.npy", plain(descr="'<V2'", data=b"\0" * 4)), ("bytes.npy", npy(numpy.array(b"x")))])
    yield "behind.npy", npy(x) + npy(x + 1)
    for stem, descr in ("native", "f4"), ("equals", "=f4"), ("name", "float32"), ("letter", "f"):
        yield f"{stem}.npy", plain(shape="(2, 3)", descr=f"'{descr}'", data=x.tobytes())
    part = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24], "made_by": "somebody"}
    odd = {"dtype": "C64", "shape": [2], "data_offsets": [24, 40]}
    tiny = {"dtype": "F4", "shape": [2], "data_offsets": [40, 41]}
    header = {"__metadata__": None, "w": part, "complex": odd, "tiny": tiny}
    yield "loose.safetensors", pack(json.dumps(header).encode(), x.tobytes() + bytes(17))


def dictionaries():
    """What frameworks put side by side: timm's, torchvision's and BasicSR's averages, a teacher."""
    w = torch.arange(6.0).reshape(2, 3)
    optimizer = {"state": {0: {"exp_avg": w}}, "param_groups": [{"lr": 0.1}]}
    several = {
        "epoch": 3, "optimizer": optimizer,
        "state_dict": {"w": w}, "state_dict_ema": {"module.w": w + 1, "module.b": w[0]},
        "model_ema": {"n_averaged": torch.tensor(7), "module.w": w + 2},
        "params_ema": {"w": w + 3},
        "teacher": {"backbone": {"w": w + 4}, "head": {"w": w + 5}},
        "callbacks": {"ema.v1": {"state_dict": {"w": w + 6}, "decay": 0.9}}}
    for stem, zipped in ("dictionaries", True), ("dictionaries_old", False):
        b = io.BytesIO()
        torch.save(several, b, _use_new_zipfile_serialization=zipped)
        yield stem + ".pth", b.getvalue()


def index(weight_map):
    return json.dumps({"metadata": {"total_size": 1}, "weight_map": weight_map}).encode()


def bad_npy():
    x = npy(numpy.zeros(2, "<f4"))
    yield "magic_only", b"\x93NUMPY"
    yield "cut_in_length", x[:9]
    yield "cut_in_header", x[:40]
    yield "cut_in_numbers", x[:-1]
    yield "version_9", raw_npy("{}", version=9)
    yield "version_1_1", raw_npy("{}", minor=1)
    yield "long_header", raw_npy("{}", version=2, length=0xffffffff)
    yield "large_header", raw_npy(b" " * 70000, version=2)
    yield "objects", plain(descr="'|O'")
    yield "structured", plain(descr="[('x', '<f4'), ('y', '<i4')]")
    yield "complex", plain(descr="'<c8'")
    yield "text_array", plain(descr="'<U5'")
    yield "void", plain(descr="'|V2'")
    yield "long_double", plain(descr="'<f16'", data=b"\0" * 32)
    yield "date", plain(descr="'<M8[ns]'")
    yield "unknown_descr", plain(descr="'<f5'")
    yield "empty_descr", plain(descr="''")
    yield "descr_number", plain(descr="4")
    yield "order_number", plain(order="1")
    yield "huge", plain(shape="(4611686018427387904, 4611686018427387904)")
    yield "too_large", plain(shape="(99999999999999999999,)")
    yield "claims_more", plain(shape="(1000000000,)")
    yield "negative", plain(shape="(-2,)")
    yield "real", plain(shape="(2.0,)")
    yield "number_shape", plain(shape="(2)")
    yield "list_shape", plain(shape="[2]")
    yield "nested_shape", plain(shape="((((2,),),),)")
    yield "dimensions", plain(shape="(" + "1," * 65 + ")")
    yield "recursion", raw_npy("{'descr': " + "{" * 2000)
    yield "deep_tuple", plain(shape="(" * 2000)
    yield "call", plain(shape="__import__('os').system('true')")
    yield "no_shape", raw_npy("{'descr': '<f4', 'fortran_order': False}\n")
    yield "key_twice", plain(more="'shape': (2,)")
    yield "unknown_key", plain(more="'extra': 1")
    yield "list_header", raw_npy("['descr']")
    yield "not_closed", raw_npy("{'descr': '<f4'")
    yield "text_behind", raw_npy("{'descr': '<f4', 'fortran_order': False, 'shape': ()} # x", b"\0" * 4)


def bad_npz():
    x = npy(numpy.arange(64, dtype="<f4"))
    yield "leads_out", npz([("../x.npy", x)])
    yield "absolute", npz([("/x.npy", x)])
    yield "text", npz([("readme.txt", b"hello")])
    yield "exported", npz([("m/archive_format", b"pt2"), ("m/models/model.json", b"{}")])
    yield "keras", npz([("metadata.json", b"{}"), ("model.weights.h5", b"")])
    yield "wrapped", npz([("resnet50.pth", b"")])
    yield "fields_not_closed", npz([("x.npy", raw_npy("{'descr': [('a', '<f4'), "))])
    yield "no_name", npz([(".npy", x)])
    yield "objects", npz([("x.npy", plain(descr="'|O'"))])
    yield "not_an_array", npz([("x.npy", b"hello")])
    yield "empty_entry", npz([("x.npy", b"")])
    yield "pickled", npz([("x.npy", b"\x80\4K\1.")])
    yield "cut_off", npz([("x.npy", x)])[:-30]
    yield "claims_4_GB", claim(npz([("x.npy", x)], zipfile.ZIP_DEFLATED), 0xfffffff0)
    yield "claims_bytes", claim(npz([("x.npy", x)]), 0x70000000, 0x70000000)
    # an array of 2 GB whose entry could not be made of so few bytes
    bomb = raw_npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2000000000,), }\n")
    yield "bomb", claim(npz([("x.npy", bomb)], zipfile.ZIP_DEFLATED), len(bomb) + 2000000000)
    yield "method", npz([("x.npy", x)], zipfile.ZIP_BZIP2)
    twice = npz([("x.npy", x), ("y.npy", x)])
    yield "twice", twice.replace(b"y.npy", b"x.npy")


def bad_index():
    f = "../good_weights/b.safetensors"
    yield "leads_out", index({"fc.weight": f})
    yield "absolute", index({"fc.weight": "/etc/passwd"})
    yield "dots", index({"fc.weight": ".."})
    yield "no_file", index({"fc.weight": "missing.safetensors"})
    yield "itself", index({"fc.weight": "itself.index.json"})
    yield "lacks", index({"x": "x.safetensors", "y": "x.safetensors"})
    yield "more", index({"x": "xy.safetensors"})
    yield "elsewhere", index({"x": "x.safetensors", "y": "xy.safetensors"})
    yield "number", index({"x": 3})
    yield "list", index(["x.safetensors"])
    yield "no_map", b'{"tensors": {}}'
    yield "not_json", b'{"weight_map": {'
    yield "not_utf8", b'{"weight_map": {"\xff": "x.safetensors"}}'
    yield "twice", b'{"weight_map": {"x": "x.safetensors", "x": "x.safetensors"}}'
    yield "deep", b'{"weight_map": ' + b"[" * 5000


def bad_others():
    x = numpy.zeros(2, "<f4")
    yield "x.safetensors", safetensors({"x": x})
    yield "xy.safetensors", safetensors({"x": x, "y": x})
    yield "metadata_number.safetensors", safetensors({"x": x}, {"step": 3})
    yield "metadata_nested.safetensors", safetensors({"x": x}, {"a": {"b": "c"}})
    yield "not_utf8.safetensors", pack(b'{"\xc3\x28":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}')
    yield "cut_off.safetensors", safetensors({"x": x})[:-3]
    yield "wrong-0123456a.safetensors", safetensors({"x": x})
    yield "empty", b""
    yield "text", b"weights go here\n"
    yield "keras.h5", b"\x89HDF\r\n\x1a\n" + bytes(20)
    yield "model.onnx", b"\x08\x07\x12\x07pytorch"
    yield "weights.tar.gz", b"\x1f\x8b\x08" + bytes(20)
    yield "old.tar", bytes(257) + b"ustar\x0000" + bytes(248)
    yield "pointer.pth", (b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 +
                          b"\nsize 102530333\n")
    yield "page.pth", b"\n<!DOCTYPE html>\n<html><title>404 Not Found</title></html>\n"
    yield "checkpoint", b'model_checkpoint_path: "model.ckpt-1"\n'
    yield "model.ckpt.index", bytes(60) + b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"
    yield "weights.pkl", b"\x80\x04\x95\x05\0\0\0\0\0\0\0K\1."
    yield "model.gguf", b"GGUF\3\0\0\0"
    yield "model.tflite", b"\x1c\0\0\0TFL3"


def bad():
    yield from ((f"{name}.npy", data) for name, data in bad_npy())
    yield from ((f"{name}.npz", data) for name, data in bad_npz())
    yield from ((f"{name}.index.json", data) for name, data in bad_index())
    yield from bad_others()


def statistics():
    """name count mean variance min max zeros not_finite, of the finite numbers, by numpy."""
    for name, value in sorted(arrays()):
        x = value.astype("f8")
        finite = x[numpy.isfinite(x)]
        moments = [f(finite) if finite.size else numpy.nan
                   for f in (numpy.mean, numpy.var, numpy.min, numpy.max)]
        yield " ".join([name, str(x.size)] + ["%.17g" % m for m in moments] +
                       [str(int((finite == 0).sum())), str(x.size - finite.size)])


def digest(floats):
    """SHA-256 of the float32 bits, with one pattern for all NaN."""
    bits = numpy.asarray(floats, "<f4").view("<u4").copy()
    bits[numpy.isnan(bits.view("<f4"))] = 0x7fc00000
    return hashlib.sha256(bits.tobytes()).hexdigest()


def e4m3(b):
    """The definition of the OCP 8-bit floating point specification, section 5.3."""
    sign, exponent, mantissa = (-1) ** (b >> 7), b >> 3 & 15, b & 7
    if exponent == 15 and mantissa == 7:
        return numpy.nan
    return sign * (mantissa / 8 * 2.0**-6 if exponent == 0 else
                   (1 + mantissa / 8) * 2.0 ** (exponent - 7))


def conversions():
    """Digests of every pattern as float, and of the numbers around the middle of two neighbours."""
    u16 = numpy.arange(65536, dtype="<u2")
    half = u16.view("<f2")
    brain = torch.from_numpy(u16.view("<i2").copy()).view(torch.bfloat16)
    yield "F16", digest(half.astype("<f4"))
    yield "BF16", digest(brain.float().numpy())
    yield "F8_E5M2", digest((u16[:256] << 8).view("<f2").astype("<f4"))
    yield "F8_E4M3", digest([e4m3(b) for b in range(256)])
    for name, values, back in (
            ("F16", half.astype("<f4"), lambda x: x.astype("<f2").view("<u2")),
            ("BF16", brain.float().numpy(),
             lambda x: torch.from_numpy(x).bfloat16().view(torch.int16).numpy().view("<u2"))):
        last = 0x7c00 if name == "F16" else 0x7f80
        x, y = values[:last - 1], values[1:last]
        middle = (x / 2 + y / 2).astype("<f4")
        around = numpy.stack([numpy.nextafter(middle, numpy.float32(0)), middle,
                              numpy.nextafter(middle, numpy.float32(numpy.inf)), -middle])
        yield "to_" + name, hashlib.sha256(back(around.astype("<f4")).tobytes()).hexdigest()


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def main():
    for folder, files in (("good_weights", good()), ("bad_weights", bad())):
        os.makedirs(folder, exist_ok=True)
        for name, data in files:
            write(os.path.join(folder, name), data)
    write("good_weights/statistics.txt", "".join(line + "\n" for line in statistics()).encode())
    write("good_weights/conversions.txt", "".join(f"{k} {v}\n" for k, v in conversions()).encode())


main()
