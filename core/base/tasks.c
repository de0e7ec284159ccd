/* SPDX-License-Identifier: MIT */
#include "core/base/tasks.h"

#include <pthread.h>

struct tasks {
    enum tfu_status (*task)(void *arg, uint32_t index, struct tfu_error *e);
    void *arg;
    pthread_mutex_t lock; /* of what follows */
    uint32_t failed;      /* lowest index that failed; UINT32_MAX: none */
    struct tfu_error error;
};

static void run_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    struct tasks *t = arg;
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st = t->task(t->arg, index, &e);
    if (st == TFU_OK)
        return;
    pthread_mutex_lock(&t->lock);
    if (index < t->failed) {
        t->failed = index;
        t->error = e;
        t->error.status = st;
    }
    pthread_mutex_unlock(&t->lock);
}

enum tfu_status tfu_tasks_run(struct tfu_threads *threads, uint32_t count,
                              enum tfu_status (*task)(void *arg, uint32_t index,
                                                      struct tfu_error *e),
                              void *arg, struct tfu_error *e)
{
    struct tasks t = {.task = task,
                      .arg = arg,
                      .lock = PTHREAD_MUTEX_INITIALIZER,
                      .failed = UINT32_MAX,
                      .error = TFU_ERROR_INIT};
    if (threads)
        tfu_threads_run(threads, count, run_task, &t);
    else
        for (uint32_t i = 0; i < count; i++)
            run_task(&t, i, 0);
    if (t.failed == UINT32_MAX)
        return TFU_OK;
    if (e && e->status == TFU_OK)
        *e = t.error;
    return t.error.status;
}
