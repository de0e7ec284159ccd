/* SPDX-License-Identifier: MIT
 *
 * tensorboard.h - event files as TensorBoard reads them. A resumed run adds a new file; TensorBoard
 * joins them.
 */
#ifndef TFU_CORE_TENSORBOARD_H
#define TFU_CORE_TENSORBOARD_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/base/text.h"

struct tfu_tensorboard;

/* Begins a file events.out.tfevents.<time>.<host>.<pid>.<n> in `folder`; never overwrites one. */
enum tfu_status tfu_tensorboard_new(struct tfu_tensorboard **out, const char *folder,
                                    struct tfu_error *e);
/* Closes the file; what was not flushed may be lost. */
void tfu_tensorboard_free(struct tfu_tensorboard *t);
/* A scalar, at the time of the call. "split/metric" tags are grouped by split. */
enum tfu_status tfu_tensorboard_add(struct tfu_tensorboard *t, int64_t step, const char *tag,
                                    double value, struct tfu_error *e);
enum tfu_status tfu_tensorboard_flush(struct tfu_tensorboard *t, struct tfu_error *e);

/* The records themselves, appended to `out`: the first of a file, and a scalar. */
void tfu_tensorboard_version_record(struct tfu_text *out, double wall_time);
void tfu_tensorboard_scalar_record(struct tfu_text *out, double wall_time, int64_t step,
                                   const char *tag, double value);

#endif
