#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes dicom/: run by hand in this folder, with Debian's python3-pydicom, python3-numpy and dcmtk.

dicom/*.dcm are small files of every sort, dicom/expected what becomes of each; dicom/pydicom is the same for the files
that come with pydicom, which are not copied. A line has, with tabs between: the file, options of the reader or -, and
either the type, height, width and channels with the SHA-256 of the numbers, or the word refused with what is said.

Stored numbers are pydicom's (of what it cannot decompress, those that dcmtk's programs write); the way from there is
computed here once more, in numpy, from the text of the standard (PS3.3, C.7.6.3, C.11.1, C.11.2). What comes out is
held against dcmj2pnm: within 1 of 255, as that truncates. Colours that are not RGB are dcmj2pnm's."""
import hashlib
import os
import subprocess
import tempfile
import warnings

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID

warnings.simplefilter("ignore")
PACKAGE = os.path.join(os.path.dirname(pydicom.__file__), "data", "test_files")
# where dcmj2pnm is another opinion: one bit is shown at half of its range, and words of 32 bits in big endian are
# turned by halves (pydicom and the same file in little endian are as we are)
OTHER_OPINION = {"liver_1frame.dcm", "liver_expb_1frame.dcm", "rtdose_expb.dcm", "rtdose_expb_1frame.dcm"}
draw = np.random.RandomState(7)


def pnm(path, *options):
    for program in ("dcmj2pnm", "dcml2pnm"):
        done = subprocess.run([program, *options, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if done.returncode == 0:
            kind, width, height, _ = done.stdout.split(None, 4)[:4]
            shape = (int(height), int(width), 3 if kind == b"P6" else 1)
            return np.frombuffer(done.stdout[-int(np.prod(shape)) :], np.uint8).reshape(shape)
    return None


def decompressed(path):
    ds = pydicom.dcmread(path)
    if not ds.file_meta.TransferSyntaxUID.is_compressed or ds.file_meta.TransferSyntaxUID == pydicom.uid.RLELossless:
        return ds
    for program in ("dcmdjpeg", "dcmdjpls"):
        with tempfile.NamedTemporaryFile() as f:
            if subprocess.run([program, path, f.name], stderr=subprocess.DEVNULL).returncode == 0:
                return pydicom.dcmread(f.name)
    raise ValueError(path)


def stored_numbers(ds, frame):
    """H,W,C as they lie in the file, of the bits that are stored."""
    a = ds.pixel_array
    if int(getattr(ds, "NumberOfFrames", 1) or 1) > 1:
        a = a[frame]
    a = a.reshape(a.shape[0], a.shape[1], -1)
    if ds.BitsAllocated == 1:
        return a.astype(np.int64)
    shift = ds.HighBit + 1 - ds.BitsStored
    raw = a.astype(np.int64) & ((1 << ds.BitsAllocated) - 1)
    raw = raw >> shift & ((1 << ds.BitsStored) - 1)
    if ds.PixelRepresentation:
        raw = np.where(raw >= 1 << (ds.BitsStored - 1), raw - (1 << ds.BitsStored), raw)
    return raw


def looked_up(item, x, signed):
    count, first, bits = (int(v) for v in item.LUTDescriptor)
    count = count or 65536
    first = first - 65536 if signed and first > 32767 else first
    data = item.LUTData
    table = np.frombuffer(data, "<u2") if isinstance(data, bytes) else np.array(data)
    return table[np.clip(np.floor(x + 0.5).astype(int) - first, 0, count - 1)].astype(float), bits


def group_of(ds, frame, name, key):
    for groups, i in (("PerFrameFunctionalGroupsSequence", frame), ("SharedFunctionalGroupsSequence", 0)):
        if groups in ds and name in ds[groups][i] and key in ds[groups][i][name][0]:
            return ds[groups][i][name][0]
    return ds


def gray(ds, frame, window, full):
    stored = stored_numbers(ds, frame)
    signed = bool(ds.PixelRepresentation)
    count = 1 << ds.BitsStored
    ends = np.array([-count // 2, count // 2 - 1] if signed else [0, count - 1], float)
    rescale = group_of(ds, frame, "PixelValueTransformationSequence", "RescaleSlope")
    slope, intercept = float(rescale.get("RescaleSlope", 1) or 1), float(rescale.get("RescaleIntercept", 0) or 0)
    if "ModalityLUTSequence" in ds:
        x, bits = looked_up(ds.ModalityLUTSequence[0], stored, signed)
        low, high = 0, (1 << bits) - 1
    else:
        x = stored * slope + intercept
        low, high = sorted(ends * slope + intercept)
    voi = group_of(ds, frame, "FrameVOILUTSequence", "WindowCenter")
    shape = voi.get("VOILUTFunction", "LINEAR")
    has_table = False
    if window is None and not full:
        first = lambda v: float(v[0] if isinstance(v, (list, pydicom.multival.MultiValue)) else v)
        if "WindowCenter" in voi and voi.WindowCenter not in (None, ""):
            window = first(voi.WindowCenter), first(voi.WindowWidth)
        elif "VOILUTSequence" in ds:
            has_table = True
    else:
        shape = "LINEAR"
    if has_table:
        y, bits = looked_up(ds.VOILUTSequence[0], x, signed and slope > 0)
        y = y / ((1 << bits) - 1)
    elif window is None:
        y = (x - low) / (high - low)
    else:
        c, w = window
        if shape == "SIGMOID":
            y = 1 / (1 + np.exp(-4 * (x - c) / w))
        elif shape == "LINEAR_EXACT":
            y = (x - c) / w + 0.5
        else:
            with np.errstate(all="ignore"):
                y = (x - (c - 0.5)) / (w - 1) + 0.5
            y = np.where(x <= c - 0.5 - (w - 1) / 2, 0, np.where(x > c - 0.5 + (w - 1) / 2, 1, y))
    y = np.clip(y, 0, 1)
    if ds.PhotometricInterpretation == "MONOCHROME1" or ds.get("PresentationLUTShape") == "INVERSE":
        y = 1 - y
    most = 255 if ds.BitsStored <= 8 else 65535
    out = np.floor(y * most + 0.5).astype(np.uint8 if most == 255 else np.uint16)
    if "PixelPaddingValue" in ds:
        a = int(ds.PixelPaddingValue)
        b = int(ds.get("PixelPaddingRangeLimit", a))
        out[(stored >= min(a, b)) & (stored <= max(a, b))] = 0
    return out


def image(path, window=None, full=False, frame=0):
    try:
        ds = decompressed(path)
    except (ValueError, AttributeError):
        ds = None
    if ds is not None and ds.PhotometricInterpretation in ("MONOCHROME1", "MONOCHROME2"):
        return gray(ds, frame, window, full)
    seen = pnm(path, "+F", str(frame + 1))
    if ds is not None and ds.PhotometricInterpretation == "RGB":
        stored, most = stored_numbers(ds, frame), (1 << ds.BitsStored) - 1
        full = 255 if ds.BitsStored <= 8 else 65535
        rgb = np.array([int(v) * full + most // 2 for v in stored.reshape(-1)], object) // most
        rgb = rgb.reshape(stored.shape).astype(np.uint8 if full == 255 else np.uint16)
        assert (np.abs((rgb // 257 if full > 255 else rgb).astype(int) - seen) <= 1).all(), path
        return rgb
    return seen


def line(name, options, a):
    return "\t".join(
        (name, options, {1: "u8", 2: "u16"}[a.dtype.itemsize], *map(str, a.shape), hashlib.sha256(a.astype(a.dtype.newbyteorder("<")).tobytes()).hexdigest())
    )


def compare(name, path, a, window=None, frame=0):
    options = ["+F", str(frame + 1)]
    ds = pydicom.dcmread(path)
    if a.shape[2] == 1 and window:
        options += ["+Ww", str(window[0]), str(window[1])]
    seen = pnm(path, *options, "+Wi", "1") if a.shape[2] == 1 and not window else pnm(path, *options)
    seen = pnm(path, *options) if seen is None else seen
    if seen is None or name in OTHER_OPINION:
        return
    x = a / 257.0 if a.dtype == np.uint16 else a.astype(float)
    if "PixelPaddingValue" in ds:
        x = np.where(a == 0, seen, x)
    worst = np.abs(x - seen).max()
    assert worst <= 1.001, (name, worst)


# ---- what comes with pydicom

REFUSED = {
    "693_J2KI.dcm": None,
}


def package_files():
    found = [f for f in os.listdir(PACKAGE) if f.endswith(".dcm")]
    top = os.path.join(PACKAGE, "dicomdirtests")
    for folder, _, files in os.walk(top):
        found += [os.path.relpath(os.path.join(folder, f), PACKAGE) for f in files if not f.lower().startswith("readme")]
    return sorted(found)


def reason(path):
    """Why it is not read, in the words of the reader; from what pydicom says of the file."""
    whole = open(path, "rb").read()
    if whole[128:132] != b"DICM":
        return "no reader knows its format"
    try:
        ds = pydicom.dcmread(path)
        syntax = ds.file_meta.get("TransferSyntaxUID", "")
        has_pixels = "PixelData" in ds
        kind = ds.get("PhotometricInterpretation", "")
    except Exception:
        return "damaged, or ends early"
    if has_pixels and kind in ("YBR_RCT", "YBR_ICT"):
        return "its colours are '%s'" % kind
    if syntax and syntax.startswith("1.2.840.10008.1.2.4.9"):
        return "its pixels are compressed in a way that is not read: JPEG 2000"
    return "it has no pixels" if not has_pixels else None


SPECIAL = {
    "MR_truncated.dcm": "damaged, or ends early",
    "SC_rgb_jpeg.dcm": "damaged, or ends early",
    "rtplan_truncated.dcm": "damaged, or ends early",
    "badVR.dcm": "its number of frames is '1A', which is no number",
    "meta_missing_tsyntax.dcm": "it has 0 rows and 0 columns",
    "nested_priv_SQ.dcm": "it has 0 rows and 0 columns",
}


def write_package():
    lines = []
    for name in package_files():
        path = os.path.join(PACKAGE, name)
        why = SPECIAL.get(name) or reason(path)
        if why:
            lines.append("\t".join((name, "-", "refused", why)))
            continue
        a = image(path)
        compare(name, path, a)
        lines.append(line(name, "-", a))
        ds = pydicom.dcmread(path)
        if "_2frame" in name or int(getattr(ds, "NumberOfFrames", 1) or 1) > 1:
            b = image(path, frame=1)
            compare(name, path, b, frame=1)
            lines.append(line(name, "frame=1", b))
        if a.shape[2] == 1:
            lines.append(line(name, "range=full", image(path, full=True)))
            lines.append(line(name, "window=[40, 400]", image(path, window=(40.0, 400.0))))
    with open("dicom/pydicom", "w") as f:
        f.write("\n".join(lines) + "\n")


# ---- small ones

lines = []


def dataset(a, bits, stored=None, signed=False, kind="MONOCHROME2", high=None, frames=None, planar=None):
    """Of an array H,W,C (frames in front)."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.7")
    meta.MediaStorageSOPInstanceUID = UID("1.2.3.4")
    meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.1")
    meta.ImplementationClassUID = UID("1.2.3")
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.is_little_endian, ds.is_implicit_VR = True, False
    ds.SOPClassUID, ds.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    ds.Rows, ds.Columns, ds.SamplesPerPixel = a.shape[-3], a.shape[-2], a.shape[-1]
    if frames:
        ds.NumberOfFrames = frames
    ds.BitsAllocated, ds.BitsStored = bits, stored or bits
    ds.HighBit = high if high is not None else ds.BitsStored - 1
    ds.PixelRepresentation, ds.PhotometricInterpretation = int(signed), kind
    if a.shape[-1] > 1:
        ds.PlanarConfiguration = planar or 0
        if planar:
            a = np.moveaxis(a, -1, -3)
    raw = a.astype({8: "<u1", 16: "<u2", 32: "<u4"}[bits]).tobytes()
    ds.PixelData = raw + b"\0" * (len(raw) % 2)
    ds["PixelData"].VR = "OW" if bits > 8 else "OB"
    return ds


def put(name, ds, *options, check=True):
    path = "dicom/" + name + ".dcm"
    ds.save_as(path, write_like_original=False)
    note(name, *options, check=check)


def note(name, *options, check=True):
    path = "dicom/" + name + ".dcm"
    for o in ("-",) + options:
        key, _, value = o.partition("=")
        window = tuple(float(v) for v in value.strip("[]").split(",")) if key == "window" else None
        frame = int(value) if key == "frame" else 0
        a = image(path, window, key == "range", frame)
        if check and key != "range":
            compare(name, path, a, window, frame)
        lines.append(line(name + ".dcm", o, a))


def write_small():
    edges = np.array([0, 1, 32767, 32768, 65535, 256], np.uint16).reshape(2, 3, 1)
    put("edges", dataset(edges, 16), "window=[32768, 65536]", "window=[100, 1]")
    put("edges_signed", dataset(edges, 16, signed=True), "window=[0, 1000]")
    a12 = draw.randint(0, 4096, (5, 7, 1))
    for kind in ("MONOCHROME1", "MONOCHROME2"):
        for shape in (None, "IDENTITY", "INVERSE"):
            ds = dataset(a12, 16, 12, kind=kind)
            if shape:
                ds.PresentationLUTShape = shape
            ds.WindowCenter, ds.WindowWidth = ["2000", "100"], ["3000", "200"]
            # dcmj2pnm inverts twice where both are said: once is right
            put("%s_%s" % (kind.lower(), (shape or "none").lower()), ds, "range=full", check=False)
    shifted = dataset(a12 << 4, 16, 12, high=15)
    put("high_bit", shifted)
    dirty = dataset(a12 | 0xF000, 16, 12)
    put("dirty_bits", dirty)
    for name, slope, intercept in (("slope", "2.5", "-1024"), ("slope_negative", "-10", "500"), ("slope_small", "1.5e-3", "0.25")):
        ds = dataset(a12, 16, 12)
        ds.RescaleSlope, ds.RescaleIntercept = slope, intercept
        # dcmj2pnm rounds what was rescaled to whole numbers
        put(name, ds, "range=full", "window=[40, 400]", check=name != "slope_small")
    for shape in ("LINEAR", "LINEAR_EXACT", "SIGMOID"):
        ds = dataset(a12, 16, 12)
        ds.WindowCenter, ds.WindowWidth, ds.VOILUTFunction = "1800.5", "900", shape
        put("voi_" + shape.lower(), ds, check=shape == "LINEAR")
    ds = dataset(a12, 16, 12, kind="MONOCHROME1")
    ds.PixelPaddingValue = int(a12[1, 1, 0])
    put("padding", ds)
    ds = dataset(a12, 16, 12)
    ds.PixelPaddingValue, ds.PixelPaddingRangeLimit = 100, 1500
    put("padding_range", ds, check=False)
    ds = dataset(draw.randint(0, 64, (5, 7, 1)), 8)
    item = Dataset()
    item.LUTDescriptor, item.LUTData = [64, 0, 12], [int(v) for v in draw.randint(0, 4096, 64)]
    item["LUTDescriptor"].VR, item["LUTData"].VR = "US", "US"
    ds.ModalityLUTSequence = Sequence([item])
    put("modality_table", ds, check=False)
    ds = dataset(draw.randint(0, 300, (5, 7, 1)), 16)
    item = Dataset()
    item.LUTDescriptor, item.LUTData = [200, 50, 10], [int(v) for v in draw.randint(0, 1024, 200)]
    item["LUTDescriptor"].VR, item["LUTData"].VR = "US", "US"
    ds.VOILUTSequence = Sequence([item])
    put("voi_table", ds, check=False)
    # enhanced: of each frame, or of all
    ds = dataset(draw.randint(0, 4096, (2, 5, 7, 1)), 16, 12, frames=2)
    per = []
    for c in ("1000", "3000"):
        g, voi = Dataset(), Dataset()
        voi.WindowCenter, voi.WindowWidth = c, "500"
        g.FrameVOILUTSequence = Sequence([voi])
        per.append(g)
    shared, rescale = Dataset(), Dataset()
    rescale.RescaleSlope, rescale.RescaleIntercept = "2", "-500"
    shared.PixelValueTransformationSequence = Sequence([rescale])
    ds.SharedFunctionalGroupsSequence, ds.PerFrameFunctionalGroupsSequence = Sequence([shared]), Sequence(per)
    put("enhanced", ds, "frame=1", check=False)
    # as they are stored and sent
    ds = dataset(a12, 16, 12)
    ds.is_implicit_VR, ds.file_meta.TransferSyntaxUID = True, UID("1.2.840.10008.1.2")
    put("implicit", ds)
    ds = dataset(a12.astype(">u2").view("<u2"), 16, 12)
    ds.PixelData = a12.astype(">u2").tobytes()
    ds.is_little_endian, ds.file_meta.TransferSyntaxUID = False, UID("1.2.840.10008.1.2.2")
    put("big_endian", ds)
    ds = dataset(a12, 16, 12)
    ds.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.1.99")
    put("deflated", ds)
    rgb = draw.randint(0, 256, (5, 7, 3))
    put("rgb", dataset(rgb, 8, kind="RGB"))
    put("rgb_planar", dataset(rgb, 8, kind="RGB", planar=1))
    ds = dataset(rgb, 8, kind="RGB", planar=1)
    ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
    ds["PixelData"].VR = "OW"
    ds.is_little_endian, ds.file_meta.TransferSyntaxUID = False, UID("1.2.840.10008.1.2.2")
    path = "dicom/rgb_planar_big_endian.dcm"
    ds.save_as(path, write_like_original=False)
    assert (pnm(path) == rgb).all()  # pydicom leaves the bytes of words as they lie
    lines.append(line("rgb_planar_big_endian.dcm", "-", pnm(path)))
    put("rgb16", dataset(draw.randint(0, 65536, (5, 7, 3)), 16, kind="RGB"))
    put("ybr_full", dataset(rgb, 8, kind="YBR_FULL"), check=False)
    for bits in (8, 16):
        ds = dataset(draw.randint(0, 32, (5, 7, 1)), 8, kind="PALETTE COLOR")
        for c in ("Red", "Green", "Blue"):
            table = draw.randint(0, 65536, 32)
            setattr(ds, c + "PaletteColorLookupTableDescriptor", [32, 0, 16])
            setattr(ds, c + "PaletteColorLookupTableData", table.astype("<u2").tobytes())
            ds[c + "PaletteColorLookupTableDescriptor"].VR = "US"
        put("palette%d" % bits, ds, check=False)
    base = "dicom/edges.dcm"
    smooth = (2000 + 1500 * np.sin(np.arange(24 * 40).reshape(24, 40, 1) / 9.0)).astype(int)
    put("smooth", dataset(smooth, 16, 12))
    put("smooth8", dataset(smooth // 16, 8))
    for name, program, of in (
        ("jpeg_lossless", ["dcmcjpeg", "+e1"], "smooth"),
        ("jpeg_12", ["dcmcjpeg", "+ee", "+Wm"], "smooth"),
        ("jpeg_8", ["dcmcjpeg", "+eb"], "smooth8"),
        ("jpeg_progressive", ["dcmcjpeg", "+ep"], "smooth8"),
        ("jpeg_rgb", ["dcmcjpeg", "+eb"], "rgb"),
        ("jpeg_ls", ["dcmcjpls"], "smooth"),
        ("jpeg_ls_near", ["dcmcjpls", "+en"], "smooth"),
        ("rle", ["dcmcrle"], "smooth"),
        ("rle_rgb", ["dcmcrle"], "rgb"),
        ("jpeg_ls_frames", ["dcmcjpls"], "enhanced"),
    ):
        done = subprocess.run(program + ["dicom/%s.dcm" % of, "dicom/%s.dcm" % name], stderr=subprocess.PIPE)
        if done.returncode:
            print(name, done.stderr)
            continue
        note(name, *(("frame=1",) if of == "enhanced" else ()), check=of != "enhanced")
    with open("dicom/expected", "w") as f:
        f.write("\n".join(lines) + "\n")


os.makedirs("dicom", exist_ok=True)
write_package()
write_small()
