/* SPDX-License-Identifier: MIT
 *
 * tasks.h - parallel tasks that can fail. Which failure is reported does not depend on timing: it
 * is that of the lowest index.
 */
#ifndef TFU_CORE_BASE_TASKS_H
#define TFU_CORE_BASE_TASKS_H

#include "core/base/threads.h"

/* Runs task(arg, index, e) for index 0..count-1; all of them run, also when one fails. `threads`
 * NULL: one after the other. Allocates nothing. [one thread] */
enum tfu_status tfu_tasks_run(struct tfu_threads *threads, uint32_t count,
                              enum tfu_status (*task)(void *arg, uint32_t index,
                                                      struct tfu_error *e),
                              void *arg, struct tfu_error *e);

#endif
