/* SPDX-License-Identifier: MIT
 *
 * host.h - the host's end of struct tfu_host: plugins fail into a struct tfu_error and warn into a
 * log.
 */
#ifndef TFU_CORE_BASE_HOST_H
#define TFU_CORE_BASE_HOST_H

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/threads.h"

/* One is made on the stack for each call into a plugin, or kept beside an instance. */
struct tfu_host_call {
    struct tfu_host host; /* what the plugin sees; its `host` points back here */
    struct tfu_error *error;
    struct tfu_log *log;         /* NULL: warnings are dropped */
    struct tfu_threads *threads; /* of parallel(); NULL: the calling thread runs all */
};

/* Sets up `c` and returns &c->host. `e` and `log` stay the caller's. parallel() runs on the calling
 * thread, in the order of the index. */
struct tfu_host *tfu_host_call_init(struct tfu_host_call *c, struct tfu_log *log,
                                    struct tfu_error *e);

/* parallel() uses these workers from now on. */
void tfu_host_call_share(struct tfu_host_call *c, struct tfu_threads *threads);

/* For tests of plugins: parallel() says that it has so many workers, hands them out in turn and
 * runs the last task first, on the calling thread. */
void tfu_host_call_scatter(struct tfu_host_call *c, uint32_t workers);

/* A status from a plugin, made whole: when the plugin failed without a word, the error says which
 * plugin and which function broke that rule. Returns `st`. */
enum tfu_status tfu_host_check(enum tfu_status st, const char *plugin, const char *function,
                               struct tfu_error *e);

#endif
