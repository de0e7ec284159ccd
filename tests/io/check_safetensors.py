#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_safetensors.py FILE...: reads checkpoints that transfuse wrote with the reference
implementation (the package safetensors) and says what is in them. Run by hand."""
import sys

import numpy
import safetensors

for path in sys.argv[1:]:
    with safetensors.safe_open(path, "np") as f:
        names = list(f.keys())
        numbers = sum(f.get_tensor(n).size for n in names)
        finite = all(numpy.isfinite(f.get_tensor(n)).all() for n in names)
        print(f"{path}: {len(names)} tensors, {numbers} numbers, finite: {finite}, "
              f"step {f.metadata()['step']}, format {f.metadata()['format']}")
