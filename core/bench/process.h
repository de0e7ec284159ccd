/* SPDX-License-Identifier: MIT
 *
 * process.h - work in a process of its own, so that its peak of memory is its own as well.
 */
#ifndef TFU_CORE_BENCH_PROCESS_H
#define TFU_CORE_BENCH_PROCESS_H

#include "core/base/error.h"

/* Memory that a process shares with those that it starts; zeros. To be freed with the same size. */
enum tfu_status tfu_shared_new(void **out, size_t bytes, struct tfu_error *e);
void tfu_shared_free(void *memory, size_t bytes);

/* Runs work(arg) in a child, where only this thread goes on, and waits for it. What it finds out
 * goes into shared memory. `*peak_bytes` gets the most memory that it had. A child that a signal
 * ended, or that left without coming back from work(), is TFU_EINTERRUPTED. */
enum tfu_status tfu_process_run(enum tfu_status (*work)(void *arg, struct tfu_error *e), void *arg,
                                double *peak_bytes, struct tfu_error *e);

#endif
