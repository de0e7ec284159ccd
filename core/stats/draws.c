/* SPDX-License-Identifier: MIT */
#include "core/stats/draws.h"

struct round {
    const struct tfu_draws *draws;
    int64_t first;
};

uint32_t tfu_draws_workers(const struct tfu_threads *t)
{
    return t ? tfu_threads_count(t) : 1;
}

static void task(void *arg, uint32_t index, uint32_t worker)
{
    const struct round *r = arg;
    r->draws->take(r->draws->arg, r->first + index, worker);
}

/* A round of draws at a time, so that an interruption is not waited for. */
enum tfu_status tfu_draws_run(const struct tfu_draws *d, struct tfu_error *e)
{
    const uint32_t most = 16 * tfu_draws_workers(d->threads);
    struct round r = {.draws = d};
    for (; r.first < d->count; r.first += most) {
        const int64_t left = d->count - r.first;
        const uint32_t tasks = left < most ? (uint32_t)left : most;
        if (d->stopped && d->stopped(d->stopped_arg))
            return tfu_error_set(e, TFU_EINTERRUPTED, "interrupted");
        if (d->threads)
            tfu_threads_run(d->threads, tasks, task, &r);
        else
            for (uint32_t i = 0; i < tasks; i++)
                task(&r, i, 0);
    }
    return TFU_OK;
}
