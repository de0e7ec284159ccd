#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the arrays of tests/io/matrices: the matrices of the golden values in the ways that
numpy saves them, and some that are refused. Run in tests/io."""
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
folder = "matrices/"
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

# other containers
rows_a, rows_b = np.ascontiguousarray(a.T), np.ascontiguousarray(b5.T)
labels = np.arange(60) % 3
np.savez(folder + "both", a=rows_a, b=rows_b, labels=labels)
np.savez_compressed(folder + "one", a=np.asfortranarray(rows_a), labels=labels)
np.savez(folder + "no-matrix", labels=labels, names=np.zeros(3))
np.savez(folder + "maps", maps=rows_a.reshape(15, 2, 2, 5), a=rows_a)
np.save(folder + "turned", np.moveaxis(rows_a.reshape(15, 2, 2, 5), -1, 1))
np.save(folder + "objects", np.array([rows_a, "text"], dtype=object), allow_pickle=True)
import json  # noqa: E402
import pickle  # noqa: E402

import torch  # noqa: E402

# transposed: not contiguous
torch.save({"layer.a": torch.tensor(a).T, "b": torch.tensor(rows_b), "epoch": 3}, folder + "both.pt")
torch.save(torch.tensor(rows_a.astype(np.float32)), folder + "tensor.pt")
header = json.dumps({"a": {"dtype": "F64", "shape": [60, 5], "data_offsets": [0, 2400]},
                     "half": {"dtype": "F16", "shape": [60, 5], "data_offsets": [2400, 3000]}}).encode()
with open(folder + "both.safetensors", "wb") as f:
    f.write(np.int64(len(header)).tobytes() + header + rows_a.tobytes() + rows_a.astype("<f2").tobytes())


def dump(name, value, protocol):
    data = pickle.dumps(value, protocol)
    with open(folder + name, "wb") as f:
        f.write(data)
    return data


for protocol in range(6):
    dump(f"a-{protocol}.p", rows_a, protocol)
dump("a-fortran.p", np.asfortranarray(rows_a), 5)
dump("a-turned.p", a.T, 4)  # not contiguous
dump("a-big-endian.p", rows_a.astype(">f8"), 4)
dump("a-half.p", rows_a.astype(np.float16), 2)
dump("both.p", {"a": rows_a, "b": rows_b, "note": "text"}, 3)
dump("list.p", [rows_a, rows_b], 4)
dump("model.p", {"a": pickle.PickleError()}, 4)
dump("complex.p", rows_a * 1j, 4)
dump("objects.p", np.array([rows_a[0], "text"], dtype=object), 4)
with open(folder + "a-4.p", "rb") as f:
    whole = f.read()
with open(folder + "cut.p", "wb") as f:
    f.write(whole[:-100])
with open(folder + "short.p", "wb") as f:  # a shape of 59 rows
    f.write(whole.replace(b"K<K\x05\x86", b"K;K\x05\x86", 1))
with open(folder + "a-numpy-2.p", "wb") as f:
    f.write(pickle.dumps(rows_a, 3).replace(b"cnumpy.core.", b"cnumpy._core.", 1))
# what cPickle of Python 2 writes: texts are bytes
with open(folder + "a-python-2.p", "wb") as f:
    f.write(b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b\x87Rq\x03"
            b"(K\x01K<K\x05\x86cnumpy\ndtype\nq\x04U\x02f8K\x00K\x01\x87Rq\x05(K\x03U\x01<NNNJ\xff\xff\xff\xff"
            b"J\xff\xff\xff\xffK\x00tb\x89T" + np.int32(2400).tobytes() + rows_a.tobytes() + b"tb.")

# hardly more rows than columns
np.save(folder + "few-a", mat(7, 14, 7).astype(np.float32))
np.save(folder + "few-b", mat(8, 14, 8).astype(np.float32))
