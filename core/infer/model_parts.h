/* SPDX-License-Identifier: MIT
 *
 * model_parts.h - what the writer and the reader of a model file share. Private to this folder.
 */
#ifndef TFU_CORE_INFER_MODEL_PARTS_H
#define TFU_CORE_INFER_MODEL_PARTS_H

#include <jansson.h>

#include "core/base/hash.h"
#include "core/infer/model.h"
#include "core/io/safetensors.h"

#define TFU_MODEL_NOTE        "transfuse.model"
#define TFU_MODEL_NOTE_DIGEST "transfuse.model.sha256"

/* SHA-256 of the JSON, then of each tensor's name and bytes by their names' order. */
enum tfu_status tfu_model_digest(const char *json, const struct tfu_safetensors_tensor *sorted,
                                 size_t count, char hex[TFU_HASH_HEX], struct tfu_error *e);

/* The graph of the JSON, whose `input`, `nodes` and `head` are read and checked here. */
enum tfu_status tfu_model_graph(struct tfu_graph **out, const json_t *root, int64_t batch,
                                struct tfu_error *e);

#endif
