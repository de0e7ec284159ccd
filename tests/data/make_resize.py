#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes resize.fixture: PIL's BILINEAR and BICUBIC on float images, each channel on its own. Run by hand; needs
numpy and PIL."""
import os
import sys

import numpy as np
from PIL import Image

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "support"))
from formula import Fixture, formula  # noqa: E402

# height, width, new height, new width, channels; the same list is in resize.c
SIZES = [(28, 28, 32, 32, 1), (28, 28, 14, 14, 1), (28, 28, 28, 28, 1), (33, 17, 8, 40, 3),
         (1, 1, 5, 5, 2), (5, 7, 1, 1, 3), (200, 300, 7, 5, 1), (300, 2, 3, 2, 1), (9, 9, 9, 4, 2),
         (9, 9, 4, 9, 2), (2, 3, 3, 2, 4), (1, 50, 10, 3, 1), (64, 64, 13, 63, 1)]

fixture = Fixture(os.path.join(here, "resize.fixture"), "make_resize.py")
for h, w, new_h, new_w, c in SIZES:
    name = f"{h}x{w}x{c}"
    image = (formula(name, h, w, c) * 2 - 1).astype(np.float32)
    for end, resample in (("", Image.BILINEAR), ("_bicubic", Image.BICUBIC)):
        out = np.stack([np.asarray(Image.fromarray(image[:, :, k], "F").resize(
            (new_w, new_h), resample)) for k in range(c)], axis=2)
        fixture.add(f"{name}_to_{new_h}x{new_w}{end}", out, 7)
