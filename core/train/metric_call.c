/* SPDX-License-Identifier: MIT */
#include "core/train/metric_call.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/host.h"

/* ---- the host's side of a metric */

static enum tfu_status host_fail(struct tfu_metric_host *h, enum tfu_status st, const char *fmt,
                                 ...)
{
    const struct tfu_metric_call *m = h->host;
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(m->error, st, fmt, args);
    va_end(args);
    return st;
}

static enum tfu_status host_want_tap(struct tfu_metric_host *h, const char *source,
                                     const char *glob)
{
    const struct tfu_metric_call *m = h->host;
    if (m->listener.want_tap)
        return m->listener.want_tap(m->listener.arg, h, source, glob);
    return h->fail(h, TFU_EUNSUPPORTED,
                   "it looks at activations ('%s'), which are not captured while a network is "
                   "trained or scored; it is for comparing and probing networks",
                   glob);
}

static void host_parallel(struct tfu_metric_host *h, uint32_t tasks,
                          void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    const struct tfu_metric_call *m = h->host;
    if (m->threads)
        tfu_threads_run(m->threads, tasks, task, arg);
    else
        for (uint32_t i = 0; i < tasks; i++)
            task(arg, i, 0);
}

static bool key_is_good(const char *key)
{
    return key[0] && strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789._") == strlen(key);
}

/* A failure here shows when the metric's finalize() has returned. */
static void report(const struct tfu_metric_call *m, const char *key, double value, const char *note)
{
    if (key_is_good(key))
        m->listener.report(m->listener.arg, key, value, note, m->error);
    else
        tfu_error_set(m->error, TFU_EINVAL,
                      "key '%s' is not made of lower case letters, digits, dots and underscores",
                      key);
}

static void host_scalar(struct tfu_metric_host *h, const char *key, double value)
{
    report(h->host, key, value, isnan(value) ? "not a number" : NULL);
}

static void host_undefined(struct tfu_metric_host *h, const char *key, const char *fmt, ...)
{
    char note[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(note, sizeof note, fmt, args);
    va_end(args);
    report(h->host, key, NAN, note);
}

/* A series is as many scores, "<key>.0", "<key>.1", ... */
static void host_series(struct tfu_metric_host *h, const char *key, const double *value, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char name[256];
        snprintf(name, sizeof name, "%s.%zu", key, i);
        h->scalar(h, name, value[i]);
    }
}

/* ---- calls into metrics */

static void call_begin(struct tfu_metric_call *m, const char *function, struct tfu_error *said)
{
    m->error = said;
    m->calling =
        (struct tfu_calling){.kind = "metric", .plugin = m->plugin->name, .function = function};
    m->outer = tfu_calling_begin(&m->calling);
}

/* The status of a call of `function`, with the plugin's name in front of its words. A metric that
 * failed on the host's side has failed, whatever it returned. */
static enum tfu_status call_end(struct tfu_metric_call *m, enum tfu_status st, const char *function,
                                struct tfu_error *e)
{
    tfu_calling_end(m->outer);
    struct tfu_error *said = m->error;
    tfu_host_check(st, m->plugin->name, function, said);
    m->error = NULL;
    if (said->status == TFU_OK)
        return TFU_OK;
    tfu_error_prefix(said, "metric '%s'", m->plugin->name);
    return tfu_error_set(e, said->status, "%s", said->text);
}

enum tfu_status tfu_metric_open(struct tfu_metric_call *m, const struct tfu_metric_shape *shape,
                                const struct tfu_plugin_choice *choice,
                                struct tfu_metric_listener listener, struct tfu_error *e)
{
    *m = (struct tfu_metric_call){
        .plugin = choice->plugin,
        .ops = choice->plugin->ops,
        .listener = listener,
        .registry = shape->registry,
        .threads = shape->threads,
    };
    m->host = (struct tfu_metric_host){
        .struct_size = sizeof m->host,
        .task = shape->task,
        .outputs = shape->outputs,
        .label_columns = shape->label_columns,
        .class_names = shape->class_names,
        .host = m,
        .want_tap = host_want_tap,
        .scalar = host_scalar,
        .undefined = host_undefined,
        .series = host_series,
        .fail = host_fail,
        .parallel = host_parallel,
        .threads = shape->threads ? tfu_threads_count(shape->threads) : 1,
    };
    struct tfu_error said = TFU_ERROR_INIT;
    call_begin(m, "create", &said);
    enum tfu_status st = m->ops->create(&m->self, choice->config, &m->host);
    const bool made = st == TFU_OK;
    st = call_end(m, st, "create", e);
    if (made)
        tfu_registry_hold(m->registry, m->plugin);
    if (made && st != TFU_OK)
        tfu_metric_close(m);
    else if (!made)
        m->ops = NULL;
    return st;
}

void tfu_metric_close(struct tfu_metric_call *m)
{
    if (!m->ops)
        return;
    call_begin(m, "destroy", NULL);
    m->ops->destroy(m->self);
    tfu_calling_end(m->outer);
    tfu_registry_release(m->registry, m->plugin);
    m->ops = NULL;
}

enum tfu_status tfu_metric_update(struct tfu_metric_call *m, const struct tfu_batch *b,
                                  struct tfu_error *e)
{
    struct tfu_error said = TFU_ERROR_INIT;
    call_begin(m, "update", &said);
    return call_end(m, m->ops->update(m->self, b, &m->host), "update", e);
}

enum tfu_status tfu_metric_finalize(struct tfu_metric_call *m, struct tfu_error *e)
{
    struct tfu_error said = TFU_ERROR_INIT;
    call_begin(m, "finalize", &said);
    return call_end(m, m->ops->finalize(m->self, &m->host), "finalize", e);
}

void tfu_metric_reset(struct tfu_metric_call *m)
{
    call_begin(m, "reset", NULL);
    m->ops->reset(m->self);
    tfu_calling_end(m->outer);
}

bool tfu_metric_needs_fit(const struct tfu_plugin *p)
{
    return ((const struct tfu_metric_ops *)p->ops)->needs & TFU_NEEDS_FIT;
}
