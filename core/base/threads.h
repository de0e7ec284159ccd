/* SPDX-License-Identifier: MIT
 *
 * threads.h - a pool of workers for one process. Work is cut into tasks by the caller; which worker
 * runs a task is not defined, so results must not depend on it.
 */
#ifndef TFU_CORE_THREADS_H
#define TFU_CORE_THREADS_H

#include <stdint.h>

#include "core/base/error.h"

struct tfu_threads;

/* Processors that this process may use: its affinity mask, and the CPU quota of its control group
 * (rounded up). At least 1. */
uint32_t tfu_threads_available(void);

/* `count` workers, the caller among them; 0 means tfu_threads_available(). */
enum tfu_status tfu_threads_new(struct tfu_threads **out, uint32_t count, struct tfu_error *e);
void tfu_threads_free(struct tfu_threads *t);
uint32_t tfu_threads_count(const struct tfu_threads *t);

/* Runs task(arg, index, worker) for index 0..tasks-1 and returns when all are done. A call from
 * inside a task runs its tasks in the calling worker, one after the other. [one thread] */
void tfu_threads_run(struct tfu_threads *t, uint32_t tasks,
                     void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg);

#endif
