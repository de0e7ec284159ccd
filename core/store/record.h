/* SPDX-License-Identifier: MIT
 *
 * record.h - the numbers of a run, to metrics.csv and to TensorBoard at once.
 */
#ifndef TFU_CORE_STORE_RECORD_H
#define TFU_CORE_STORE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

struct tfu_record;

/* `keep`: bytes of metrics.csv to go on after; 0: a new run. `step`: steps taken so far. */
enum tfu_status tfu_record_open(struct tfu_record **out, const char *folder, int64_t keep,
                                int64_t step, struct tfu_error *e);
/* Has the metrics.csv in `folder` the `keep` bytes, in whole lines? */
bool tfu_record_has(const char *folder, int64_t keep);
void tfu_record_close(struct tfu_record *r);
/* Likewise, but writes nothing more: the folder is another process's by now. */
void tfu_record_abandon(struct tfu_record *r);
/* One number; NaN is "not defined", and `note` (may be NULL) says why. */
enum tfu_status tfu_record_add(struct tfu_record *r, int64_t step, double epoch, const char *split,
                               const char *metric, double value, const char *note,
                               struct tfu_error *e);
/* Only to TensorBoard: what depends on the clock. */
enum tfu_status tfu_record_add_timing(struct tfu_record *r, int64_t step, const char *tag,
                                      double value, struct tfu_error *e);
/* Everything so far to the disk; `*metrics_bytes` is what a checkpoint has to know. */
enum tfu_status tfu_record_sync(struct tfu_record *r, int64_t *metrics_bytes, struct tfu_error *e);

#endif
