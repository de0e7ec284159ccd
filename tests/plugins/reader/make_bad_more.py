#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Damaged and lying TIFF and DICOM files in bad/: run by hand in this folder, behind make_readers.py and make_dicom.py.

What is said of each, bad/NAME.err, is what the readers say, and was read by a person:
    BUILD/tests/data/image_files --print bad/NAME >bad/NAME.err
"""
import io
import struct
import zlib

import numpy as np
from PIL import Image

exec(open("make_tiff.py").read())
exec("".join(open("make_readers.py").read().partition("# ---- PNG, chunk by chunk")[1:]).split("# ---- expectations")[0])
rng = np.random.RandomState(3)


def put_bad(name, data):
    with open("bad/" + name, "wb") as f:
        f.write(data)


# ---- TIFF


def page(a=None, bits=8, photometric=1, change=None, blocks=None, **more):
    """A page with other tags; None takes one away."""
    a = rng.randint(0, 256, (8, 8, 1)).astype(np.uint8) if a is None else a
    tags, own = tiff_page(a, bits, photometric, **more)
    tags.update({k: v for k, v in (change or {}).items() if v})
    for k, v in (change or {}).items():
        if not v:
            tags.pop(k, None)
    return tags, own if blocks is None else blocks


def bad_tiff():
    good = tiff_file([page()])
    for n in (4, 7, 8, 20, 72, 80, 100, 190):
        put_bad("cut_%d.tif" % n, good[:n])
    big = tiff_file([page()], big=True)
    for n in (8, 15, 16, 90):
        put_bad("cut_big_%d.tif" % n, big[:n])
    put_bad("folder_outside.tif", good[:4] + struct.pack("<I", 0x7FFFFFFF) + good[8:])
    put_bad("folder_outside_big.tif", big[:8] + struct.pack("<Q", 1 << 62) + big[16:])
    put_bad("folder_odd.tif", good[:4] + struct.pack("<I", 9) + good[8:])
    put_bad("folder_count.tif", b"II*\0" + struct.pack("<IH", 8, 65535) + b"\xff" * 400)
    put_bad("folder_empty.tif", b"II*\0" + struct.pack("<IHI", 8, 0, 0))
    S, L = 3, 4
    for name, change in {
        "width_0": {256: (L, [0])},
        "height_0": {257: (L, [0])},
        "width_none": {256: None},
        "height_none": {257: None},
        "65500": {256: (L, [65500]), 257: (L, [65500])},
        "largest": {256: (L, [0xFFFFFFFF]), 257: (L, [0xFFFFFFFF])},
        "16384": {256: (L, [16384]), 257: (L, [16384]), 278: (L, [16384])},
        "claims_deflate": {256: (L, [16384]), 257: (L, [16384]), 278: (L, [16384]), 259: (S, [8])},
        "claims_lzw": {256: (L, [16384]), 257: (L, [16384]), 278: (L, [16384]), 259: (S, [5])},
        "claims_zstd": {256: (L, [16384]), 257: (L, [16384]), 278: (L, [16384]), 259: (S, [50000])},
        "row": {256: (L, [1 << 27]), 257: (L, [1])},
        "bits_0": {258: (S, [0])},
        "bits_32": {258: (S, [32])},
        "bits_64": {258: (S, [64])},
        "samples_0": {277: (S, [0])},
        "samples_9": {277: (S, [9])},
        "samples_65535": {277: (S, [65535])},
        "kind_none": {262: None},
        "kind_lab": {262: (S, [8]), 277: (S, [3]), 258: (S, [8, 8, 8])},
        "kind_unknown": {262: (S, [999])},
        "kind_rgb_of_one": {262: (S, [2])},
        "palette_none": {262: (S, [3])},
        "palette_short": {262: (S, [3]), 320: (S, [1, 2, 3])},
        "format_signed": {339: (S, [2])},
        "format_complex": {339: (S, [6])},
        "format_float8": {339: (S, [3])},
        "compression_unknown": {259: (S, [12345])},
        "compression_old_jpeg": {259: (S, [6])},
        "compression_thunder": {259: (S, [32809])},
        "strip_outside": {273: (L, [0x7FFFFFFF])},
        "tile_0": {322: (L, [0]), 323: (L, [16]), 324: (L, [8]), 325: (L, [64])},
        "tile_huge": {322: (L, [1 << 30]), 323: (L, [1 << 30]), 324: (L, [8]), 325: (L, [64])},
        "tile_odd": {322: (L, [7]), 323: (L, [5]), 324: (L, [8]), 325: (L, [64])},
        "planar_missing": {284: (S, [2]), 277: (S, [3]), 258: (S, [8, 8, 8]), 262: (S, [2])},
        "planar_unknown": {284: (S, [77])},
        "predictor_unknown": {317: (S, [77]), 259: (S, [8])},
        "predictor_float": {317: (S, [3]), 259: (S, [8])},
        "deflate_noise": {259: (S, [8])},
        "lzw_noise": {259: (S, [5])},
        "packbits_noise": {259: (S, [32773]), 279: (L, [10])},
        "group3_noise": {259: (S, [3]), 258: (S, [1])},
        "jpeg_noise": {259: (S, [7])},
        "zstd_noise": {259: (S, [50000])},
        "lzma_noise": {259: (S, [34925])},
        "webp_noise": {259: (S, [50001]), 262: (S, [2]), 277: (S, [3]), 258: (S, [8, 8, 8])},
        "lerc_noise": {259: (S, [34887])},
        "jbig_noise": {259: (S, [34661]), 258: (S, [1])},
        "subsampling_0": {262: (S, [6]), 277: (S, [3]), 258: (S, [8, 8, 8]), 530: (S, [0, 0])},
        "inks": {262: (S, [5]), 277: (S, [4]), 258: (S, [8, 8, 8, 8]), 332: (S, [2])},
    }.items():
        put_bad(name + ".tif", tiff_file([page(change=change)]))
    # an entry that says it has more values than there are bytes
    at = good.index(struct.pack("<HHI", 258, 3, 1))
    put_bad("tag_count.tif", good[: at + 4] + struct.pack("<I", 0xFFFFFFFF) + good[at + 8 :])
    put_bad("tag_memory.tif", good[: at + 4] + struct.pack("<I", 0x10000000) + good[at + 8 :])
    at = good.index(struct.pack("<HHI", 273, 4, 1))
    put_bad("offsets_count.tif", good[: at + 4] + struct.pack("<I", 0x10000000) + good[at + 8 :])
    nan = np.full((3, 3, 1), np.nan, np.float32)
    put_bad("nan.tif", tiff_file([page(nan, 32)]))
    put_bad("infinite.tif", tiff_file([page(np.full((3, 3, 1), np.inf, np.float32), 32)]))
    # the same bytes again and again
    tags, blocks = page(rng.randint(0, 256, (512, 64, 1)).astype(np.uint8), rows=1, compress=True)
    n = len(blocks)
    tags[273], tags[279] = (4, [8] * n), (4, [30000] * n)
    put_bad("overlap.tif", tiff_file([(tags, [b"\0" * 30000])]))
    # half of what each compression made
    y, x = np.mgrid[0:64, 0:64]
    gray = Image.fromarray((128 + 90 * np.sin(x / 5.0) * np.cos(y / 7.0)).astype(np.uint8))
    for way in ("tiff_lzw", "packbits", "tiff_adobe_deflate", "zstd", "lzma", "jpeg", "group3", "group4", "webp"):
        b = io.BytesIO()
        (gray.convert("1") if "group" in way else gray.convert("RGB") if way == "webp" else gray).save(b, "tiff", compression=way)
        data = bytearray(b.getvalue())
        folder = struct.unpack("<I", data[4:8])[0]
        for i in range(struct.unpack("<H", data[folder : folder + 2])[0]):
            e = folder + 2 + 12 * i
            tag, kind, count, value = struct.unpack("<HHII", data[e : e + 12])
            if tag == 279:
                if count == 1:
                    data[e + 8 : e + 12] = struct.pack("<I", value // 2)
                else:
                    size = struct.unpack("<I", data[value : value + 4])[0]
                    data[value : value + 4] = struct.pack("<I", size // 2)
        put_bad("half_%s.tif" % way, bytes(data))
    # a JPEG that is larger than the image around it
    b = io.BytesIO()
    gray.save(b, "jpeg")
    put_bad("jpeg_other_size.tif", tiff_file([page(change={259: (S, [7])}, blocks=[b.getvalue()])]))
    bomb = bytearray(b.getvalue())
    at = bomb.index(b"\xff\xc0") + 5
    bomb[at : at + 4] = struct.pack(">HH", 65500, 65500)
    put_bad("jpeg_65500.tif", tiff_file([page(change={259: (S, [7])}, blocks=[bytes(bomb)])]))


# ---- DICOM


def element(group, number, vr, value, length=None):
    value += b"\0" * (len(value) % 2)
    head = struct.pack("<HH", group, number) + vr.encode()
    n = len(value) if length is None else length
    if vr in ("OB", "OW", "SQ", "UN", "OF"):
        return head + struct.pack("<HI", 0, n) + value
    return head + struct.pack("<H", n & 0xFFFF) + value


def us(*values):
    return struct.pack("<%dH" % len(values), *values)


def item(value, length=None):
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(value) if length is None else length) + value


END = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
PIXELS = (0x7FE0, 0x10)


def dicom(change=None, syntax="1.2.840.10008.1.2.1", raw=None, add=b""):
    """8 x 8 numbers of 16 bits; `change`: {(group, number): (vr, value)}, None takes one away."""
    elements = {
        (0x28, 0x02): ("US", us(1)),
        (0x28, 0x04): ("CS", b"MONOCHROME2"),
        (0x28, 0x10): ("US", us(8)),
        (0x28, 0x11): ("US", us(8)),
        (0x28, 0x100): ("US", us(16)),
        (0x28, 0x101): ("US", us(12)),
        (0x28, 0x102): ("US", us(11)),
        (0x28, 0x103): ("US", us(0)),
        PIXELS: ("OW", rng.randint(0, 4096, 64).astype("<u2").tobytes()),
    }
    elements.update(change or {})
    body = b""
    for (group, number), e in sorted((k, v) for k, v in elements.items() if v):
        if (group, number) == PIXELS:
            body += add
        body += element(group, number, *e)
    if raw is not None:
        body = raw(body)
    uid = syntax.encode()
    meta = element(2, 0x10, "UI", uid) if uid else b""
    return b"\0" * 128 + b"DICM" + element(2, 0, "UL", struct.pack("<I", len(meta))) + meta + body


def compressed(fragments, syntax, bits=8, stored=8, change=None, table=b"", tail=END):
    value = item(table) + b"".join(item(f) for f in fragments) + tail
    c = {PIXELS: ("OB", value, 0xFFFFFFFF), (0x28, 0x100): ("US", us(bits)), (0x28, 0x101): ("US", us(stored)), (0x28, 0x102): ("US", us(stored - 1))}
    c.update(change or {})
    return dicom(c, syntax)


def bad_dicom():
    good = dicom()
    for n in (132, 140, 150, 170, 180, 200, 290, len(good) - 1):
        put_bad("cut_%d.dcm" % n, good[:n])
    F, D = 0xFFFFFFFF, "1.2.840.10008.1.2.1.99"
    for name, change in {
        "rows_0": {(0x28, 0x10): ("US", us(0))},
        "columns_none": {(0x28, 0x11): None},
        "65500": {(0x28, 0x10): ("US", us(65500)), (0x28, 0x11): ("US", us(65500))},
        "claims": {(0x28, 0x10): ("US", us(9000)), (0x28, 0x11): ("US", us(9000))},
        "frames_many": {(0x28, 8): ("IS", b"2147483647")},
        "frames_2": {(0x28, 8): ("IS", b"2")},
        "frames_0": {(0x28, 8): ("IS", b"0")},
        "frames_negative": {(0x28, 8): ("IS", b"-4")},
        "frames_text": {(0x28, 8): ("IS", b"two")},
        "bits_0": {(0x28, 0x100): ("US", us(0))},
        "bits_12": {(0x28, 0x100): ("US", us(12))},
        "bits_64": {(0x28, 0x100): ("US", us(64))},
        "stored_0": {(0x28, 0x101): ("US", us(0))},
        "stored_17": {(0x28, 0x101): ("US", us(17))},
        "high_16": {(0x28, 0x102): ("US", us(16))},
        "high_3": {(0x28, 0x102): ("US", us(3))},
        "samples_2": {(0x28, 2): ("US", us(2))},
        "samples_4": {(0x28, 2): ("US", us(4))},
        "colours_none": {(0x28, 4): None},
        "colours_unknown": {(0x28, 4): ("CS", b"ULTRAVIOLET")},
        "colours_cmyk": {(0x28, 4): ("CS", b"CMYK")},
        "slope_0": {(0x28, 0x1053): ("DS", b"0")},
        "slope_text": {(0x28, 0x1053): ("DS", b"steep")},
        "slope_nan": {(0x28, 0x1053): ("DS", b"nan")},
        "intercept_huge": {(0x28, 0x1052): ("DS", b"1e999")},
        "window_0": {(0x28, 0x1050): ("DS", b"40"), (0x28, 0x1051): ("DS", b"0")},
        "window_text": {(0x28, 0x1050): ("DS", b"middle"), (0x28, 0x1051): ("DS", b"10")},
        "palette_none": {(0x28, 4): ("CS", b"PALETTE COLOR")},
        "palette_short": {(0x28, 4): ("CS", b"PALETTE COLOR"), (0x28, 0x1101): ("US", us(256, 0, 16)), (0x28, 0x1201): ("OW", us(1, 2, 3))},
        "table_short": {(0x28, 0x3000): ("SQ", item(element(0x28, 0x3002, "US", us(256, 0, 16)) + element(0x28, 0x3006, "OW", us(1, 2))))},
        "table_none": {(0x28, 0x3010): ("SQ", item(element(0x28, 0x3002, "US", us(256, 0, 16))))},
        "pixels_none": {PIXELS: None},
        "pixels_float": {PIXELS: None, (0x7FE0, 8): ("OF", b"\0" * 256)},
        "pixels_short": {PIXELS: ("OW", b"\0" * 100)},
        "pixels_length": {PIXELS: ("OW", b"\0" * 128, 0x7FFFFFFE)},
        "text_length": {(8, 0x60): ("OB", b"CT", 0xFFFFFFF0)},
        "undefined_text": {(8, 0x60): ("OB", b"CT", F)},
    }.items():
        put_bad(name + ".dcm", dicom(change))
    deep = b""
    for _ in range(200):
        deep = element(0x8, 0x1140, "SQ", item(deep, F) + struct.pack("<HHI", 0xFFFE, 0xE00D, 0) + END, F)
    put_bad("deep.dcm", dicom(add=deep))
    put_bad("sequence_open.dcm", dicom(add=element(8, 0x1140, "SQ", item(b"", F), F)))
    put_bad("item_long.dcm", dicom(add=element(8, 0x1140, "SQ", item(b"", 0x7FFFFFFF) + END, F)))
    put_bad("syntax_none.dcm", dicom(syntax="", raw=lambda b: b"\1\2\3\4\5\6\7"))
    put_bad("syntax_unknown.dcm", compressed([b"\xff\xd8"], "1.2.3.4"))
    put_bad("syntax_j2k.dcm", compressed([b"\xff\x4f"], "1.2.840.10008.1.2.4.90"))
    put_bad("syntax_mpeg.dcm", compressed([b"\0\0\1"], "1.2.840.10008.1.2.4.100"))
    for name, raw in {
        "deflate_noise": lambda b: bytes(range(200)),
        "deflate_cut": lambda b: zlib.compress(b, 9)[2:-4][:60],
        "deflate_bomb": lambda b: zlib.compress(element(8, 0x60, "OB", bytes(20 << 20)) + b, 9)[2:-4],
        "deflate_empty": lambda b: b"",
    }.items():
        put_bad(name + ".dcm", dicom(syntax=D, raw=raw))
    y, x = np.mgrid[0:8, 0:8]
    b = io.BytesIO()
    Image.fromarray((128 + 90 * np.sin(x / 2.0) * np.cos(y / 3.0)).astype(np.uint8)).save(b, "jpeg")
    jpeg, J = b.getvalue(), "1.2.840.10008.1.2.4.50"
    at = jpeg.index(b"\xff\xc0") + 5
    scan = jpeg.index(b"\xff\xda")
    for name, fragment in {
        "jpeg_65500": jpeg[:at] + struct.pack(">HH", 65500, 65500) + jpeg[at + 4 :],
        "jpeg_16": jpeg[:at] + struct.pack(">HH", 16, 16) + jpeg[at + 4 :],
        "jpeg_cut": jpeg[: scan + 16],
        "jpeg_ended": jpeg[: scan + 12] + b"\xff\xd9",
        "jpeg_headless": jpeg[2:],
        "jpeg_frameless": jpeg[: at - 5] + jpeg[scan:],
        "jpeg_noise": rng.bytes(200),
        "jpeg_empty": b"",
        "jpeg_two": jpeg[: scan] + jpeg[at - 5 : at - 5 + 13] + jpeg[scan:],
        "jpeg_scans": jpeg[:-2] + jpeg[scan:-2] * 120 + jpeg[-2:],
        "jpeg_length": jpeg[:4] + b"\xff\xff" + jpeg[6:],
    }.items():
        put_bad(name + ".dcm", compressed([fragment], J))
    put_bad("jpeg_unended.dcm", compressed([jpeg], J, tail=b""))
    put_bad("fragments_none.dcm", compressed([], J))
    put_bad("fragments_few.dcm", compressed([jpeg, jpeg], J, change={(0x28, 8): ("IS", b"3")}))
    put_bad("offsets_lie.dcm", compressed([jpeg, jpeg, jpeg], J, change={(0x28, 8): ("IS", b"2")}, table=struct.pack("<II", 77, 99)))
    put_bad("jpeg_claims.dcm", compressed([jpeg], J, change={(0x28, 0x10): ("US", us(16000)), (0x28, 0x11): ("US", us(16000))}))
    R = "1.2.840.10008.1.2.5"
    head = struct.pack("<16I", 1, 64, *[0] * 14)
    for name, fragment in {
        "rle_short": head + b"\x07abcdefgh",
        "rle_cut": head + b"\x7fabc",
        "rle_segments": struct.pack("<16I", 2, 64, 70, *[0] * 13) + b"\xc1a" * 4,
        "rle_offset": struct.pack("<16I", 1, 0x7FFFFFFF, *[0] * 14) + b"\xc1a",
        "rle_header": head[:40],
    }.items():
        put_bad(name + ".dcm", compressed([fragment], R))
    ls = b"\xff\xd8\xff\xf7" + struct.pack(">HBHHBBBB", 11, 8, 8, 8, 1, 1, 0x11, 0) + b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, 0, 0, 0)
    put_bad("jpeg_ls_short.dcm", compressed([ls + b"\1\2\3\xff\xd9"], "1.2.840.10008.1.2.4.80"))
    put_bad("jpeg_ls_noise.dcm", compressed([ls + b"\xff\x7f" * 40 + b"\xff\xd9"], "1.2.840.10008.1.2.4.80"))
    half = {(0x28, 2): ("US", us(3)), (0x28, 4): ("CS", b"YBR_FULL_422"), (0x28, 6): ("US", us(1)), (0x28, 0x100): ("US", us(8))}
    half.update({(0x28, 0x101): ("US", us(8)), (0x28, 0x102): ("US", us(7)), PIXELS: ("OB", bytes(128))})
    put_bad("ybr_422_planar.dcm", dicom(half))


bad_tiff()
bad_dicom()
