/* SPDX-License-Identifier: MIT
 *
 * tensorboard.h - event files as TensorBoard reads them. A resumed run adds a new file; TensorBoard
 * joins them.
 */
#ifndef TFU_CORE_STORE_TENSORBOARD_H
#define TFU_CORE_STORE_TENSORBOARD_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/base/text.h"

struct tfu_tensorboard;

/* Begins a file events.out.tfevents.<time>.<host>.<pid>.<n> in `folder`; never overwrites one.
 * `step`: the first that it may hold. When that is not 1, what earlier files have from it on is
 * void: they belong to a session that was killed behind its last checkpoint. */
enum tfu_status tfu_tensorboard_new(struct tfu_tensorboard **out, const char *folder, int64_t step,
                                    struct tfu_error *e);
/* Closes the file; what was not flushed may be lost. */
void tfu_tensorboard_free(struct tfu_tensorboard *t);
/* Likewise; what was not flushed is lost. */
void tfu_tensorboard_abandon(struct tfu_tensorboard *t);
/* A scalar, at the time of the call. "split/metric" tags are grouped by split. */
enum tfu_status tfu_tensorboard_add(struct tfu_tensorboard *t, int64_t step, const char *tag,
                                    double value, struct tfu_error *e);
enum tfu_status tfu_tensorboard_flush(struct tfu_tensorboard *t, struct tfu_error *e);

/* The records themselves, appended to `out`: the first of a file, the one that makes TensorBoard
 * drop what it read of `step` and later, and a scalar. */
void tfu_tensorboard_version_record(struct tfu_text *out, double wall_time);
void tfu_tensorboard_start_record(struct tfu_text *out, double wall_time, int64_t step);
void tfu_tensorboard_scalar_record(struct tfu_text *out, double wall_time, int64_t step,
                                   const char *tag, double value);

#endif
