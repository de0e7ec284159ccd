/* SPDX-License-Identifier: MIT
 *
 * metrics_log.h - metrics.csv, one number a line: step,epoch,split,metric,value,note. It holds
 * nothing that differs between two runs of one configuration: no times.
 */
#ifndef TFU_CORE_STORE_METRICS_LOG_H
#define TFU_CORE_STORE_METRICS_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

struct tfu_metrics_log;

/* Begins the file anew when `keep` is 0; else goes on after its first `keep` bytes, as
 * tfu_metrics_log_sync() told them, and drops what is behind. */
enum tfu_status tfu_metrics_log_open(struct tfu_metrics_log **out, const char *path, int64_t keep,
                                     struct tfu_error *e);
void tfu_metrics_log_close(struct tfu_metrics_log *m);
/* Likewise; lines that are not in the file yet are dropped. */
void tfu_metrics_log_abandon(struct tfu_metrics_log *m);
/* Has the file `keep` bytes, the last of which ends a line? */
bool tfu_metrics_log_has(const char *path, int64_t keep);
/* `epoch` in epochs of training examples, fractions included. A value of NaN is left empty; `note`
 * (may be NULL) says why. */
void tfu_metrics_log_add(struct tfu_metrics_log *m, int64_t step, double epoch, const char *split,
                         const char *metric, double value, const char *note);
/* Brings all lines to the disk, reports the first failure since the last sync; `*bytes` (may be
 * NULL) gets the size. */
enum tfu_status tfu_metrics_log_sync(struct tfu_metrics_log *m, int64_t *bytes,
                                     struct tfu_error *e);

#endif
