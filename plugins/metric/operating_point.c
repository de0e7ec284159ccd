/* SPDX-License-Identifier: MIT
 *
 * What a network does at one threshold of each class: sensitivity, specificity and predictive
 * values, each with Wilson's interval. The threshold is chosen on the rows to fit on, which are
 * the validation data; where there are none, on the very rows that are measured, which flatters,
 * and `operating_point.fit_rows` is 0 then. The headline is Youden's index, the sum of
 * sensitivity and specificity less 1: "Index for rating diagnostic tests", Cancer 1950.
 */
#include <stdio.h>
#include <stdlib.h>

#include "classes.h"
#include "kept.h"
#include "roc.h"
#include "wilson.h"

enum rule { YOUDEN, SENSITIVITY, SPECIFICITY };
static const char *const rules[] = {"youden", "sensitivity", "specificity", NULL};

struct config {
    int32_t rule;
    double at;
};

static const struct tfu_option options[] = {
    TFU_OPT_ENUM(struct config, rule, "youden", rules,
                 "how the threshold is chosen; youden: the largest sum of sensitivity and "
                 "specificity; sensitivity: the highest threshold with at least the sensitivity "
                 "`at`; specificity: the lowest with at least that specificity"),
    TFU_OPT_FLOAT(struct config, at, 0.9, 0, 1,
                  "the sensitivity or specificity that is asked for; youden has no use for it"),
};

struct operating_point {
    const struct config *config;
    struct kept fit, test;
};

static void destroy(void *self)
{
    struct operating_point *m = self;
    if (m) {
        kept_close(&m->fit);
        kept_close(&m->test);
    }
    free(m);
}

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    *self = NULL;
    struct operating_point *m = calloc(1, sizeof *m);
    if (!m)
        return h->fail(h, TFU_ENOMEM, "out of memory for the metric operating_point");
    m->config = config;
    const enum tfu_status st = kept_open(&m->fit, "operating_point", config, h);
    if (st == TFU_OK) {
        kept_open(&m->test, "operating_point", config, h);
        *self = m;
    } else {
        free(m);
    }
    return st;
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    struct operating_point *m = self;
    return kept_add(b->part == TFU_PART_FIT ? &m->fit : &m->test, b, h);
}

static void reset(void *self)
{
    struct operating_point *m = self;
    m->fit.rows = m->test.rows = 0;
}

/* ---- the threshold */

/* Is `p` to be preferred to `best`, a point of a lower threshold? */
static int is_better(const struct config *c, const struct roc_point *p,
                     const struct roc_point *best)
{
    switch ((enum rule)c->rule) {
    case SENSITIVITY:
        return p->sensitivity >= c->at;
    case SPECIFICITY:
        return best->specificity < c->at;
    case YOUDEN:
        break;
    }
    return p->sensitivity + p->specificity > best->sensitivity + best->specificity;
}

/* The threshold for a class; NaN with `*why` where none can be chosen. */
static double choose(const struct config *config, const struct kept *k, int64_t c, uint32_t task,
                     struct ranked_row *r, const char **why)
{
    struct roc_walk walk = {.r = r, .n = kept_collect(k, c, task, r)};
    struct roc_point p, best;
    walk.count = ranked_count(r, walk.n);
    *why = ranked_shortage(walk.count);
    if (*why)
        return (double)NAN;
    ranked_sort(r, walk.n);
    roc_next(&walk, &best);
    while (roc_next(&walk, &p))
        if (is_better(config, &p, &best))
            best = p;
    return best.threshold;
}

/* ---- what it does */

struct share {
    int64_t count, of;
};

enum { SHARES = 4 };
static const struct {
    const char *key, *why;
} share_names[SHARES] = {
    {"operating_point.sensitivity", "0 positives"},
    {"operating_point.specificity", "0 negatives"},
    {"operating_point.ppv", "none is called positive"},
    {"operating_point.npv", "none is called negative"},
};

struct class
{
    double threshold; /* of the log odds; NaN: none */
    const char *why;
    struct share share[SHARES];
};

static void apply(const struct kept *k, int64_t c, uint32_t task, struct ranked_row *r,
                  struct class *out)
{
    const int64_t n = kept_collect(k, c, task, r);
    int64_t called[2][2] = {{0}}; /* by label and answer */
    for (int64_t i = 0; i < n; i++)
        called[r[i].positive != 0][r[i].score >= out->threshold]++;
    out->share[0] = (struct share){called[1][1], called[1][0] + called[1][1]};
    out->share[1] = (struct share){called[0][0], called[0][0] + called[0][1]};
    out->share[2] = (struct share){called[1][1], called[0][1] + called[1][1]};
    out->share[3] = (struct share){called[0][0], called[0][0] + called[1][0]};
}

static struct classes_value share_of(const struct class *c, size_t i)
{
    const struct share *s = &c->share[i];
    if (isnan(c->threshold))
        return (struct classes_value){(double)NAN, c->why};
    if (s->of == 0)
        return (struct classes_value){(double)NAN, share_names[i].why};
    return (struct classes_value){(double)s->count / (double)s->of, NULL};
}

static struct classes_value youden_of(const struct class *c)
{
    const struct classes_value sensitivity = share_of(c, 0), specificity = share_of(c, 1);
    if (isnan(sensitivity.value))
        return sensitivity;
    return (struct classes_value){sensitivity.value + specificity.value - 1, specificity.why};
}

static void report_interval(struct tfu_metric_host *h, const char *key, const struct class *c,
                            size_t i)
{
    struct classes_value low = share_of(c, i), high = low;
    char name[96];
    if (!isnan(low.value)) {
        const struct wilson w = wilson(c->share[i].count, c->share[i].of);
        low.value = w.low;
        high.value = w.high;
    }
    snprintf(name, sizeof name, "%s.low", key);
    classes_say(h, name, low);
    snprintf(name, sizeof name, "%s.high", key);
    classes_say(h, name, high);
}

static void report_share(struct tfu_metric_host *h, const struct class *c, size_t i,
                         struct classes_value *v)
{
    const char *key = share_names[i].key;
    for (int64_t k = 0; k < h->outputs; k++)
        v[k] = share_of(&c[k], i);
    classes_report(h, key, v);
    if (classes_first(h) == h->outputs - 1) /* the number for all is that of one class */
        report_interval(h, key, &c[h->outputs - 1], i);
    for (int64_t k = 0; k < h->outputs; k++) {
        char name[64];
        snprintf(name, sizeof name, "%s.class.%lld", key, (long long)k);
        report_interval(h, name, &c[k], i);
    }
}

/* As log odds, or as a probability. */
static void report_threshold(struct tfu_metric_host *h, const char *key, const struct class *c,
                             int as_probability, struct classes_value *v)
{
    for (int64_t k = 0; k < h->outputs; k++) {
        const double t = c[k].threshold;
        v[k] = (struct classes_value){as_probability ? 1 / (1 + exp(-t)) : t, c[k].why};
        if (isinf(v[k].value))
            v[k] = (struct classes_value){(double)NAN, "above all scores"};
    }
    classes_report(h, key, v);
}

/* Rows of which a label is known. */
static int64_t known_rows(const struct kept *k)
{
    int64_t known = 0;
    for (int64_t r = 0; r < k->rows; r++) {
        int64_t c = 0;
        while (c < k->label_columns && isnan(k->label[r * k->label_columns + c]))
            c++;
        known += c < k->label_columns;
    }
    return known;
}

static void report(const struct operating_point *m, struct tfu_metric_host *h,
                   const struct class *c, struct classes_value *v)
{
    for (int64_t k = 0; k < h->outputs; k++)
        v[k] = youden_of(&c[k]);
    classes_report(h, "operating_point", v);
    for (size_t i = 0; i < SHARES; i++)
        report_share(h, c, i, v);
    report_threshold(h, "operating_point.threshold", c, 0, v);
    report_threshold(h, "operating_point.probability", c, 1, v);
    h->scalar(h, "operating_point.fit_rows", (double)known_rows(&m->fit));
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct operating_point *m = self;
    const struct kept *from = m->fit.rows > 0 ? &m->fit : &m->test;
    struct ranked_row *r = kept_room(from->rows > m->test.rows ? from : &m->test, h);
    struct classes_value *v = r ? classes_room(h) : NULL;
    struct class *c = v ? calloc((size_t)h->outputs, sizeof *c) : NULL;
    enum tfu_status st = TFU_OK;
    for (int64_t k = 0; c && k < h->outputs; k++) {
        c[k].threshold = choose(m->config, from, k, h->task, r, &c[k].why);
        apply(&m->test, k, h->task, r, &c[k]);
    }
    if (c)
        report(m, h, c, v);
    else
        st = h->fail(h, TFU_ENOMEM, "out of memory for %lld rows", (long long)m->test.rows);
    free(c);
    free(v);
    free(r);
    return st;
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_SCORES | TFU_NEEDS_LABELS | TFU_NEEDS_FIT,
    .create = create,
    .destroy = destroy,
    .update = update,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "operating_point",
    .version = "1.0",
    .summary = "sensitivity, specificity and predictive values at a threshold that the validation "
               "data choose",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
