/* SPDX-License-Identifier: MIT
 *
 * onnx.h - a network as a file of ONNX (opset 17): input `image`, N,C,H,W of floats from 0 to 1 and
 * of the network's size; outputs `scores` and `logits`, N,K. `normalise` is in the graph. What else
 * a model file says is in `metadata_props` (docs/deploy.md).
 */
#ifndef TFU_CORE_ONNX_ONNX_H
#define TFU_CORE_ONNX_ONNX_H

#include "core/infer/model.h"

/* Writes a whole file in place of `path`, or leaves what was there. The same draft gives the same
 * bytes. TFU_EUNSUPPORTED for a layer of a plugin. */
enum tfu_status tfu_onnx_write(const char *path, const struct tfu_model_draft *draft,
                               struct tfu_error *e);

#endif
