/* SPDX-License-Identifier: MIT */
#include "core/conformance/backend_device.h"

#include <string.h>

#include "core/conformance/watch.h"
#include "core/plugin/kernel.h"

/* A task, and how its thread computed before. */
struct watched_task {
    void (*task)(void *arg, uint32_t index, uint32_t worker);
    void *arg;
    struct tfu_check_device *device;
};

/* Threads other than the caller's would go on with another rounding, unseen. */
static void run_watched(void *arg, uint32_t index, uint32_t worker)
{
    const struct watched_task *t = arg;
    const struct tfu_watch_numbers before = tfu_watch_numbers();
    t->task(t->arg, index, worker);
    if (!tfu_watch_numbers_same(before, tfu_watch_numbers()))
        t->device->bends_numbers = true;
}

static void parallel(const struct tfu_backend_host *h, uint32_t tasks,
                     void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    struct tfu_check_device *d = (struct tfu_check_device *)(uintptr_t)h;
    tfu_threads_run(d->pool, tasks, run_watched, &(struct watched_task){task, arg, d});
}

enum tfu_status tfu_check_device_open(const struct tfu_check *c, const void *config,
                                      uint32_t threads, struct tfu_check_device *d,
                                      struct tfu_error *said)
{
    *d = (struct tfu_check_device){.ops = c->plugin->ops};
    enum tfu_status st = tfu_threads_new(&d->pool, threads, said);
    if (st != TFU_OK)
        return st;
    d->host = (struct tfu_backend_host){.struct_size = sizeof d->host,
                                        .threads = threads,
                                        .base = tfu_host_call_init(&d->base, NULL, said),
                                        .parallel = parallel};
    return d->ops->open(&d->dev, config, &d->host);
}

void tfu_check_device_close(struct tfu_check_device *d)
{
    d->ops->close(d->dev);
    tfu_threads_free(d->pool);
}

bool tfu_check_no_kernels(struct tfu_check *c)
{
    const struct tfu_backend_ops *b = c->plugin->ops;
    if (b->kernel_count == 0)
        tfu_check_skip(c, "it has no kernels: the layers' own definitions run");
    else if (b->place != TFU_HOST)
        tfu_check_skip(c, "its memory is the device's own");
    return c->skipped;
}

bool tfu_check_has_kernel(const struct tfu_backend_ops *b, const char *op)
{
    for (uint32_t i = 0; i < b->kernel_count; i++)
        if (strcmp(tfu_kernel_at(b, i)->op, op) == 0)
            return true;
    return false;
}
