/* SPDX-License-Identifier: MIT
 *
 * events.h - the messages of TensorBoard's event files that we write: Event of tensorflow's
 * core/util/event.proto with Summary of core/framework/summary.proto, encoded by hand.
 * Format: https://protobuf.dev/programming-guides/encoding. The caller puts them into records.
 */
#ifndef TFU_CORE_STORE_EVENTS_H
#define TFU_CORE_STORE_EVENTS_H

#include <stdint.h>

#include "core/base/text.h"

/* Each appends one message to `out`: Event{file_version}, Event{session_log: {status: START}},
 * Event{summary: {value: [{tag, simple_value}]}}. */
void tfu_event_version(struct tfu_text *out, double wall_time);
void tfu_event_start(struct tfu_text *out, double wall_time, int64_t step);
void tfu_event_scalar(struct tfu_text *out, double wall_time, int64_t step, const char *tag,
                      double value);

/* The lowest byte of `value` first. */
void tfu_little_endian_append(struct tfu_text *out, uint64_t value, int bytes);

#endif
