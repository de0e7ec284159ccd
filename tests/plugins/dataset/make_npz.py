#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes good_npz/*.npz, as numpy does; npz.c knows the formulas. The files are named as what is in them."""
import io
import os
import zipfile

import numpy as np

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "good_npz")
os.makedirs(here, exist_ok=True)


def images(dtype, *shape):
    n = np.arange(int(np.prod(shape)), dtype=np.int64)
    if dtype == "f4":
        return (n % 97 / np.float32(64)).astype("f4").reshape(shape)
    return (n * 31 % (256 if dtype == "u1" else 65536)).astype(dtype).reshape(shape)


def labels(dtype, *shape):
    n = np.arange(int(np.prod(shape)), dtype=np.int64)
    return (n % (3 if len(shape) == 1 or shape[1] == 1 else 2)).astype(dtype).reshape(shape)


def parts(dtype, size, column_count, label_type="u1", **more):
    out = {}
    for part, n in (("train", 5), ("val", 2), ("test", 3)):
        out[part + "_images"] = images(dtype, n, *size)
        out[part + "_labels"] = labels(label_type, n, column_count)
    return out


np.savez(os.path.join(here, "gray.npz"), **parts("u1", (4, 6), 1))
np.savez_compressed(os.path.join(here, "colour_deflated.npz"), **parts("u1", (4, 6, 3), 14, "i8"))
np.savez_compressed(os.path.join(here, "deep.npz"), x=images("u2", 4, 3, 5, 1), y=labels("i4", 4))
np.savez(os.path.join(here, "floats.npz"), x=images("f4", 4, 3, 5), y=np.array([0.5, np.nan, -2, 1e3], "f4"))
np.savez(os.path.join(here, "retinamnist.npz"), **parts("u1", (4, 4, 3), 1))

# headers of versions 2 and 3, and an archive with sizes of 64 bits, as numpy writes it for large arrays
with zipfile.ZipFile(os.path.join(here, "versions.npz"), "w") as z:
    for name, array, version in (("x", images("u1", 4, 3, 5), (2, 0)), ("y", labels("?", 4, 2), (3, 0))):
        data = io.BytesIO()
        np.lib.format.write_array(data, array, version=version)
        with z.open(name + ".npy", "w", force_zip64=True) as f:
            f.write(data.getvalue())
