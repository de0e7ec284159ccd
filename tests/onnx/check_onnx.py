#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_onnx.py MODEL.onnx PREDICTED.csv: does onnxruntime say of the images what `transfuse predict
--batch 1` says? The images are resized by Pillow as floats; the scores are those of the last columns."""
import csv
import json
import sys

import numpy
import onnxruntime
from PIL import Image

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
notes = session.get_modelmeta().custom_metadata_map
prepare, names = json.loads(notes["transfuse.prepare"]), json.loads(notes["transfuse.names"])
_, channels, height, width = session.get_inputs()[0].shape
worst, rows = 0.0, 0
for row in csv.DictReader(open(sys.argv[2], newline="")):
    image = numpy.asarray(Image.open(row["image"]).convert("RGB"), numpy.float32) / numpy.float32(255)
    planes = [numpy.asarray(Image.fromarray(image[:, :, c], "F").resize((width, height), Image.Resampling.BILINEAR))
              for c in range(channels)]
    scores = session.run(["scores"], {"image": numpy.stack(planes)[None]})[0][0]
    wanted = numpy.array([float(row["score." + name]) for name in names])
    worst = max(worst, float(abs(scores - wanted).max()))
    rows += 1
print(f"{rows} images, largest difference of a score {worst:.3g}")
sys.exit(0 if rows and worst < 2e-6 and prepare["resize"]["filter"] == "bilinear" else 1)
