/* SPDX-License-Identifier: MIT
 *
 * The host's side of a metric under test.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/threads.h"
#include "core/conformance/hooks.h"
#include "core/conformance/metric_tests.h"

/* ---- what a metric may call */

static enum tfu_status host_fail(struct tfu_metric_host *h, enum tfu_status st, const char *fmt,
                                 ...)
{
    struct tfu_metric_instance *m = h->host;
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(m->error, st, fmt, args);
    va_end(args);
    return st;
}

static enum tfu_status host_want_tap(struct tfu_metric_host *h, const char *source,
                                     const char *glob)
{
    struct tfu_metric_instance *m = h->host;
    const bool is_b = source && strcmp(source, "b") == 0;
    if (m->lent.no_taps)
        return h->fail(h, TFU_EUNSUPPORTED, "activations are not captured here");
    if (!is_b && (!source || strcmp(source, "a") != 0))
        tfu_error_set(&m->wrong, TFU_EINVAL, "it asks for taps of '%s'; there are 'a' and 'b'",
                      source ? source : "");
    if (!glob || !glob[0])
        tfu_error_set(&m->wrong, TFU_EINVAL, "it asks for taps without a pattern; '*' is for all");
    m->wants[is_b] = true;
    return TFU_OK;
}

static bool key_is_good(const char *key)
{
    return key && key[0] && strlen(key) < sizeof((struct tfu_metric_report *)0)->key &&
           strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789._") == strlen(key);
}

static void add(struct tfu_metric_host *table, const char *key, double value, bool defined)
{
    struct tfu_metric_instance *m = table->host;
    struct tfu_metric_reports *r = m->reports;
    if (!r) {
        tfu_error_set(&m->wrong, TFU_EINVAL, "it reports '%s' outside finalize()", key);
        return;
    }
    if (!key_is_good(key)) {
        tfu_error_set(&m->wrong, TFU_EINVAL,
                      "it reports the key '%s'; keys are lower case letters, digits, dots and "
                      "underscores",
                      key ? key : "");
        return;
    }
    for (int i = 0; i < r->count; i++)
        if (strcmp(r->at[i].key, key) == 0)
            tfu_error_set(&m->wrong, TFU_EINVAL, "it reports '%s' twice", key);
    if (r->count == TFU_CHECK_REPORTS)
        return;
    struct tfu_metric_report *to = &r->at[r->count++];
    snprintf(to->key, sizeof to->key, "%s", key);
    to->value = value;
    to->defined = defined;
}

static void host_scalar(struct tfu_metric_host *h, const char *key, double value)
{
    struct tfu_metric_instance *m = h->host;
    if (!isfinite(value))
        tfu_error_set(&m->wrong, TFU_ENUMERIC,
                      "it reports %g as '%s'; a value that does not exist is for undefined()",
                      value, key);
    add(h, key, value, true);
}

static void host_undefined(struct tfu_metric_host *h, const char *key, const char *fmt, ...)
{
    (void)fmt;
    add(h, key, 0, false);
}

static void host_series(struct tfu_metric_host *h, const char *key, const double *value, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s.%zu", key, i);
        host_scalar(h, name, value[i]);
    }
}

static void host_parallel(struct tfu_metric_host *h, uint32_t tasks,
                          void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    const struct tfu_metric_instance *m = h->host;
    if (m->lent.threads) {
        tfu_threads_run(m->lent.threads, tasks, task, arg);
        return;
    }
    for (uint32_t i = 0; i < tasks; i++) {
        const uint32_t index = h->threads > 1 ? tasks - 1 - i : i;
        task(arg, index, i % h->threads);
    }
}

/* ---- the life of an instance */

enum tfu_status tfu_metric_make(const struct tfu_check *c, const void *config, enum tfu_task task,
                                struct tfu_metric_lent lent, struct tfu_metric_instance *m,
                                struct tfu_error *said)
{
    *m = (struct tfu_metric_instance){.ops = c->plugin->ops, .lent = lent, .error = said};
    m->table = (struct tfu_metric_host){
        .struct_size = sizeof m->table,
        .task = task,
        .outputs = TFU_CHECK_OUTPUTS,
        .label_columns = task == TFU_TASK_CLASSIFICATION ? 1 : TFU_CHECK_OUTPUTS,
        .host = m,
        .want_tap = host_want_tap,
        .scalar = host_scalar,
        .undefined = host_undefined,
        .series = host_series,
        .fail = host_fail,
        .parallel = host_parallel,
        .threads = lent.workers ? lent.workers : 1,
    };
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "metric", .plugin = c->plugin->name, .function = "create"});
    tfu_hooks_paint();
    const enum tfu_status st = m->ops->create(&m->self, config, &m->table);
    tfu_calling_end(outer);
    return st;
}

/* What a batch lends, each array in guarded memory of its own. */
enum { LOGITS, SCORES, LABELS, LOSSES, LOSS_WEIGHTS, LOG_ODDS, TAPS, LENT = TAPS + 2 };
static const char *const lent_names[LENT] = {
    "the logits",  "the scores",   "the labels",           "the losses",
    "the weights", "the log odds", "the activations of a", "the activations of b"};

struct lent {
    struct tfu_guarded memory[LENT];
    struct tfu_tensor tensor[2];
    struct tfu_tap tap[2];
    const struct tfu_tap *taps[2];
    uint32_t tap_count;
};

static void lent_free(struct lent *l)
{
    for (int i = 0; i < LENT; i++)
        tfu_guarded_free(&l->memory[i]);
}

/* Memory for `n` numbers of `unit` bytes, filled from `from`. */
static enum tfu_status lend(struct lent *l, int which, enum tfu_guard guard, const void *from,
                            int64_t n, size_t unit, struct tfu_error *e)
{
    struct tfu_guarded *g = &l->memory[which];
    const enum tfu_status st =
        tfu_guarded_new(g, (size_t)n * unit, unit, guard, lent_names[which], e);
    if (st == TFU_OK && from)
        memcpy(g->data, from, g->bytes);
    return st;
}

static struct tfu_shape shape_of(const struct tfu_metric_split *s,
                                 const struct tfu_metric_side *side, int64_t first, int64_t rows)
{
    if (s->needs & TFU_NEEDS_PARAMETERS) /* of 12, 24 or 36 numbers, whatever the order of rows */
        return tfu_shape_make(4, 2, 3, 1 + (int64_t)(3 * s->losses[first]), side->width, 1);
    if (s->needs & TFU_NEEDS_MAPS)
        return tfu_shape_make(4, rows, side->height, side->width, side->channels, 1);
    return tfu_shape_make(2, rows, side->channels, 1, 1, 1);
}

static enum tfu_status lend_tap(struct lent *l, enum tfu_guard guard,
                                const struct tfu_metric_split *s, int which, int64_t first,
                                int64_t rows, struct tfu_error *e)
{
    const struct tfu_metric_side *side = &s->side[which];
    const double *from = side->value + first * tfu_metric_side_row(side);
    const struct tfu_shape shape = shape_of(s, side, first, rows);
    const int64_t n = tfu_shape_count(&shape);
    const bool is_double = s->dtype == TFU_F64;
    const enum tfu_status st =
        lend(l, TAPS + which, guard, is_double ? from : NULL, n, tfu_dtype_size(s->dtype), e);
    if (st != TFU_OK)
        return st;
    unsigned char *data = l->memory[TAPS + which].data;
    for (int64_t i = 0; !is_double && i < n; i++)
        ((float *)(void *)data)[i] = (float)from[i];
    l->tensor[which] = (struct tfu_tensor){
        .struct_size = sizeof(struct tfu_tensor), .dtype = s->dtype, .shape = shape, .data = data};
    l->tap[which] = (struct tfu_tap){.struct_size = sizeof(struct tfu_tap),
                                     .source = which ? "b" : "a",
                                     .node = which ? "block2" : "block1.relu",
                                     .t = &l->tensor[which]};
    l->taps[l->tap_count++] = &l->tap[which];
    return TFU_OK;
}

static enum tfu_status lend_all(struct lent *l, const struct tfu_metric_instance *m,
                                const struct tfu_metric_split *s, int64_t first, int64_t rows,
                                struct tfu_error *e)
{
    const int64_t outputs = TFU_CHECK_OUTPUTS;
    const enum tfu_guard guard = m->lent.guard;
    const bool captured = m->wants[0] || m->wants[1];
    const bool labels = !captured || (s->needs & (TFU_NEEDS_LABELS | TFU_NEEDS_FIT));
    enum tfu_status st = TFU_OK;
    for (int which = 0; st == TFU_OK && which < 2; which++)
        if (m->wants[which])
            st = lend_tap(l, guard, s, which, first, rows, e);
    if (st == TFU_OK && labels)
        st = lend(l, LABELS, guard, s->labels + first * s->columns, rows * s->columns,
                  sizeof(float), e);
    if (st != TFU_OK || captured)
        return st;
    st = lend(l, LOGITS, guard, s->logits + first * outputs, rows * outputs, sizeof(float), e);
    if (st == TFU_OK)
        st = lend(l, SCORES, guard, s->scores + first * outputs, rows * outputs, sizeof(float), e);
    if (st == TFU_OK)
        st = lend(l, LOSSES, guard, s->losses + first, rows, sizeof(double), e);
    if (st == TFU_OK)
        st = lend(l, LOSS_WEIGHTS, guard, s->weights + first, rows, sizeof(double), e);
    if (st == TFU_OK)
        st = lend(l, LOG_ODDS, guard, s->log_odds + first * outputs, rows * outputs, sizeof(double),
                  e);
    return st;
}

static void check_lent(struct tfu_metric_instance *m, const struct lent *l)
{
    for (int i = 0; i < LENT; i++)
        if (l->memory[i].block && !tfu_guarded_intact(&l->memory[i]))
            tfu_error_set(&m->wrong, TFU_EINVAL, "memory before or behind %s was written",
                          lent_names[i]);
}

static enum tfu_status update(struct tfu_metric_instance *m, const struct tfu_metric_split *s,
                              int64_t first, int64_t rows, struct tfu_error *e)
{
    struct lent l = {.tap_count = 0};
    enum tfu_status st = lend_all(&l, m, s, first, rows, e);
    if (st == TFU_OK) {
        const struct tfu_batch b = {
            .struct_size = sizeof b,
            .part = first < s->fit ? TFU_PART_FIT : TFU_PART_TEST,
            .rows = rows,
            .positions = 1,
            .logits = (void *)l.memory[LOGITS].data,
            .scores = (void *)l.memory[SCORES].data,
            .log_odds = (void *)l.memory[LOG_ODDS].data,
            .labels = (void *)l.memory[LABELS].data,
            .losses = (void *)l.memory[LOSSES].data,
            .loss_weights = (void *)l.memory[LOSS_WEIGHTS].data,
            .taps = l.tap_count ? l.taps : NULL,
            .tap_count = l.tap_count,
        };
        m->error = e;
        const struct tfu_calling *outer = tfu_calling_begin(
            &(struct tfu_calling){.kind = "metric", .plugin = "", .function = "update"});
        tfu_hooks_paint();
        st = m->ops->update(m->self, &b, &m->table);
        tfu_calling_end(outer);
        check_lent(m, &l);
    }
    lent_free(&l);
    return st;
}

/* What is wrong with a call: what the plugin said, or else what the host has seen. */
static enum tfu_status end_call(struct tfu_metric_instance *m, enum tfu_status st,
                                struct tfu_error *e)
{
    if (m->wrong.status != TFU_OK)
        return tfu_error_set(e, m->wrong.status, "%s", m->wrong.text);
    return st == TFU_OK ? e->status : st;
}

enum tfu_status tfu_metric_feed(struct tfu_metric_instance *m, const struct tfu_metric_split *s,
                                int64_t first, int64_t end, int64_t batch, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    const int64_t most = s->needs & TFU_NEEDS_PARAMETERS ? 1 : batch;
    for (int64_t r = first, rows; st == TFU_OK && r < end; r += rows) {
        const int64_t stop = r < s->fit && s->fit < end ? s->fit : end;
        rows = stop - r < most ? stop - r : most;
        st = end_call(m, update(m, s, r, rows, e), e);
    }
    return st;
}

enum tfu_status tfu_metric_finish(struct tfu_metric_instance *m, struct tfu_metric_reports *out,
                                  struct tfu_error *e)
{
    out->count = 0;
    m->error = e;
    m->reports = out;
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "metric", .plugin = "", .function = "finalize"});
    tfu_hooks_paint();
    const enum tfu_status st = m->ops->finalize(m->self, &m->table);
    tfu_calling_end(outer);
    m->reports = NULL;
    return end_call(m, st, e);
}

enum tfu_status tfu_metric_try(struct tfu_metric_instance *m, const struct tfu_metric_split *s,
                               int64_t rows, bool *refused, struct tfu_error *said)
{
    struct tfu_metric_reports r;
    struct tfu_error wrong = TFU_ERROR_INIT;
    m->ops->reset(m->self);
    enum tfu_status st = tfu_metric_feed(m, s, 0, rows, rows > 0 ? rows : 1, said);
    if (st == TFU_OK)
        st = tfu_metric_finish(m, &r, said);
    *refused = st != TFU_OK;
    if (m->wrong.status != TFU_OK)
        return m->wrong.status;
    st = tfu_check_manners(st, said, "update() or finalize", &wrong);
    if (st != TFU_OK)
        *said = wrong;
    return st;
}

enum tfu_status tfu_metric_whole(const struct tfu_check *c, const struct tfu_metric_split *s,
                                 struct tfu_metric_lent lent, struct tfu_metric_reports *out,
                                 struct tfu_error *e)
{
    struct tfu_metric_instance m;
    enum tfu_status st = tfu_metric_make(c, c->config, s->task, lent, &m, e);
    if (st == TFU_OK)
        st = tfu_metric_feed(&m, s, 0, s->rows, s->rows, e);
    if (st == TFU_OK)
        st = tfu_metric_finish(&m, out, e);
    if (st == TFU_OK)
        m.ops->destroy(m.self);
    return st;
}

enum tfu_status tfu_metric_same(const struct tfu_metric_reports *truth,
                                const struct tfu_metric_reports *other, double tolerance,
                                const char *when, struct tfu_error *e)
{
    const int digits = tolerance > 0 ? 12 : 17;
    if (truth->count != other->count)
        return tfu_error_set(e, TFU_EINVAL, "it reports %d numbers, and %d %s", truth->count,
                             other->count, when);
    for (int i = 0; i < truth->count; i++) {
        const struct tfu_metric_report *a = &truth->at[i], *b = &other->at[i];
        if (strcmp(a->key, b->key) != 0)
            return tfu_error_set(e, TFU_EINVAL, "it reports '%s', and '%s' in its place %s", a->key,
                                 b->key, when);
        if (a->defined != b->defined ||
            !(fabs(a->value - b->value) <= tolerance * (1 + fabs(a->value))))
            return tfu_error_set(e, TFU_EINVAL, "'%s' is %.*g, and %.*g %s", a->key, digits,
                                 a->value, digits, b->value, when);
    }
    return TFU_OK;
}
