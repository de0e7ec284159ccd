/* SPDX-License-Identifier: MIT */
#include "core/train/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/base/statistics.h"

/* ---- who is drawn */

/* Members, those of one group after the other; group i has begin[i] to begin[i + 1]. */
struct clusters {
    int64_t count;
    int64_t *begin, *member;
};

static void clusters_free(struct clusters *c)
{
    free(c->begin);
    free(c->member);
}

/* Groups in the order in which their first member comes. */
static enum tfu_status
clusters_make(struct clusters *c, const struct tfu_metric_bootstrap_request *r, struct tfu_error *e)
{
    const size_t groups = r->group ? (size_t)r->groups : 0, members = (size_t)r->members;
    int64_t *number = malloc((groups + 1) * sizeof *number); /* of a group; -1: not met yet */
    int64_t *end = calloc(members + 1, sizeof *end);
    *c = (struct clusters){.begin = calloc(members + 2, sizeof *c->begin),
                           .member = calloc(members + 1, sizeof *c->member)};
    if (!number || !end || !c->begin || !c->member) {
        free(end);
        free(number);
        return tfu_error_memory(e, "drawing examples", 0);
    }
    for (size_t i = 0; i < groups; i++)
        number[i] = -1;
    for (int64_t i = 0; i < r->members; i++) {
        int64_t *known = r->group ? &number[r->group[r->member[i]]] : NULL;
        const int64_t own = known && *known >= 0 ? *known : c->count;
        c->count += own == c->count;
        if (known)
            *known = own;
        c->begin[own + 1]++;
    }
    for (int64_t i = 0; i < c->count; i++)
        c->begin[i + 1] += c->begin[i];
    for (int64_t i = 0; i < r->members; i++) {
        const int64_t own = r->group ? number[r->group[r->member[i]]] : i;
        c->member[c->begin[own] + end[own]++] = r->member[i];
    }
    free(end);
    free(number);
    return TFU_OK;
}

/* ---- the draws */

struct worker {
    struct bootstrap *b;
    struct tfu_metric_call metric;
    struct tfu_kept_rows room;
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
    struct clusters clusters;
    uint64_t seed;
    struct worker *worker;
    uint32_t workers;
    double *value;           /* draws x keys */
    struct tfu_error *error; /* of each draw's failure, by worker */
    int64_t first;           /* draw of the round */
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

/* As many groups as there are, with replacement. */
static enum tfu_status draw(struct worker *w, uint64_t key, int64_t *count, struct tfu_error *e)
{
    const struct clusters *c = &w->b->clusters;
    struct tfu_random random;
    enum tfu_status st = TFU_OK;
    tfu_random_init(&random, key);
    *count = 0;
    for (int64_t i = 0; st == TFU_OK && i < c->count; i++) {
        const int64_t g = (int64_t)tfu_random_below(&random, (uint64_t)c->count);
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
    const enum tfu_status st = draw(w, tfu_random_subkey(w->b->seed, (uint64_t)number), &count, e);
    if (st != TFU_OK)
        return st;
    return r->gaps ? measure_gaps(w, count, value, e)
                   : measure_examples(w, w->pick, count, value, e);
}

static void task(void *arg, uint32_t index, uint32_t worker)
{
    struct bootstrap *b = arg;
    if (b->error[worker].status == TFU_OK)
        measure(&b->worker[worker], b->first + index, &b->error[worker]);
}

/* A round of draws at a time, so that an interruption is not waited for. */
static enum tfu_status run(struct bootstrap *b, bool (*interrupted)(void *arg), void *arg,
                           struct tfu_error *e)
{
    const uint32_t round = 16 * b->workers;
    for (b->first = 0; b->first < b->r->draws; b->first += round) {
        const int64_t left = b->r->draws - b->first;
        const uint32_t tasks = left < round ? (uint32_t)left : round;
        if (interrupted && interrupted(arg))
            return tfu_error_set(e, TFU_EINTERRUPTED, "interrupted");
        if (b->r->shape->threads)
            tfu_threads_run(b->r->shape->threads, tasks, task, b);
        else
            for (uint32_t i = 0; i < tasks; i++)
                task(b, i, 0);
        for (uint32_t i = 0; i < b->workers; i++)
            if (b->error[i].status != TFU_OK)
                return tfu_error_set(e, b->error[i].status, "in a draw of its examples: %s",
                                     b->error[i].text);
    }
    return TFU_OK;
}

/* ---- intervals */

static struct tfu_metric_interval interval(const struct bootstrap *b, size_t key, double *sorted)
{
    const struct tfu_metric_bootstrap_request *r = b->r;
    struct tfu_metric_interval out = {(double)NAN, (double)NAN, 0};
    int64_t n = 0;
    for (int64_t i = 0; i < r->draws; i++) {
        const double value = b->value[(size_t)i * r->keys + key];
        if (!isnan(value))
            sorted[n++] = value;
    }
    out.undefined = r->draws - n;
    if (2 * n < r->draws || n == 0)
        return out;
    qsort(sorted, (size_t)n, sizeof *sorted, tfu_compare_doubles);
    out.low = tfu_quantile(sorted, (size_t)n, (1 - r->interval) / 2);
    out.high = tfu_quantile(sorted, (size_t)n, (1 + r->interval) / 2);
    return out;
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
    enum tfu_status st = clusters_make(&b->clusters, r, e);
    for (uint32_t i = 0; st == TFU_OK && i < b->workers; i++) {
        struct worker *w = &b->worker[i];
        w->b = b;
        b->error[i] = (struct tfu_error)TFU_ERROR_INIT;
        w->number = calloc(3 * r->keys + 1, sizeof *w->number);
        if (!w->number)
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
        free(b->worker[i].pick);
        free(b->worker[i].portion);
        free(b->worker[i].number);
    }
    clusters_free(&b->clusters);
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
        .seed = tfu_random_key(r->seed, "bootstrap", ""),
        .workers = r->shape->threads ? tfu_threads_count(r->shape->threads) : 1,
    };
    double *sorted = calloc((size_t)r->draws + 1, sizeof *sorted);
    enum tfu_status st = sorted ? prepare(&b, e) : tfu_error_memory(e, "drawing examples", 0);
    if (st == TFU_OK)
        st = run(&b, interrupted, arg, e);
    for (size_t i = 0; st == TFU_OK && i < r->keys; i++)
        out[i] = interval(&b, i, sorted);
    clean(&b);
    free(sorted);
    return st;
}
