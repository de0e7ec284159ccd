/* SPDX-License-Identifier: MIT
 *
 * protobuf.h - writes messages of Protocol Buffers: fields, each with its number, one behind the
 * other. Failure is sticky in the text.
 */
#ifndef TFU_CORE_ONNX_PROTOBUF_H
#define TFU_CORE_ONNX_PROTOBUF_H

#include <stdint.h>

#include "core/base/text.h"

void tfu_protobuf_int(struct tfu_text *out, uint32_t field, int64_t value);
void tfu_protobuf_float(struct tfu_text *out, uint32_t field, float value);
void tfu_protobuf_bytes(struct tfu_text *out, uint32_t field, const void *bytes, size_t n);
void tfu_protobuf_string(struct tfu_text *out, uint32_t field, const char *text);
/* Appends the message and frees it. */
void tfu_protobuf_message(struct tfu_text *out, uint32_t field, struct tfu_text *message);
/* The beginning of a field of `n` bytes, which the caller appends. */
void tfu_protobuf_begin(struct tfu_text *out, uint32_t field, size_t n);

#endif
