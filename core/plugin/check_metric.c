/* SPDX-License-Identifier: MIT
 *
 * Does a metric report what a split is, however it was cut into batches, ordered and merged?
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/plugin/check_tests.h"

#include <transfuse/metric.h>
#include <transfuse/random.h>

enum { ROWS = 60, OUTPUTS = 3, MAX_REPORTS = 512 };

/* Sums in another order round differently; everything else is an error. */
static const double tolerance = 1e-9;

/* ---- what is reported */

struct report {
    char key[96];
    double value;
    bool defined;
};
struct reports {
    struct report at[MAX_REPORTS];
    int count;
};

/* The host's side of one instance. */
struct host {
    struct tfu_metric_host table; /* first: what the plugin hands back is this struct */
    struct tfu_error *error;
    struct reports *reports; /* NULL: not in finalize() */
};

static enum tfu_status host_fail(struct tfu_metric_host *h, enum tfu_status st, const char *fmt,
                                 ...)
{
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(((struct host *)h->host)->error, st, fmt, args);
    va_end(args);
    return st;
}

static enum tfu_status host_want_tap(struct tfu_metric_host *h, const char *source,
                                     const char *glob)
{
    (void)h, (void)source, (void)glob;
    return TFU_OK;
}

static bool key_is_good(const char *key)
{
    return key && key[0] && strlen(key) < sizeof((struct report *)0)->key &&
           strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789._") == strlen(key);
}

static void add(struct tfu_metric_host *table, const char *key, double value, bool defined)
{
    struct host *h = table->host;
    struct reports *r = h->reports;
    if (!r) {
        tfu_error_set(h->error, TFU_EINVAL, "it reports '%s' outside finalize()", key);
        return;
    }
    if (!key_is_good(key)) {
        tfu_error_set(h->error, TFU_EINVAL,
                      "it reports the key '%s'; keys are lower case letters, digits, dots and "
                      "underscores",
                      key ? key : "");
        return;
    }
    for (int i = 0; i < r->count; i++)
        if (strcmp(r->at[i].key, key) == 0)
            tfu_error_set(h->error, TFU_EINVAL, "it reports '%s' twice", key);
    if (r->count == MAX_REPORTS)
        return;
    struct report *to = &r->at[r->count++];
    snprintf(to->key, sizeof to->key, "%s", key);
    to->value = value;
    to->defined = defined;
}

static void host_scalar(struct tfu_metric_host *h, const char *key, double value)
{
    if (!isfinite(value))
        tfu_error_set(((struct host *)h->host)->error, TFU_ENUMERIC,
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
        add(h, name, value[i], true);
    }
}

/* ---- a split */

struct split {
    enum tfu_task task;
    int64_t columns;
    float logits[ROWS * OUTPUTS], scores[ROWS * OUTPUTS], labels[ROWS * OUTPUTS];
    double losses[ROWS];
};

static float draw(uint64_t key, int64_t i)
{
    return tfu_uniform_float(tfu_philox(key, (uint64_t)i).word[0]);
}

static void make_row(struct split *s, int64_t r)
{
    double sum = 0;
    s->losses[r] = (double)draw(3, r);
    for (int64_t k = 0; k < OUTPUTS; k++) {
        const int64_t i = r * OUTPUTS + k;
        /* a coarse grid: equal scores happen */
        s->logits[i] = floorf(16 * draw(1, i)) / 4 - 2;
        sum += exp((double)s->logits[i]);
    }
    for (int64_t k = 0; k < OUTPUTS; k++) {
        const double x = (double)s->logits[r * OUTPUTS + k];
        s->scores[r * OUTPUTS + k] = (float)(s->task == TFU_TASK_CLASSIFICATION ? exp(x) / sum
                                             : s->task == TFU_TASK_MULTI_LABEL  ? 1 / (1 + exp(-x))
                                                                                : x);
    }
    for (int64_t k = 0; k < s->columns; k++) {
        const float u = draw(2, r * OUTPUTS + k);
        s->labels[r * s->columns + k] = s->task == TFU_TASK_CLASSIFICATION ? floorf(OUTPUTS * u)
                                        : s->task == TFU_TASK_MULTI_LABEL  ? (float)(u < 0.4f)
                                                                           : u;
    }
}

static struct split *split_new(enum tfu_task task)
{
    struct split *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->task = task;
    s->columns = task == TFU_TASK_CLASSIFICATION ? 1 : OUTPUTS;
    for (int64_t r = 0; r < ROWS; r++)
        make_row(s, r);
    return s;
}

/* The rows from the last to the first. */
static void reverse(const struct split *from, struct split *to)
{
    *to = *from;
    for (int64_t r = 0; r < ROWS; r++) {
        const int64_t at = ROWS - 1 - r;
        memcpy(to->logits + at * OUTPUTS, from->logits + r * OUTPUTS, OUTPUTS * sizeof(float));
        memcpy(to->scores + at * OUTPUTS, from->scores + r * OUTPUTS, OUTPUTS * sizeof(float));
        memcpy(to->labels + at * from->columns, from->labels + r * from->columns,
               (size_t)from->columns * sizeof(float));
        to->losses[at] = from->losses[r];
    }
}

/* ---- an instance */

struct instance {
    const struct tfu_metric_ops *ops;
    struct host host;
    void *self;
};

static enum tfu_status create(const struct tfu_check *c, const void *config, enum tfu_task task,
                              struct instance *m, struct tfu_error *said)
{
    *m = (struct instance){.ops = c->plugin->ops, .host = {.error = said}};
    m->host.table = (struct tfu_metric_host){
        .struct_size = sizeof m->host.table,
        .task = task,
        .outputs = OUTPUTS,
        .label_columns = task == TFU_TASK_CLASSIFICATION ? 1 : OUTPUTS,
        .host = &m->host,
        .want_tap = host_want_tap,
        .scalar = host_scalar,
        .undefined = host_undefined,
        .series = host_series,
        .fail = host_fail,
    };
    return m->ops->create(&m->self, config, &m->host.table);
}

/* Rows first..end - 1 in batches of `batch`. */
static enum tfu_status feed(struct instance *m, const struct split *s, int64_t first, int64_t end,
                            int64_t batch, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    m->host.error = e;
    for (int64_t r = first; st == TFU_OK && r < end; r += batch) {
        const struct tfu_batch b = {
            .struct_size = sizeof b,
            .tap_size = sizeof(struct tfu_tap),
            .rows = end - r < batch ? end - r : batch,
            .logits = s->logits + r * OUTPUTS,
            .scores = s->scores + r * OUTPUTS,
            .labels = s->labels + r * s->columns,
            .losses = s->losses + r,
        };
        st = m->ops->update(m->self, &b, &m->host.table);
    }
    return st == TFU_OK ? e->status : st;
}

static enum tfu_status finish(struct instance *m, struct reports *out, struct tfu_error *e)
{
    out->count = 0;
    m->host.error = e;
    m->host.reports = out;
    const enum tfu_status st = m->ops->finalize(m->self, &m->host.table);
    m->host.reports = NULL;
    return st == TFU_OK ? e->status : st;
}

static enum tfu_status same(const struct reports *truth, const struct reports *other,
                            const char *when, struct tfu_error *e)
{
    if (truth->count != other->count)
        return tfu_error_set(e, TFU_EINVAL, "it reports %d numbers, and %d %s", truth->count,
                             other->count, when);
    for (int i = 0; i < truth->count; i++) {
        const struct report *a = &truth->at[i], *b = &other->at[i];
        if (strcmp(a->key, b->key) != 0)
            return tfu_error_set(e, TFU_EINVAL, "it reports '%s', and '%s' in its place %s", a->key,
                                 b->key, when);
        if (a->defined != b->defined ||
            !(fabs(a->value - b->value) <= tolerance * (1 + fabs(a->value))))
            return tfu_error_set(e, TFU_EINVAL, "'%s' is %.12g, and %.12g %s", a->key, a->value,
                                 b->value, when);
    }
    return TFU_OK;
}

/* ---- tests, each for every task that the metric takes */

typedef enum tfu_status task_test(struct tfu_check *c, const struct split *s,
                                  struct instance *fresh, struct tfu_error *e);

static const char *const task_names[] = {[TFU_TASK_CLASSIFICATION] = "classification",
                                         [TFU_TASK_MULTI_LABEL] = "multi_label",
                                         [TFU_TASK_REGRESSION] = "regression"};

static enum tfu_status on_each(struct tfu_check *c, task_test *test, struct tfu_error *e)
{
    struct tfu_error refusal = TFU_ERROR_INIT;
    size_t used = 0;
    for (int task = TFU_TASK_CLASSIFICATION; task <= TFU_TASK_REGRESSION; task++) {
        struct instance m;
        struct tfu_error said = TFU_ERROR_INIT;
        const enum tfu_status made = create(c, c->config, (enum tfu_task)task, &m, &said);
        enum tfu_status st = tfu_check_manners(made, &said, "create", e);
        if (made != TFU_OK && st == TFU_OK) {
            refusal = said;
            continue;
        }
        struct split *s = split_new((enum tfu_task)task);
        if (st == TFU_OK)
            st = s ? test(c, s, &m, e) : tfu_error_memory(e, "checking a plugin", 0);
        if (st != TFU_OK)
            return tfu_error_prefix(e, "%s", task_names[task]);
        m.ops->destroy(m.self);
        free(s);
        used += (size_t)snprintf(c->note + used, sizeof c->note - used, "%s%s", used ? ", " : "",
                                 task_names[task]);
    }
    return used ? TFU_OK
                : tfu_error_set(e, TFU_EINVAL, "create() refuses every task: %s", refusal.text);
}

/* The whole split as one batch, in an instance of its own. */
static enum tfu_status whole(const struct tfu_check *c, const struct split *s, struct reports *out,
                             struct tfu_error *e)
{
    struct instance m;
    enum tfu_status st = create(c, c->config, s->task, &m, e);
    if (st == TFU_OK)
        st = feed(&m, s, 0, ROWS, ROWS, e);
    if (st == TFU_OK)
        st = finish(&m, out, e);
    if (st == TFU_OK)
        m.ops->destroy(m.self);
    return st;
}

static enum tfu_status test_reports(struct tfu_check *c, const struct split *s, struct instance *m,
                                    struct tfu_error *e)
{
    struct reports r;
    enum tfu_status st = feed(m, s, 0, ROWS, ROWS, e);
    if (st == TFU_OK)
        st = finish(m, &r, e);
    for (int i = 0; st == TFU_OK && i < r.count; i++)
        if (strcmp(r.at[i].key, c->plugin->name) == 0)
            return TFU_OK;
    return st == TFU_OK
               ? tfu_error_set(e, TFU_EINVAL, "none of the %d numbers it reports is called '%s'",
                               r.count, c->plugin->name)
               : st;
}

static enum tfu_status test_batches(struct tfu_check *c, const struct split *s, struct instance *m,
                                    struct tfu_error *e)
{
    struct reports truth, r;
    enum tfu_status st = whole(c, s, &truth, e);
    for (int64_t batch = 1; st == TFU_OK && batch <= ROWS; batch = 3 * batch + 1) {
        m->ops->reset(m->self);
        st = feed(m, s, 0, ROWS, batch, e);
        if (st == TFU_OK)
            st = finish(m, &r, e);
        if (st == TFU_OK)
            st = same(&truth, &r, "when the split comes in smaller batches", e);
    }
    return st;
}

static enum tfu_status test_order(struct tfu_check *c, const struct split *s, struct instance *m,
                                  struct tfu_error *e)
{
    struct reports truth, r;
    struct split *reversed = malloc(sizeof *reversed);
    if (!reversed)
        return tfu_error_memory(e, "checking a plugin", sizeof *reversed);
    reverse(s, reversed);
    enum tfu_status st = whole(c, s, &truth, e);
    if (st == TFU_OK)
        st = feed(m, reversed, 0, ROWS, 17, e);
    free(reversed);
    if (st == TFU_OK)
        st = finish(m, &r, e);
    return st == TFU_OK ? same(&truth, &r, "with the rows in reverse", e) : st;
}

static enum tfu_status test_merge(struct tfu_check *c, const struct split *s, struct instance *m,
                                  struct tfu_error *e)
{
    struct reports truth, r;
    struct instance part[3];
    if (!m->ops->merge)
        return TFU_OK;
    enum tfu_status st = whole(c, s, &truth, e);
    for (int i = 0; st == TFU_OK && i < 3; i++) { /* the last has seen nothing */
        st = create(c, c->config, s->task, &part[i], e);
        if (st == TFU_OK && i < 2)
            st = feed(&part[i], s, i ? 13 : 0, i ? ROWS : 13, 10, e);
    }
    for (int i = 2; st == TFU_OK && i >= 0; i--) {
        m->host.error = e;
        st = m->ops->merge(m->self, part[i].self, &m->host.table);
    }
    if (st == TFU_OK)
        st = finish(m, &r, e);
    return st == TFU_OK ? same(&truth, &r, "when parts are merged", e) : st;
}

static enum tfu_status test_again(struct tfu_check *c, const struct split *s, struct instance *m,
                                  struct tfu_error *e)
{
    struct reports truth, r;
    enum tfu_status st = whole(c, s, &truth, e);
    if (st == TFU_OK)
        st = feed(m, s, 0, 20, 20, e);
    if (st == TFU_OK)
        st = finish(m, &r, e);
    if (st == TFU_OK)
        st = feed(m, s, 20, ROWS, 20, e);
    for (int i = 0; st == TFU_OK && i < 2; i++) {
        st = finish(m, &r, e);
        if (st == TFU_OK)
            st = same(&truth, &r, "when finalize() was called before", e);
    }
    if (st == TFU_OK) /* or what is left of the same split once more would not show */
        st = feed(m, s, 0, 10, 10, e);
    if (st != TFU_OK)
        return st;
    m->ops->reset(m->self);
    st = feed(m, s, 0, ROWS, ROWS, e);
    if (st == TFU_OK)
        st = finish(m, &r, e);
    return st == TFU_OK ? same(&truth, &r, "after a reset", e) : st;
}

static enum tfu_status test_unknown(struct tfu_check *c, const struct split *s, struct instance *m,
                                    struct tfu_error *e)
{
    struct reports truth, r;
    struct split *unknown = malloc(sizeof *unknown);
    struct instance part;
    if (!unknown)
        return tfu_error_memory(e, "checking a plugin", sizeof *unknown);
    *unknown = *s;
    for (int64_t row = 20; row < ROWS; row++) {
        unknown->losses[row] = (double)NAN;
        for (int64_t k = 0; k < s->columns; k++)
            unknown->labels[row * s->columns + k] = NAN;
    }
    enum tfu_status st = create(c, c->config, s->task, &part, e);
    if (st == TFU_OK)
        st = feed(&part, s, 0, 20, 20, e);
    if (st == TFU_OK)
        st = finish(&part, &truth, e);
    if (st == TFU_OK)
        st = feed(m, unknown, 0, ROWS, 25, e);
    free(unknown);
    if (st == TFU_OK)
        st = finish(m, &r, e);
    return st == TFU_OK ? same(&truth, &r, "with rows of unknown labels besides", e) : st;
}

/* Nothing, one row, and a split in which all rows have the same label: nothing to assert but
 * manners, which feed() and finish() hold it to. */
static enum tfu_status test_little(struct tfu_check *c, const struct split *s, struct instance *m,
                                   struct tfu_error *e)
{
    (void)c;
    struct reports r;
    struct split *one = malloc(sizeof *one);
    if (!one)
        return tfu_error_memory(e, "checking a plugin", sizeof *one);
    *one = *s;
    for (int64_t i = 0; i < ROWS * s->columns; i++)
        one->labels[i] = 0;
    enum tfu_status st = finish(m, &r, e);
    if (st == TFU_OK)
        st = feed(m, s, 0, 1, 1, e);
    if (st == TFU_OK)
        st = finish(m, &r, e);
    m->ops->reset(m->self);
    if (st == TFU_OK)
        st = feed(m, one, 0, ROWS, ROWS, e);
    if (st == TFU_OK)
        st = finish(m, &r, e);
    free(one);
    return st;
}

#define TEST(name)                                                                                 \
    static enum tfu_status name(struct tfu_check *c, struct tfu_error *e)                          \
    {                                                                                              \
        return on_each(c, test_##name, e);                                                         \
    }
TEST(reports)
TEST(batches)
TEST(order)
TEST(again)
TEST(unknown)
TEST(little)
#undef TEST

static enum tfu_status merge(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_metric_ops *ops = c->plugin->ops;
    return ops->merge ? on_each(c, test_merge, e)
                      : tfu_check_skip(c, "it has no merge(): it cannot be split over workers");
}

static enum tfu_status attempt(const struct tfu_check *c, const void *config,
                               struct tfu_error *said)
{
    struct instance m;
    const enum tfu_status st = create(c, config, TFU_TASK_CLASSIFICATION, &m, said);
    if (st == TFU_OK)
        m.ops->destroy(m.self);
    return st;
}

static enum tfu_status bounds(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_bounds(c, attempt, "create", e);
}

const struct tfu_check_test tfu_check_metric[] = {
    {"reports finite numbers, one of them by its own name", reports},
    {"any batches give the same as the whole split", batches},
    {"any order of rows gives the same", order},
    {"merged parts give the same", merge},
    {"finalize() may be called again, and reset() empties", again},
    {"rows of unknown labels do not count", unknown},
    {"no row, one row and one class alone are undefined or finite", little},
    {"each option at its bounds works, or is refused in words", bounds},
    {NULL, NULL},
};
