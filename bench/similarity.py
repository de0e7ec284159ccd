#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What similarity.sh needs of Python: activations, google/svcca's run over them, and measuring.

similarity.py make ROWS COLUMNS TYPE X.npy Y.npy   two correlated matrices, rows x columns
similarity.py peer CHECKOUT X.npy Y.npy            get_cca_similarity of a checkout of google/svcca
similarity.py measure REPEATS COMMAND...           best seconds, peak MiB, and the last line printed
"""
import json
import resource
import subprocess
import sys
import time


def make(rows, columns, dtype, x_path, y_path):
    import numpy as np

    random = np.random.default_rng(1)
    rows, columns = int(rows), int(columns)
    mix = random.standard_normal((columns, columns), dtype="float32") / columns**0.5
    x = random.standard_normal((rows, columns), dtype="float32")
    y = x @ mix + random.standard_normal((rows, columns), dtype="float32")
    np.save(x_path, np.maximum(x, 0).astype(dtype))
    np.save(y_path, np.maximum(y, 0).astype(dtype))


def peer(checkout, x_path, y_path):
    import numpy as np

    sys.path.insert(0, checkout)
    import cca_core

    x, y = np.load(x_path).T, np.load(y_path).T
    begin = time.perf_counter()
    r = cca_core.get_cca_similarity(x, y, epsilon=1e-10, verbose=False)
    print(json.dumps({"call": time.perf_counter() - begin, "mean": float(r["mean"][0]),
                      "sum": float(r["sum"][0])}))


def measure(repeats, *command):
    best = None
    for _ in range(int(repeats)):
        begin = time.perf_counter()
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        seconds = time.perf_counter() - begin
        if best is None or seconds < best[0]:
            best = (seconds, json.loads(out))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    metrics = best[1].get("metrics", {})
    call = best[1].get("call", best[0])
    mean = best[1].get("mean", metrics.get("svcca"))
    total = best[1].get("sum", metrics.get("svcca.sum"))
    print(f"{best[0]:.3f} {peak:.0f} {call:.3f} {mean:.10f} {total:.10f}")


{"make": make, "peer": peer, "measure": measure}[sys.argv[1]](*sys.argv[2:])
