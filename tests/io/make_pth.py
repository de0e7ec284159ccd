#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes good_pth/ and bad_pth/: files of PyTorch 1.13 and files made by hand.

Beside each good NAME.pth is NAME.txt: what was taken off, then a line for each tensor, sorted by name:
name, type, sizes, and the numbers. Beside each bad one is NAME.err, kept by hand: the message that
refuses it.
Run here, by hand: python3 make_pth.py
"""
import argparse
import collections
import datetime
import decimal
import enum
import functools
import io
import os
import pathlib
import struct
import sys
import types as types_of_python
import uuid
import zipfile
import zlib

import numpy
import torch

TYPES = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
         torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
         torch.uint8: "U8", torch.bool: "BOOL"}


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


# ---- pickles by hand

def text(s):
    b = s.encode() if isinstance(s, str) else s
    return b"X" + struct.pack("<I", len(b)) + b


def integer(n):
    if 0 <= n < 256:
        return b"K" + bytes([n])
    if -2**31 <= n < 2**31:
        return b"J" + struct.pack("<i", n)
    return b"\x8a\x08" + struct.pack("<q", n)


def name(module, attribute):
    return b"c" + module.encode() + b"\n" + attribute.encode() + b"\n"


def several(items):
    return b"(" + b"".join(items) + b"t"


def storage(key="0", count=4, kind=None, place="cpu", extra=b""):
    return several([text("storage"), kind or name("torch", "FloatStorage"), text(key), text(place),
                    integer(count)])[:-1] + extra + b"tQ"


def tensor(sizes=(4,), strides=(1,), offset=0, where=None):
    return (name("torch._utils", "_rebuild_tensor_v2") +
            several([where or storage(), integer(offset), several(map(integer, sizes)),
                     several(map(integer, strides)), b"\x89",
                     name("collections", "OrderedDict") + b")R"]) + b"R")


def typed(kind, sizes, strides, count):
    return (name("torch._utils", "_rebuild_tensor_v3") +
            several([storage("0", count, name("torch.storage", "UntypedStorage")), integer(0),
                     several(map(integer, sizes)), several(map(integer, strides)), b"\x89",
                     name("collections", "OrderedDict") + b")R", name("torch", kind)]) + b"R")


def dictionary(items):
    return b"}(" + b"".join(text(k) + v for k, v in items.items()) + b"u"


def program(body):
    return b"\x80\x02" + body + b"."


FOUR = struct.pack("<4f", 1, 2, 3, 4)


# ---- archives by hand

def archive(entries):
    """`entries`: (name, bytes[, changes]); changes overwrite fields of both headers, or set where
    the entry claims to begin."""
    out, directory = b"", b""
    for entry in entries:
        entry_name, data = entry[0].encode(), entry[1]
        c = dict(flags=0, method=0, crc=zlib.crc32(data), packed=None, size=len(data), at=len(out))
        c.update(entry[2] if len(entry) > 2 else {})
        packed = c["packed"] if c["packed"] is not None else data
        common = struct.pack("<HHHHHIIIHH", 20, c["flags"], c["method"], 0, 0x21, c["crc"],
                             c.get("packed_size", len(packed)), c["size"], len(entry_name), 0)
        if c["at"] == len(out):
            out += b"PK\3\4" + common + entry_name + packed
        directory += (b"PK\1\2" + struct.pack("<H", 20) + common +
                      struct.pack("<HHHII", 0, 0, 0, 0, c["at"]) + entry_name)
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(out), 0)
    return out + directory + b"PK\5\6" + end


def deflate(data):
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    return z.compress(data) + z.flush()


def deflated(entry_name, data, **changes):
    return entry_name, data, dict(method=8, packed=deflate(data), **changes)


def file_of(body, *more):
    return archive([("a/data.pkl", program(body)), ("a/data/0", FOUR), ("a/version", b"3\n"), *more])


# ---- the older format by hand

MAGIC = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e"
LITTLE = program(dictionary({"protocol_version": integer(1001), "little_endian": b"\x88"}))


def keys_of(*keys):
    return program(b"](" + b"".join(map(text, keys)) + b"e")


def old(magic=MAGIC, version=program(integer(1001)), machine=LITTLE, body=None, keys=keys_of("0"),
        storages=struct.pack("<q", 4) + FOUR):
    body = body or dictionary({"x": tensor(where=storage(extra=b"N"))})
    return magic + version + machine + program(body) + keys + storages


# ---- good files

def describe(state, unwrapped):
    """A text in place of a tensor is the rest of its line: type, sizes and, behind a '!', why it is not
    read."""
    lines = [unwrapped]
    for key in sorted(state, key=str.encode):
        if isinstance(state[key], str):
            lines.append(key + " " + state[key])
            continue
        t = state[key].detach()
        numbers = [repr(float(v)) for v in t.double().flatten().tolist()]
        lines.append(" ".join([key, TYPES[t.dtype], ",".join(map(str, t.shape)) or "-"] + numbers))
    return "\n".join(lines) + "\n"


def formula(*shape):
    count = torch.Size(shape).numel()
    return ((torch.arange(count, dtype=torch.float64) * 7 % 23 - 11) / 4).float().reshape(shape)


def net():
    torch.manual_seed(1)
    return torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2),
                               torch.nn.Flatten(), torch.nn.Linear(2, 3))


def views():
    base = formula(4, 6)
    return collections.OrderedDict(
        plain=base, transposed=base.t(), sliced=base[1:3, ::2], row=base[2], column=base[:, 1],
        permuted=formula(2, 3, 4).permute(2, 0, 1), expanded=formula(1, 3).expand(5, 3),
        scalar=torch.tensor(2.5), view=base.view(2, 12), nothing=torch.empty(0, 3),
        parameter=torch.nn.Parameter(formula(3, 2)))


def types():
    base = formula(2, 5)
    state = {TYPES[t]: base.to(t) for t in TYPES if t not in (torch.uint8, torch.bool)}
    state["U8"] = base.abs().to(torch.uint8)
    state["BOOL"] = base > 0
    return state


# ---- what stands beside weights: stand-ins for the classes of frameworks

def stand_in(module, kind):
    parts = module.split(".")
    for i in range(1, len(parts) + 1):
        path = ".".join(parts[:i])
        sys.modules.setdefault(path, types_of_python.ModuleType(path))
    kind.__module__, kind.__qualname__ = module, kind.__name__
    setattr(sys.modules[module], kind.__name__, kind)
    return kind


class ModelCheckpoint:
    pass


class DictConfig(dict):
    def __init__(self, content):
        super().__init__()
        self.__dict__.update({"_content": content, "_metadata": {"ref_type": 1}})


class HistoryBuffer:
    def __init__(self):
        self._log_history, self.max_length = numpy.arange(3.0), 1000000


class AttributeDict(dict):
    pass


class MetaTensor(torch.Tensor):
    pass


class Color(enum.Enum):
    RED = 1


class History(list):
    pass


Result = collections.namedtuple("Result", "loss accuracy")

for path, kinds in {"pytorch_lightning.callbacks": [ModelCheckpoint],
                    "omegaconf.dictconfig": [DictConfig],
                    "mmengine.logging": [HistoryBuffer, History],
                    "pytorch_lightning.utilities": [AttributeDict],
                    "monai.data.meta_tensor": [MetaTensor], "project.types": [Color, Result]}.items():
    for each in kinds:
        stand_in(path, each)


def opaque_items():
    return {"callbacks": {ModelCheckpoint: {"best": torch.tensor(0.5)}},
            "hyper_parameters": DictConfig({"lr": 0.1}), "hub": {"loss": HistoryBuffer()},
            "log": collections.deque([1, 2], 5), "losses": History([1.0, 2.0]), "mode": Color.RED,
            "counts": collections.defaultdict(list, loss=[1.0]), "x": 1j, "price": decimal.Decimal("1.5"),
            "when": datetime.datetime(2024, 1, 31, 12), "zone": datetime.timezone.utc,
            "run": uuid.UUID(int=7), "norm": functools.partial(torch.nn.BatchNorm2d, eps=1e-3),
            "types": [float, numpy.dtype("f4"), torch.nn.ReLU], "result": Result(1, 2),
            "last": torch.ones(2).as_subclass(MetaTensor), "fixed": frozenset([1]), "bytes": bytearray(3),
            "seed": numpy.random.PCG64(1).state, "huge": 2**200, "slice": slice(1, 2),
            "names": numpy.array(["a", "b"]), "module": torch.nn.Linear(1, 1)}


def attributes():
    subclass = formula(2, 3).as_subclass(MetaTensor)
    subclass.affine = numpy.eye(4)
    marked = formula(3)
    marked.tag = "x"
    return {"subclass": subclass, "marked": marked, "parameter": torch.nn.Parameter(formula(2))}


NO_COMPLEX = "complex numbers are not read; save real and imaginary parts, as torch.view_as_real() makes them"
NO_QUANTIZED = "quantized numbers are not read; save `tensor.dequantize()`"
NO_SMALL = "this type is not read; save `tensor.float()`"
NO_SPARSE = "a sparse tensor is not read; save `tensor.to_dense()`"
NO_PART = ("its storage is a part of another one, as before PyTorch 0.4; load the file in Python and "
           "write it again with torch.save")


def unread():
    dense = formula(2, 3)
    state = {"w": dense, "complex": torch.complex(dense, dense), "sparse": dense.to_sparse(),
             "csr": dense.to_sparse_csr(), "meta": torch.empty(2, 3, device="meta"),
             "quantized": torch.quantize_per_tensor(dense, 0.1, 3, torch.qint8)}
    meta = "it is on the device 'meta' and has no numbers; save the model with its weights loaded"
    told = {"complex": "C64 2,3 !" + NO_COMPLEX, "sparse": "sparse 2,3 !" + NO_SPARSE,
            "csr": "sparse - !" + NO_SPARSE, "meta": "meta 2,3 !" + meta,
            "quantized": "quantized 2,3 !" + NO_QUANTIZED}
    return state, dict(told, w=dense)


def torch_files():
    plain, prefixed = net().state_dict(), torch.nn.DataParallel(net()).state_dict()
    yield "plain", plain, plain, ""
    yield "prefixed", prefixed, prefixed, ""
    yield "views", views(), views(), ""
    yield "types", types(), types(), ""
    optimizer = {"state": {0: {"exp_avg": formula(3)}}, "param_groups": [{"lr": 0.1}]}
    yield ("wrapped", {"epoch": 3, "optimizer": optimizer, "args": argparse.Namespace(lr=0.1),
                       "model": {"other": formula(2)}, "state_dict": plain}, plain,
           "dictionary 'state_dict', 4 other items left out")
    yield "wrapped_twice", {"model": {"net": plain}}, plain, "dictionary 'model', dictionary 'net'"
    beside = {"best": numpy.float64(0.5), "rng": numpy.arange(3), "out": pathlib.PosixPath("a/b"),
              "milestones": collections.Counter([3, 6]), "where": torch.device("cpu"),
              "names": {"x", "y"}, "seed": -2**40, "type": torch.float16}
    yield "beside", dict(beside, net=plain), plain, "dictionary 'net', 8 other items left out"
    yield ("opaque", dict(opaque_items(), state_dict=plain), plain,
           "dictionary 'state_dict', 23 other items left out")
    yield ("of_other_dictionaries", {"state_dict": AttributeDict(plain)}, plain,
           "dictionary 'state_dict'")
    yield "attributes", attributes(), attributes(), ""
    yield ("unread", *unread(), "")
    yield ("nested", {"encoder": {"w": formula(2), "deep": {"b": formula(3)}}, "head": formula(4),
                      "steps": 7, "size": torch.Size([1, 2])},
           {"encoder.w": formula(2), "encoder.deep.b": formula(3), "head": formula(4)},
           "2 other items left out")


def hand_files():
    """Of newer or older PyTorch than is here, or written again by others."""
    x = {"x": torch.tensor([1.0, 2, 3, 4])}
    extra = [("a/byteorder", b"little"), ("a/.data/serialization_id", b"1" * 40)]
    body = dictionary({"x": typed("float32", (4,), (1,), 16)})
    yield "untyped", file_of(body, *extra), x, ""
    newer = {"x": tensor(where=storage("0"))}
    told = dict(x)
    for kind, shown in (("float8_e4m3fnuz", "F8_E4M3FNUZ"), ("float8_e5m2fnuz", "F8_E5M2FNUZ"),
                        ("float8_e8m0fnu", "F8_E8M0"), ("float4_e2m1fn_x2", "F4_E2M1x2"),
                        ("int3", "unknown")):
        newer[kind] = typed(kind, (4,), (1,), 16)
        told[kind] = f"{shown} 4 !{NO_SMALL}"
    kind = "it is of a kind that is not read; save a dense tensor of float32"
    newer["kind"] = name("torch._utils", "_rebuild_of_tomorrow") + b")R"
    told["kind"] = "unknown - !" + kind
    newer["type"] = tensor(where=storage(kind=name("torch", "TomorrowStorage")))
    told["type"] = "unknown 4 !" + NO_SMALL
    newer["part"] = tensor(where=storage(extra=b"]"))
    told["part"] = "F32 4 !" + NO_PART
    newer["with_state"] = (name("torch._utils", "_rebuild_parameter_with_state") +
                           several([tensor(), b"\x88", b"}", dictionary({"tag": text("x")})]) + b"R")
    told["with_state"] = x["x"]
    yield "newer", file_of(dictionary(newer)), told, ""
    unsaid = [(part[0], part[1], dict(crc=0)) for part in
              (("a/data.pkl", program(dictionary({"x": tensor()}))), ("a/data/0", FOUR))]
    yield "no_checksums", archive(unsaid), x, ""
    yield ("signed", archive([(e[0], e[1]) for e in unsaid]) + b"a signature", x,
           "11 bytes behind the archive")
    body = dictionary({"x": typed("int16", (2, 4), (4, 1), 16)})
    halves = torch.tensor(struct.unpack("<8h", FOUR), dtype=torch.int16).reshape(2, 4)
    yield "untyped_i16", file_of(body), {"x": halves}, ""
    body = program(dictionary({"x": tensor()}))
    yield "deflated", archive([deflated("a/data.pkl", body), deflated("a/data/0", FOUR)]), x, ""
    yield "no_folder", archive([("data.pkl", body), ("data/0", FOUR)]), x, ""
    yield "old_by_hand", old(), x, ""
    yield "old_behind", old() + b"more", x, "4 bytes behind the last storage"
    yield ("bytes_as_floats", archive([("a/data.pkl", program(dictionary({"x": tensor()}))),
                                       ("a/data/0", FOUR + b"odd")]), x, "")
    yield "single_tensor", file_of(tensor()), {"tensor": x["x"]}, ""
    yield ("list_of_tensors", file_of(b"](" + tensor() + integer(1) + tensor() + b"e"),
           {"0": x["x"], "2": x["x"]}, "1 other item left out")
    pairs = (name("collections", "OrderedDict") + b"](](" + text("x") +
             tensor(where=storage(extra=b"N")) + b"ee\x85R")
    yield "old_python2", old(body=pairs), x, ""
    # protocol 4: frames, short names, names from the stack, memo without numbers
    four = (b"\x95" + bytes(8) + b"}\x94\x8c\x01x\x94" + b"\x8c\x0ctorch._utils\x94" +
            b"\x8c\x12_rebuild_tensor_v2\x94\x93\x94((" + b"\x8c\x07storage" + b"\x8c\x05torch" +
            b"\x8c\x0cFloatStorage\x93" + b"\x8c\x010\x8c\x03cpuK\x04tQK\x00K\x04\x85K\x01\x85\x89" +
            b"}tRs")
    yield "protocol_4", file_of(four), x, ""


def good():
    for stem, what, state, unwrapped in torch_files():
        for suffix, zipped in ("", True), ("_old", False):
            b = io.BytesIO()
            torch.save(what, b, _use_new_zipfile_serialization=zipped)
            yield stem + suffix, b.getvalue(), state, unwrapped
    plain = net().state_dict()
    for protocol in (3, 4, 5):
        for suffix, zipped in ("", True), ("_old", False):
            b = io.BytesIO()
            torch.save(dict(opaque_items(), state_dict=plain), b, pickle_protocol=protocol,
                       _use_new_zipfile_serialization=zipped)
            yield (f"opaque_{protocol}{suffix}", b.getvalue(), plain,
                   "dictionary 'state_dict', 23 other items left out")
    yield from hand_files()


# ---- bad files

def bad_pickles():
    """Bodies that are refused, with `a/data.pkl` and one storage of four numbers around them."""
    for module, function in (("os", "system"), ("posix", "system"), ("builtins", "eval"),
                             ("builtins", "getattr"), ("__builtin__", "exec"),
                             ("subprocess", "Popen"), ("importlib", "import_module"),
                             ("torch.hub", "load")):
        yield f"calls_{module.strip('_')}_{function}", (
            name(module, function) + text("true") + b"\x85R")
    yield "calls_from_stack", b"\x8c\x02os\x8c\x06system\x93" + text("true") + b"\x85R"
    yield "name_with_escape_code", name("\x1b[31mred", "x") + b")R"
    yield "name_from_numbers", integer(1) + integer(2) + b"\x93"
    yield "calls_a_type", name("torch", "FloatStorage") + b")R"
    yield "calls_a_string", text("x") + b")R"
    yield "calls_with_a_list", name("torch", "Size") + b"]R"
    yield "dictionary_of_a_number", name("collections", "OrderedDict") + integer(1) + b"\x85R"
    yield "dictionary_of_no_pairs", name("collections", "OrderedDict") + b"](" + integer(1) + b"e\x85R"
    shared = b"]q\x00(" + b"(" + text("a") + b"Nte"
    call = name("collections", "OrderedDict") + b"h\x00\x85R"
    yield "dictionary_of_a_used_list", b"(" + shared + call + call + b"t"
    yield "inst", b"(iposix\nsystem\n"
    yield "obj", b"(" + name("collections", "OrderedDict") + b"o"
    yield "ext1", b"\x82\x01"
    yield "ext2", b"\x83\x01\x00"
    yield "ext4", b"\x84\x01\x00\x00\x00"
    yield "persid", b"Pstorage\n"
    yield "protocol_0", b"(lp0\n"
    yield "newobj_ex", name("torch", "Size") + b")}\x92"
    yield "next_buffer", b"\x97"
    yield "no_opcode", b"\xff"
    yield "protocol_9", b"\x80\x09"
    yield "memo_huge", b"}r" + struct.pack("<I", 4000000000)
    yield "memo_empty", b"h\x05"
    yield "string_too_long", b"X" + struct.pack("<I", 4000000000) + b"x"
    yield "string8_too_long", b"\x8d" + b"\xff" * 8 + b"x"
    yield "long_integer", b"\x8a\x10" + bytes(16)
    yield "stack_empty", b"\x85"
    yield "below_mark", integer(1) + b"(\x85"
    yield "no_mark", b"t"
    yield "only_marks", b"(" * 3000
    yield "two_values", b"}}"
    yield "append_to_dict", b"}" + integer(1) + b"a"
    yield "setitems_odd", b"}(" + text("x") + b"u"
    yield "build_list", b"]}b"
    yield "name_without_end", b"cos"
    yield "empty_dictionary", b"}"
    yield "number_keys", b"}" + integer(1) + tensor() + b"s"
    yield "array", name("numpy.core.multiarray", "_reconstruct") + b")R"
    yield "arrays", dictionary({"epoch": b"N", "w": name("numpy.core.multiarray", "_reconstruct") + b")R"})
    parts = dictionary({"_parameters": b"}", "_modules": b"}"})
    yield "model_in_a_dictionary", dictionary({"model": name("models.yolo", "Net") + b")\x81" + parts + b"b"})
    yield "whole_model", name("torch.nn.modules.linear", "Linear") + b")\x81}b"
    yield "own_model", name("__main__", "Net") + b")\x81}b"
    yield "holds_itself", b"}q\x00(" + text("x") + tensor() + text("me") + b"h\x00u"
    yield "state_holds_itself", b"}q\x00(" + text("x") + tensor() + text("model") + b"h\x00u"
    # each of 11 dictionaries holds the one before ten times: 10^11 tensors
    layers = b"(" + dictionary({"x": tensor()}) + b"q\x00"
    for i in range(1, 12):
        layers += (b"}q" + bytes([i]) + b"(" +
                   b"".join(text(c) + b"h" + bytes([i - 1]) for c in "abcdefghij") + b"u")
    yield "billion_tensors", dictionary({"w": layers + b"t", "d": b"h\x0b"})
    yield "key_with_newline", dictionary({"x\ny": tensor()})
    yield "key_with_nul", dictionary({"x\0y": tensor()})
    yield "key_empty", dictionary({"": tensor()})
    yield "key_long", dictionary({"x" * 600: tensor()})
    yield "name_twice", dictionary({"a": dictionary({"b": tensor()}), "a.b": tensor()})
    yield "persistent_number", dictionary({"x": tensor(where=integer(1) + b"Q")})
    yield "persistent_short", dictionary({"x": tensor(where=several([text("storage")]) + b"Q")})
    yield "persistent_long", dictionary({"x": tensor(where=storage(extra=b"NN"))})
    yield "persistent_module", dictionary({"x": tensor(where=several([text("module")]) + b"Q")})
    yield "persistent_dtype", dictionary({"x": tensor(where=storage(kind=name("torch", "float32")))})
    yield "storage_number", dictionary({"x": tensor(where=integer(0))})
    yield "storage_missing", dictionary({"x": tensor(where=storage("7"))})
    yield "storage_long_key", dictionary({"x": tensor(where=storage("7" * 5000))})
    yield "storage_escape_code", dictionary({"x": tensor(where=storage("\x1b[31m"))})
    yield "storage_small", dictionary({"x": tensor(where=storage(count=5))})
    yield "storage_negative", dictionary({"x": tensor(where=storage(count=-4))})
    yield "storage_overflow", dictionary({"x": tensor(where=storage(count=2**62 + 4))})
    yield "offset_behind", dictionary({"x": tensor(offset=1)})
    yield "offset_negative", dictionary({"x": tensor(offset=-1)})
    yield "offset_huge", dictionary({"x": tensor(offset=2**63 - 1)})
    yield "size_negative", dictionary({"x": tensor(sizes=(-4,))})
    yield "size_text", dictionary({"x": tensor().replace(b"(K\x04t(", b"(Nt(")})
    yield "stride_negative", dictionary({"x": tensor(strides=(-1,))})
    yield "stride_behind", dictionary({"x": tensor(strides=(2,))})
    yield "stride_overflow", dictionary({"x": tensor(sizes=(3, 3), strides=(2**62, 2**62))})
    yield "strides_missing", dictionary({"x": tensor(sizes=(2, 2))})
    yield "product_overflow", dictionary({"x": tensor(sizes=(2**32, 2**32), strides=(0, 0))})
    yield "bytes_overflow", dictionary({"x": tensor(sizes=(2**62,), strides=(0,))})
    yield "expanded_bomb", dictionary({"x": tensor(sizes=(10**9,), strides=(0,))})
    yield "rank_17", dictionary({"x": tensor(sizes=(1,) * 17, strides=(1,) * 17)})
    yield "few_arguments", dictionary({"x": name("torch._utils", "_rebuild_tensor_v2") + b"(" +
                                       storage() + b"tR"})
    yield "no_arguments", dictionary({"x": name("torch._utils", "_rebuild_tensor_v2") + b")R"})
    yield "type_missing", dictionary({"x": tensor().replace(b"_v2", b"_v3")})


def bad_archives():
    body = program(dictionary({"x": tensor()}))
    parts = [("a/data.pkl", body), ("a/data/0", FOUR)]
    whole = archive(parts)
    yield "empty", b""
    yield "not_a_zip", b"PK" + b"x" * 100
    for i, n in enumerate((30, 100, len(whole) // 2, len(whole) - 30, len(whole) - 1)):
        yield f"cut_off_{i}", whole[:n]
    yield "cut_off_pickle", archive([("a/data.pkl", body[:-20]), ("a/data/0", FOUR)])
    yield "bytes_after_pickle", archive([("a/data.pkl", body + b"more"), ("a/data/0", FOUR)])
    yield "no_pickle", archive([("a/data/0", FOUR)])
    yield "no_entries", archive([])
    yield "two_pickles", archive(parts + [("b/data.pkl", body)])
    yield "torchscript", archive(parts + [("a/constants.pkl", b"\x80\x02).")])
    yield "torchscript_code", archive(parts + [("a/code/__torch__.py", b"x = 1\n")])
    yield "big_endian", archive(parts + [("a/byteorder", b"big")])
    yield "byte_order_long", archive(parts + [("a/byteorder", b"little-endian-ish")])
    yield "absolute_name", archive(parts + [("/etc/passwd", b"x")])
    yield "name_with_dots", archive(parts + [("a/../../x", b"x")])
    yield "name_with_backslash", archive(parts + [("a\\x", b"x")])
    yield "name_with_escape", archive(parts + [("a\x1b[31m", b"x")])
    yield "name_empty", archive(parts + [("", b"x")])
    yield "entry_twice", archive(parts + [("a/data/0", FOUR)])
    # the old encryption puts 12 bytes in front, for which newer versions of libzip look
    yield "encrypted", archive(parts[:1] + [("a/data/0", FOUR, dict(
        flags=1, packed=bytes(12) + FOUR))])
    yield "method_bzip2", archive(parts[:1] + [("a/data/0", FOUR, dict(method=12))])
    yield "bad_checksum", archive([("a/data.pkl", body, dict(crc=1)), parts[1]])
    yield "stored_size", archive(parts[:1] + [("a/data/0", FOUR, dict(size=17))])
    yield "ratio", archive(parts[:1] + [deflated("a/data/0", FOUR, size=4000000000)])
    yield "entry_past_the_end", archive(parts[:1] + [("a/data/0", FOUR, dict(
        packed_size=2000, size=2000))])
    # 40 names for the same bytes, which deflate to a megabyte each
    at = 30 + len("a/data.pkl") + len(body)
    zeros = bytes(1 << 20)
    yield "shared_bytes", archive(parts[:1] + [deflated(f"a/data/{i}", zeros, at=at)
                                               for i in range(40)])
    # an entry inside of another one
    inside = archive([("a/data/1", FOUR)])[:30 + len("a/data/1") + len(FOUR)]
    yield "overlapping", archive([parts[0], ("a/data/0", inside), (
        "a/data/1", FOUR, dict(at=at + 30 + len("a/data/0")))])
    yield "pickle_bomb", archive([deflated("a/data.pkl", b"]" * (1 << 20)), parts[1]])
    yield "deflate_lies", archive([deflated("a/data.pkl", body, size=len(body) + 9), parts[1]])
    yield "deflate_damaged", archive([("a/data.pkl", body, dict(method=8, packed=b"\xff" * 80)),
                                      parts[1]])


def bad_old():
    yield "old_magic_only", MAGIC
    yield "old_version", old(version=program(integer(1000)))
    yield "old_version_text", old(version=program(text("1001")))
    yield "old_big_endian", old(machine=program(dictionary({"little_endian": b"\x89"})))
    yield "old_no_order", old(machine=program(dictionary({"little": b"\x88"})))
    yield "old_calls_system", old(body=name("posix", "system") + text("true") + b"\x85R")
    yield "old_keys_number", old(keys=program(integer(1)))
    yield "old_keys_of_numbers", old(keys=program(b"]" + integer(1) + b"a"))
    yield "old_key_unknown", old(keys=keys_of("0", "9"))
    yield "old_key_twice", old(keys=keys_of("0", "0"), storages=(struct.pack("<q", 4) + FOUR) * 2)
    yield "old_key_missing", old(keys=keys_of(), storages=b"")
    yield "old_count_negative", old(storages=struct.pack("<q", -1) + FOUR)
    yield "old_count_huge", old(storages=struct.pack("<q", 2**62) + FOUR)
    yield "old_count_other", old(storages=struct.pack("<q", 3) + FOUR[:12])
    yield "old_storage_cut_off", old(storages=struct.pack("<q", 4) + FOUR[:15])
    yield "old_count_cut_off", old(storages=b"\4\0\0")
    yield "old_module", old(body=several([text("module"), name("torch", "FloatStorage"), text("f"),
                                          text("source")]) + b"Q")
    whole = old()
    for i in range(1, 8):
        yield f"old_cut_off_{i}", whole[:len(whole) * i // 8]
    yield "old_tar", bytes(257) + b"ustar\00000" + bytes(248)
    yield "old_text", b"hello, world, this is no file of weights\n"


def bad():
    for stem, body in bad_pickles():
        yield stem, file_of(body)
    yield from bad_archives()
    yield from bad_old()


def main():
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    for stem, data, state, unwrapped in good():
        write(f"good_pth/{stem}.pth", data)
        write(f"good_pth/{stem}.txt", describe(state, unwrapped).encode())
    for stem, data in bad():
        write(f"bad_pth/{stem}.pth", data)


main()
