/* SPDX-License-Identifier: MIT */
#include "core/stats/resample.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "core/stats/clusters.h"
#include "core/stats/draws.h"

struct worker {
    size_t *drawn; /* clusters */
    uint32_t *times;
};

struct work {
    const struct tfu_resample_request *r;
    struct tfu_clusters clusters;
    struct worker *worker;
    uint32_t workers;
    double *a, *b, *difference; /* of each draw */
};

static double value_of(const struct tfu_resampled *s, const uint32_t *times, int64_t n)
{
    return s->value ? s->value(s->arg, times, n) : NAN;
}

static void take(void *arg, int64_t draw, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_resample_request *r = w->r;
    const struct tfu_clusters *c = &w->clusters;
    const struct worker *own = &w->worker[worker];
    tfu_clusters_draw(c, r->seed, draw, own->drawn);
    for (int64_t i = 0; i < r->examples; i++)
        own->times[i] = 0;
    for (int64_t i = 0; i < c->count; i++)
        for (int64_t k = c->begin[own->drawn[i]]; k < c->begin[own->drawn[i] + 1]; k++)
            own->times[c->member[k]]++;
    w->a[draw] = value_of(&r->a, own->times, r->examples);
    w->b[draw] = value_of(&r->b, own->times, r->examples);
    w->difference[draw] = w->a[draw] - w->b[draw];
}

static enum tfu_status prepare(struct work *w, struct tfu_error *e)
{
    const struct tfu_resample_request *r = w->r;
    const size_t draws = r->draws > 0 ? (size_t)r->draws : 1, n = (size_t)r->examples;
    for (int64_t i = 0; r->group && i < r->examples; i++)
        if (r->group[i] < 0 || r->group[i] >= r->groups)
            return tfu_error_set(e, TFU_EINVAL,
                                 "example %" PRId64 " is of group %" PRId64
                                 ", and there are groups 0 to %" PRId64,
                                 i, r->group[i], r->groups - 1);
    const enum tfu_status st =
        tfu_clusters_make(&w->clusters, NULL, r->examples, r->group, r->groups, e);
    if (st != TFU_OK)
        return st;
    w->a = calloc(draws, sizeof *w->a);
    w->b = calloc(draws, sizeof *w->b);
    w->difference = calloc(draws, sizeof *w->difference);
    w->worker = calloc(w->workers, sizeof *w->worker);
    bool all = w->a && w->b && w->difference && w->worker;
    for (uint32_t i = 0; all && i < w->workers; i++) {
        w->worker[i] = (struct worker){
            .drawn = calloc((size_t)w->clusters.count + 1, sizeof *w->worker[i].drawn),
            .times = calloc(n + 1, sizeof *w->worker[i].times)};
        all = w->worker[i].drawn && w->worker[i].times;
    }
    return all ? TFU_OK : tfu_error_memory(e, "drawing examples", draws * 3 * sizeof *w->a);
}

static void clean(struct work *w)
{
    for (uint32_t i = 0; w->worker && i < w->workers; i++) {
        free(w->worker[i].drawn);
        free(w->worker[i].times);
    }
    free(w->worker);
    free(w->a);
    free(w->b);
    free(w->difference);
    tfu_clusters_free(&w->clusters);
}

/* ---- what comes of it */

/* Why no draw is made. */
static void check(struct tfu_resample *out, const struct tfu_resample_request *r)
{
    if (r->examples == 0)
        tfu_why_say(&out->why, "no examples");
    else if (out->clusters < 2)
        tfu_why_say(&out->why, "1 cluster: every draw of it is the same");
    else if (r->draws < 1)
        tfu_why_say(&out->why, "no draws");
    else
        tfu_why_level(&out->why, r->level);
}

static void measure_all(struct tfu_resample *out, const struct work *w)
{
    uint32_t *times = w->worker[0].times;
    for (int64_t i = 0; i < w->r->examples; i++)
        times[i] = 1;
    out->a.value = value_of(&w->r->a, times, w->r->examples);
    out->b.value = value_of(&w->r->b, times, w->r->examples);
    out->difference.value = out->a.value - out->b.value;
}

/* Draws of no difference count on both sides. */
static double share_across(const double *drawn, int64_t draws)
{
    int64_t above = 0, below = 0, all = 0;
    for (int64_t i = 0; i < draws; i++) {
        above += drawn[i] >= 0;
        below += drawn[i] <= 0;
        all += !isnan(drawn[i]);
    }
    const int64_t fewer = above < below ? above : below;
    return fmin(1, 2 * (double)(1 + fewer) / (double)(1 + all));
}

static void finish(struct tfu_resample *out, struct tfu_resample_value *v, double *drawn,
                   const char *what)
{
    const struct tfu_percentiles p = tfu_percentiles_take(drawn, out->draws, out->level);
    v->low = p.low;
    v->high = p.high;
    v->undefined = p.undefined;
    if (isnan(v->value))
        tfu_why_say(&out->why, "%s is not defined on the examples as they are", what);
    if (isnan(v->low))
        tfu_why_say(&out->why, "%s is not defined in %" PRId64 " of %" PRId64 " draws", what,
                    p.undefined, out->draws);
}

enum tfu_status tfu_resample_run(struct tfu_resample *out, const struct tfu_resample_request *r,
                                 struct tfu_error *e)
{
    const struct tfu_resample_value none = {.value = NAN, .low = NAN, .high = NAN};
    struct work w = {.r = r, .workers = tfu_draws_workers(r->threads)};
    *out = (struct tfu_resample){
        .draws = r->draws, .level = r->level, .a = none, .b = none, .difference = none, .p = NAN};
    enum tfu_status st = prepare(&w, e);
    if (st == TFU_OK) {
        out->clusters = w.clusters.count;
        check(out, r);
        if (r->examples > 0)
            measure_all(out, &w);
    }
    if (st == TFU_OK && !out->why.text[0]) {
        st = tfu_draws_run(&(struct tfu_draws){.threads = r->threads,
                                               .count = r->draws,
                                               .take = take,
                                               .arg = &w,
                                               .stopped = r->interrupted,
                                               .stopped_arg = r->interrupted_arg},
                           e);
        if (st == TFU_OK) {
            const bool two = r->b.value;
            finish(out, &out->a, w.a, two ? "a" : "the statistic");
            if (two) {
                finish(out, &out->b, w.b, "b");
                out->p = share_across(w.difference, r->draws);
                finish(out, &out->difference, w.difference, "the difference");
                if (isnan(out->difference.low))
                    out->p = NAN;
            }
        }
    }
    clean(&w);
    return st;
}
