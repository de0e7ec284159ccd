/* SPDX-License-Identifier: MIT */
#include "core/train/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/stats/clusters.h"
#include "core/stats/draws.h"
#include "core/stats/percentiles.h"

/* ---- the draws */

struct worker {
    struct bootstrap *b;
    struct tfu_metric_call metric;
    struct tfu_kept_rows room;
    size_t *drawn; /* clusters */
    int64_t *pick;
    size_t capacity;
    double *value; /* where the numbers go that the metric reports */
    /* for gaps: examples of a part, its numbers, and the least and largest of each so far */
    int64_t *portion;
    double *number, *least, *most;
    size_t next; /* the key that is likely to come next */
};

struct bootstrap {
    const struct tfu_metric_bootstrap_request *r;
    struct tfu_clusters clusters;
    struct worker *worker;
    uint32_t workers;
    double *value; /* draws x keys */
    bool (*interrupted)(void *arg);
    void *interrupted_arg;
    struct tfu_error *error; /* of each draw's failure, by worker */
};

/* Keys come in the same order in each draw, but for those that a few rows do not have. */
static void hear(void *arg, const char *key, double value, const char *note, struct tfu_error *e)
{
    struct worker *w = arg;
    const struct tfu_metric_bootstrap_request *r = w->b->r;
    (void)note, (void)e;
    for (size_t i = 0; i < r->keys; i++) {
        const size_t at = (w->next + i) % r->keys;
        if (strcmp(r->key[at], key) != 0)
            continue;
        w->value[at] = value;
        w->next = at + 1;
        return;
    }
}

static enum tfu_status reserve_picks(struct worker *w, size_t count, struct tfu_error *e)
{
    if (count <= w->capacity)
        return TFU_OK;
    int64_t *pick = realloc(w->pick, 2 * count * sizeof *pick);
    if (!pick)
        return tfu_error_memory(e, "drawing examples", 2 * count * sizeof *pick);
    w->pick = pick;
    if (w->b->r->gaps) {
        int64_t *portion = realloc(w->portion, 2 * count * sizeof *portion);
        if (!portion)
            return tfu_error_memory(e, "drawing examples", 2 * count * sizeof *portion);
        w->portion = portion;
    }
    w->capacity = 2 * count;
    return TFU_OK;
}

/* The members of the drawn clusters. */
static enum tfu_status draw(struct worker *w, int64_t number, int64_t *count, struct tfu_error *e)
{
    const struct tfu_clusters *c = &w->b->clusters;
    enum tfu_status st = TFU_OK;
    tfu_clusters_draw(c, w->b->r->seed, number, w->drawn);
    *count = 0;
    for (int64_t i = 0; st == TFU_OK && i < c->count; i++) {
        const size_t g = w->drawn[i];
        const int64_t n = c->begin[g + 1] - c->begin[g];
        st = reserve_picks(w, (size_t)(*count + n), e);
        if (st == TFU_OK)
            memcpy(w->pick + *count, c->member + c->begin[g], (size_t)n * sizeof *w->pick);
        *count += n;
    }
    return st;
}

static enum tfu_status take(void *arg, const struct tfu_batch *batch, struct tfu_error *e)
{
    return tfu_metric_update(arg, batch, e);
}

/* The numbers of `count` examples, into `value`. */
static enum tfu_status measure_examples(struct worker *w, const int64_t *pick, int64_t count,
                                        double *value, struct tfu_error *e)
{
    const struct tfu_metric_bootstrap_request *r = w->b->r;
    enum tfu_status st = TFU_OK;
    w->value = value;
    w->next = 0;
    for (size_t i = 0; i < r->keys; i++)
        value[i] = (double)NAN;
    tfu_metric_reset(&w->metric);
    if (r->fit) {
        const struct tfu_batch fit = tfu_kept_rows_batch(r->fit, TFU_PART_FIT);
        st = tfu_metric_update(&w->metric, &fit, e);
    }
    if (st == TFU_OK)
        st = tfu_kept_rows_pick(r->rows, pick, count, &w->room, take, &w->metric, e);
    return st == TFU_OK ? tfu_metric_finalize(&w->metric, e) : st;
}

/* Those of one part among the `count` examples drawn; without examples it has no numbers. */
static enum tfu_status measure_part(struct worker *w, int64_t part, int64_t count,
                                    struct tfu_error *e)
{
    const struct tfu_metric_bootstrap_request *r = w->b->r;
    const bool *counted = r->gaps->counted + (size_t)part * r->keys;
    enum tfu_status st = TFU_OK;
    int64_t n = 0;
    for (int64_t i = 0; i < count; i++)
        if (r->gaps->part[w->pick[i]] == part)
            w->portion[n++] = w->pick[i];
    for (size_t k = 0; n == 0 && k < r->keys; k++)
        w->number[k] = (double)NAN;
    if (n > 0)
        st = measure_examples(w, w->portion, n, w->number, e);
    for (size_t k = 0; st == TFU_OK && k < r->keys; k++) {
        if (!counted[k])
            continue;
        w->least[k] = fmin(w->least[k], w->number[k]);
        w->most[k] = fmax(w->most[k], w->number[k]);
    }
    return st;
}

static enum tfu_status measure_gaps(struct worker *w, int64_t count, double *value,
                                    struct tfu_error *e)
{
    const struct tfu_metric_bootstrap_request *r = w->b->r;
    enum tfu_status st = TFU_OK;
    for (size_t k = 0; k < r->keys; k++) {
        w->least[k] = INFINITY;
        w->most[k] = -INFINITY;
        value[k] = 0;
    }
    for (int64_t p = 0; st == TFU_OK && p < r->gaps->parts; p++) {
        st = measure_part(w, p, count, e);
        for (size_t k = 0; st == TFU_OK && k < r->keys; k++)
            if (r->gaps->counted[(size_t)p * r->keys + k] && isnan(w->number[k]))
                value[k] = (double)NAN;
    }
    for (size_t k = 0; k < r->keys; k++)
        if (!isnan(value[k]))
            value[k] = w->most[k] >= w->least[k] ? w->most[k] - w->least[k] : (double)NAN;
    return st;
}

static enum tfu_status measure(struct worker *w, int64_t number, struct tfu_error *e)
{
    const struct tfu_metric_bootstrap_request *r = w->b->r;
    double *value = w->b->value + (size_t)number * r->keys;
    int64_t count;
    const enum tfu_status st = draw(w, number, &count, e);
    if (st != TFU_OK)
        return st;
    return r->gaps ? measure_gaps(w, count, value, e)
                   : measure_examples(w, w->pick, count, value, e);
}

static void measure_draw(void *arg, int64_t number, uint32_t worker)
{
    struct bootstrap *b = arg;
    if (b->error[worker].status == TFU_OK)
        measure(&b->worker[worker], number, &b->error[worker]);
}

static const struct tfu_error *failure(const struct bootstrap *b)
{
    for (uint32_t i = 0; i < b->workers; i++)
        if (b->error[i].status != TFU_OK)
            return &b->error[i];
    return NULL;
}

static bool is_over(void *arg)
{
    const struct bootstrap *b = arg;
    return failure(b) || (b->interrupted && b->interrupted(b->interrupted_arg));
}

static enum tfu_status run(struct bootstrap *b, struct tfu_error *e)
{
    struct tfu_error stopped = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_draws_run(&(struct tfu_draws){.threads = b->r->shape->threads,
                                                                 .count = b->r->draws,
                                                                 .take = measure_draw,
                                                                 .arg = b,
                                                                 .stopped = is_over,
                                                                 .stopped_arg = b},
                                             &stopped);
    const struct tfu_error *failed = failure(b);
    if (failed)
        return tfu_error_set(e, failed->status, "in a draw of its examples: %s", failed->text);
    return st == TFU_OK ? TFU_OK : tfu_error_set(e, st, "%s", stopped.text);
}

/* ---- intervals */

static struct tfu_metric_interval interval(const struct bootstrap *b, size_t key, double *value)
{
    const struct tfu_metric_bootstrap_request *r = b->r;
    for (int64_t i = 0; i < r->draws; i++)
        value[i] = b->value[(size_t)i * r->keys + key];
    const struct tfu_percentiles p = tfu_percentiles_take(value, r->draws, r->interval);
    return (struct tfu_metric_interval){p.low, p.high, p.undefined};
}

/* ---- all of it */

static enum tfu_status prepare(struct bootstrap *b, struct tfu_error *e)
{
    const struct tfu_metric_bootstrap_request *r = b->r;
    /* tasks run inside of tasks: what a metric has for parallel() is one thread */
    struct tfu_metric_shape shape = *r->shape;
    shape.threads = NULL;
    b->value = calloc((size_t)r->draws * r->keys + 1, sizeof *b->value);
    b->worker = calloc(b->workers, sizeof *b->worker);
    b->error = calloc(b->workers, sizeof *b->error);
    if (!b->value || !b->worker || !b->error)
        return tfu_error_memory(e, "drawing examples", (size_t)r->draws * r->keys * 8);
    enum tfu_status st =
        tfu_clusters_make(&b->clusters, r->member, r->members, r->group, r->groups, e);
    for (uint32_t i = 0; st == TFU_OK && i < b->workers; i++) {
        struct worker *w = &b->worker[i];
        w->b = b;
        w->drawn = calloc((size_t)b->clusters.count + 1, sizeof *w->drawn);
        b->error[i] = (struct tfu_error)TFU_ERROR_INIT;
        w->number = calloc(3 * r->keys + 1, sizeof *w->number);
        if (!w->drawn || !w->number)
            return tfu_error_memory(e, "drawing examples", 0);
        w->least = w->number + r->keys;
        w->most = w->least + r->keys;
        st = tfu_metric_open(&w->metric, &shape, r->metric,
                             (struct tfu_metric_listener){.arg = w, .report = hear}, e);
    }
    return st;
}

static void clean(struct bootstrap *b)
{
    for (uint32_t i = 0; b->worker && i < b->workers; i++) {
        tfu_metric_close(&b->worker[i].metric);
        tfu_kept_rows_free(&b->worker[i].room);
        free(b->worker[i].drawn);
        free(b->worker[i].pick);
        free(b->worker[i].portion);
        free(b->worker[i].number);
    }
    tfu_clusters_free(&b->clusters);
    free(b->worker);
    free(b->error);
    free(b->value);
}

enum tfu_status tfu_metric_bootstrap(const struct tfu_metric_bootstrap_request *r,
                                     struct tfu_metric_interval *out,
                                     bool (*interrupted)(void *arg), void *arg, struct tfu_error *e)
{
    struct bootstrap b = {
        .r = r,
        .workers = tfu_draws_workers(r->shape->threads),
        .interrupted = interrupted,
        .interrupted_arg = arg,
    };
    double *sorted = calloc((size_t)r->draws + 1, sizeof *sorted);
    enum tfu_status st = sorted ? prepare(&b, e) : tfu_error_memory(e, "drawing examples", 0);
    if (st == TFU_OK)
        st = run(&b, e);
    for (size_t i = 0; st == TFU_OK && i < r->keys; i++)
        out[i] = interval(&b, i, sorted);
    clean(&b);
    free(sorted);
    return st;
}
