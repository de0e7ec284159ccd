/* SPDX-License-Identifier: MIT
 *
 * draws.h - many independent draws, shared out to threads.
 */
#ifndef TFU_CORE_STATS_DRAWS_H
#define TFU_CORE_STATS_DRAWS_H

#include <stdbool.h>

#include "core/base/threads.h"

struct tfu_draws {
    struct tfu_threads *threads; /* NULL: the caller's alone */
    int64_t count;
    /* One draw; no two at the same time have the same `worker`, below tfu_draws_workers(). */
    void (*take)(void *arg, int64_t draw, uint32_t worker);
    void *arg;
    bool (*stopped)(void *arg); /* may be NULL; asked now and then, in the caller's thread */
    void *stopped_arg;
};

uint32_t tfu_draws_workers(const struct tfu_threads *t);
/* TFU_EINTERRUPTED when `stopped` said so. */
enum tfu_status tfu_draws_run(const struct tfu_draws *d, struct tfu_error *e);

#endif
