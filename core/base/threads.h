/* SPDX-License-Identifier: MIT
 *
 * threads.h - a pool of workers for one process. Work is cut into tasks by the caller; which worker
 * runs a task is not defined, so results must not depend on it.
 */
#ifndef TFU_CORE_BASE_THREADS_H
#define TFU_CORE_BASE_THREADS_H

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

/* Runs task(arg, index, worker) for index 0..tasks-1 and returns when all are done. No two tasks of
 * one run have the same `worker`, less than tfu_threads_count(), at the same time.
 *
 * A pool whose workers are taken does not make the caller wait: the tasks then run in the calling
 * thread, one after the other. So it is when
 *  - the call comes from inside a task of the same pool, however many other pools' tasks are
 * between (also in those pools' threads); `worker` is the one that the outer task has;
 *  - another thread runs tasks on the pool; `worker` is 0.
 * Tasks of different runs at the same time may therefore have the same worker: memory that goes by
 * it belongs to one run. [any thread] */
void tfu_threads_run(struct tfu_threads *t, uint32_t tasks,
                     void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg);

#endif
