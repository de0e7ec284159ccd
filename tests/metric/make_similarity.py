#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the arrays of tests/metric/similarity: the matrices of the golden values in the ways that
numpy saves them, and some that are refused. Run in tests/metric."""
import numpy as np

MASK = (1 << 64) - 1


def mat(seed, rows, columns):
    out = []
    for _ in range(rows * columns):
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        out.append(((z ^ (z >> 31)) >> 11) * 2.0**-53 - 0.5)
    return np.array(out).reshape(rows, columns)


a = mat(1, 5, 60)
b5 = mat(5, 5, 5) @ a + 0.25 * mat(4, 5, 60)
folder = "similarity/"
np.save(folder + "a-neurons", a)
np.save(folder + "b-neurons", b5)
np.save(folder + "a", np.ascontiguousarray(a.T))
np.save(folder + "b", np.ascontiguousarray(b5.T))
np.save(folder + "a-fortran", np.asfortranarray(a.T))
np.save(folder + "a-big-endian", np.ascontiguousarray(a.T).astype(">f8"))
np.save(folder + "a-float32", np.ascontiguousarray(a.T).astype(np.float32))
np.save(folder + "a-float16", np.ascontiguousarray(a.T).astype(np.float16))
np.save(folder + "a-maps", np.ascontiguousarray(a.T).reshape(15, 2, 2, 5))
np.save(folder + "a-maps-fortran", np.asfortranarray(a.T.reshape(15, 2, 2, 5)))
np.save(folder + "short", np.ascontiguousarray(a.T)[:59])
np.save(folder + "four-neurons", a[:4])
np.save(folder + "vector", a[0])
nan = np.ascontiguousarray(b5.T)
nan[7, 2] = np.nan
np.save(folder + "nan", nan)
np.save(folder + "constant", np.full((60, 5), 0.25))
np.save(folder + "empty", np.zeros((60, 0)))
with open(folder + "cut.npy", "wb") as f:
    f.write(open(folder + "a.npy", "rb").read()[:-8])
with open(folder + "text.npy", "w") as f:
    f.write("1 2 3\n")
