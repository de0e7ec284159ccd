/* SPDX-License-Identifier: MIT */
#include "core/onnx/protobuf.h"

#include <string.h>

enum { VARINT = 0, LENGTH = 2, FIXED32 = 5 };

/* Seven bits a byte, the lowest first; all but the last byte have their highest bit set. */
static void put_varint(struct tfu_text *out, uint64_t value)
{
    char byte[10];
    size_t n = 0;
    do {
        const unsigned low = (unsigned)(value & 0x7f);
        value >>= 7;
        byte[n++] = (char)(value ? low | 0x80 : low);
    } while (value);
    tfu_text_append(out, byte, n);
}

static void put_key(struct tfu_text *out, uint32_t field, uint32_t type)
{
    put_varint(out, (uint64_t)field << 3 | type);
}

void tfu_protobuf_int(struct tfu_text *out, uint32_t field, int64_t value)
{
    put_key(out, field, VARINT);
    put_varint(out, (uint64_t)value);
}

void tfu_protobuf_float(struct tfu_text *out, uint32_t field, float value)
{
    char bytes[sizeof value];
    memcpy(bytes, &value, sizeof value);
    put_key(out, field, FIXED32);
    tfu_text_append(out, bytes, sizeof bytes);
}

void tfu_protobuf_begin(struct tfu_text *out, uint32_t field, size_t n)
{
    put_key(out, field, LENGTH);
    put_varint(out, n);
}

void tfu_protobuf_bytes(struct tfu_text *out, uint32_t field, const void *bytes, size_t n)
{
    tfu_protobuf_begin(out, field, n);
    tfu_text_append(out, bytes, n);
}

void tfu_protobuf_string(struct tfu_text *out, uint32_t field, const char *text)
{
    tfu_protobuf_bytes(out, field, text, strlen(text));
}

void tfu_protobuf_message(struct tfu_text *out, uint32_t field, struct tfu_text *message)
{
    tfu_protobuf_bytes(out, field, tfu_text_get(message), message->length);
    out->failed |= message->failed;
    tfu_text_free(message);
}
