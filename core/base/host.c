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

struct tfu_host *tfu_host_call_init(struct tfu_host_call *c, struct tfu_log *log,
                                    struct tfu_error *e)
{
    c->host = (struct tfu_host){
        .struct_size = sizeof c->host, .host = c, .fail = host_fail, .warn = host_warn};
    c->error = e;
    c->log = log;
    return &c->host;
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
