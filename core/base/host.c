/* SPDX-License-Identifier: MIT */
#include "core/base/host.h"

static enum tfu_status host_fail(struct tfu_host *h, enum tfu_status st, const char *fmt, ...)
{
    const struct tfu_host_call *c = h->host;
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(c->error, st, fmt, args);
    va_end(args);
    return st;
}

static void host_warn(struct tfu_host *h, const char *fmt, ...)
{
    const struct tfu_host_call *c = h->host;
    va_list args;
    va_start(args, fmt);
    tfu_log_write_v(c->log, TFU_LOG_WARNING, fmt, args);
    va_end(args);
}

static void host_parallel(struct tfu_host *h, uint32_t tasks,
                          void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    const struct tfu_host_call *c = h->host;
    if (c->threads) {
        tfu_threads_run(c->threads, tasks, task, arg);
        return;
    }
    for (uint32_t i = 0; i < tasks; i++)
        task(arg, h->threads > 1 ? tasks - 1 - i : i, i % h->threads);
}

struct tfu_host *tfu_host_call_init(struct tfu_host_call *c, struct tfu_log *log,
                                    struct tfu_error *e)
{
    c->host = (struct tfu_host){.struct_size = sizeof c->host,
                                .threads = 1,
                                .host = c,
                                .fail = host_fail,
                                .warn = host_warn,
                                .parallel = host_parallel};
    c->error = e;
    c->log = log;
    c->threads = NULL;
    return &c->host;
}

void tfu_host_call_share(struct tfu_host_call *c, struct tfu_threads *threads)
{
    c->threads = threads;
    c->host.threads = tfu_threads_count(threads);
}

void tfu_host_call_scatter(struct tfu_host_call *c, uint32_t workers)
{
    c->threads = NULL;
    c->host.threads = workers;
}

enum tfu_status tfu_host_check(enum tfu_status st, const char *plugin, const char *function,
                               struct tfu_error *e)
{
    if (st != TFU_OK && e && e->status == TFU_OK)
        tfu_error_set(e, st,
                      "plugin '%s' failed in %s() (%s) without saying why; its author should call "
                      "fail()",
                      plugin, function, tfu_status_text(st));
    return st;
}
