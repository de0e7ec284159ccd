/* SPDX-License-Identifier: MIT */
#include "core/store/events.h"

#include <string.h>

/* Numbers of fields, by message. */
enum {
    EVENT_WALL_TIME = 1,
    EVENT_STEP = 2,
    EVENT_FILE_VERSION = 3,
    EVENT_SUMMARY = 5,
    EVENT_SESSION_LOG = 7,
    SESSION_LOG_STATUS = 1,
    SUMMARY_VALUE = 1,
    VALUE_TAG = 1,
    VALUE_SIMPLE_VALUE = 2,
};
enum { SESSION_STATUS_START = 1 };

/* How a field's value is written. */
enum wire_type { VARINT = 0, EIGHT_BYTES = 1, LENGTH_AND_BYTES = 2, FOUR_BYTES = 5 };

void tfu_little_endian_append(struct tfu_text *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        const char byte = (char)(value >> (8 * i));
        tfu_text_append(out, &byte, 1);
    }
}

/* Seven bits a byte, the lowest first; the eighth says that more follow. */
static void append_varint(struct tfu_text *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        tfu_little_endian_append(out, (value & 0x7f) | 0x80, 1);
    tfu_little_endian_append(out, value, 1);
}

static void append_key(struct tfu_text *out, unsigned field, enum wire_type type)
{
    append_varint(out, field << 3 | type);
}

static void append_bytes(struct tfu_text *out, unsigned field, const char *bytes, size_t n)
{
    append_key(out, field, LENGTH_AND_BYTES);
    append_varint(out, n);
    tfu_text_append(out, bytes, n);
}

/* A message within a message; frees it. */
static void append_message(struct tfu_text *out, unsigned field, struct tfu_text *message)
{
    out->failed = out->failed || message->failed;
    append_bytes(out, field, tfu_text_get(message), message->length);
    tfu_text_free(message);
}

/* What every event begins with. Fields that are zero are left out, as proto3 has it; a negative
 * step is its two's complement. */
static void append_place(struct tfu_text *out, double wall_time, int64_t step)
{
    uint64_t bits;
    memcpy(&bits, &wall_time, sizeof bits);
    if (wall_time != 0) {
        append_key(out, EVENT_WALL_TIME, EIGHT_BYTES);
        tfu_little_endian_append(out, bits, 8);
    }
    if (step != 0) {
        append_key(out, EVENT_STEP, VARINT);
        append_varint(out, (uint64_t)step);
    }
}

void tfu_event_version(struct tfu_text *out, double wall_time)
{
    static const char version[] = "brain.Event:2";
    append_place(out, wall_time, 0);
    append_bytes(out, EVENT_FILE_VERSION, version, strlen(version));
}

void tfu_event_start(struct tfu_text *out, double wall_time, int64_t step)
{
    struct tfu_text log = TFU_TEXT_INIT;
    append_key(&log, SESSION_LOG_STATUS, VARINT);
    append_varint(&log, SESSION_STATUS_START);
    append_place(out, wall_time, step);
    append_message(out, EVENT_SESSION_LOG, &log);
}

void tfu_event_scalar(struct tfu_text *out, double wall_time, int64_t step, const char *tag,
                      double value)
{
    struct tfu_text number = TFU_TEXT_INIT, summary = TFU_TEXT_INIT;
    const float simple_value = (float)value;
    uint32_t bits;
    memcpy(&bits, &simple_value, sizeof bits);
    if (tag[0])
        append_bytes(&number, VALUE_TAG, tag, strlen(tag));
    /* one of several kinds of value: a zero says which, and is written */
    append_key(&number, VALUE_SIMPLE_VALUE, FOUR_BYTES);
    tfu_little_endian_append(&number, bits, 4);
    append_message(&summary, SUMMARY_VALUE, &number);
    append_place(out, wall_time, step);
    append_message(out, EVENT_SUMMARY, &summary);
}
