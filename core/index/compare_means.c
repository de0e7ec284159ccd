/* SPDX-License-Identifier: MIT */
#include "core/index/compare_means.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "core/index/scored_same.h"
#include "core/stats/auc_order.h"

/* The examples whose label is known. */
struct known {
    double **a, **b; /* scores by run */
    uint8_t *positive;
    int64_t *group, n;
};

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "comparing predictions", 0);
}

static double **new_scores(size_t runs, size_t n)
{
    double **s = calloc(runs + 1, sizeof *s);
    for (size_t i = 0; s && i < runs; i++)
        s[i] = calloc(n + 1, sizeof **s);
    return s;
}

static void free_scores(double **s, size_t runs)
{
    for (size_t i = 0; s && i < runs; i++)
        free(s[i]);
    free(s);
}

static bool is_whole(double **s, size_t runs)
{
    for (size_t i = 0; s && i < runs; i++)
        if (!s[i])
            return false;
    return s != NULL;
}

static enum tfu_status check(const struct tfu_means_request *r, size_t *output, struct tfu_error *e)
{
    enum tfu_status st = tfu_scored_check_labels(&r->a[0], e);
    for (size_t i = 0; st == TFU_OK && i < r->runs; i++) {
        if (i > 0)
            st = tfu_scored_check_same(&r->a[0], &r->a[i], e);
        if (st == TFU_OK)
            st = tfu_scored_check_same(&r->a[0], &r->b[i], e);
    }
    if (st != TFU_OK)
        return st;
    const size_t outputs = r->a[0].outputs;
    if (r->output < 0 && outputs > 2)
        return tfu_error_set(e, TFU_EINVAL, "it is a mean over %zu classes, and the test is of one",
                             outputs);
    *output = r->output < 0 ? outputs - 1 : (size_t)r->output;
    if (*output >= outputs)
        return tfu_error_set(e, TFU_EINVAL, "there is no class %" PRId64 " among %zu", r->output,
                             outputs);
    return TFU_OK;
}

static void take(struct known *k, const struct tfu_means_request *r, size_t output,
                 const int64_t *group)
{
    const struct tfu_scored_file *f = &r->a[0];
    const bool one_each = f->labels == f->outputs;
    for (size_t i = 0; i < f->count; i++) {
        const double v = f->example[i].label[one_each ? output : 0];
        if (isnan(v))
            continue;
        for (size_t run = 0; run < r->runs; run++) {
            k->a[run][k->n] = r->a[run].example[i].score[output];
            k->b[run][k->n] = r->b[run].example[i].score[output];
        }
        k->positive[k->n] = one_each ? v > 0 : (size_t)v == output;
        k->group[k->n++] = group[i];
    }
}

/* ---- the bootstrap of a mean area */

struct mean_area {
    struct tfu_auc_order **order;
    size_t runs;
};

static double mean_of(void *arg, const uint32_t *times, int64_t n)
{
    const struct mean_area *m = arg;
    double sum = 0;
    for (size_t i = 0; i < m->runs; i++)
        sum += tfu_auc_order_area(m->order[i], times, n);
    return sum / (double)m->runs;
}

static enum tfu_status order_all(struct mean_area *m, double *const *score, const struct known *k,
                                 size_t runs, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    *m = (struct mean_area){.order = calloc(runs + 1, sizeof *m->order), .runs = runs};
    if (!m->order)
        return no_memory(e);
    for (size_t i = 0; st == TFU_OK && i < runs; i++)
        st = tfu_auc_order_new(&m->order[i], (struct tfu_auc_examples){score[i], k->positive, k->n},
                               e);
    return st;
}

static void free_order(struct mean_area *m)
{
    for (size_t i = 0; m->order && i < m->runs; i++)
        tfu_auc_order_free(m->order[i]);
    free(m->order);
}

static enum tfu_status resample(struct tfu_means_comparison *out, const struct tfu_means_request *r,
                                const struct known *k, struct tfu_error *e)
{
    struct mean_area a = {.order = NULL}, b = {.order = NULL};
    enum tfu_status st = order_all(&a, k->a, k, r->runs, e);
    if (st == TFU_OK)
        st = order_all(&b, k->b, k, r->runs, e);
    const struct tfu_resample_request request = {.examples = k->n,
                                                 .group = out->groups ? k->group : NULL,
                                                 .groups = (int64_t)out->groups,
                                                 .draws = r->draws,
                                                 .level = 0.95,
                                                 .seed = r->seed,
                                                 .a = {mean_of, &a},
                                                 .b = {mean_of, &b}};
    if (st == TFU_OK)
        st = tfu_resample_run(&out->resample, &request, e);
    free_order(&a);
    free_order(&b);
    return st;
}

enum tfu_status tfu_compare_means(struct tfu_means_comparison *out,
                                  const struct tfu_means_request *r, struct tfu_error *e)
{
    size_t output = 0;
    *out = (struct tfu_means_comparison){.resample = {.p = NAN}};
    if (r->runs == 0)
        return tfu_error_set(e, TFU_EINVAL, "there are no runs to compare");
    enum tfu_status st = check(r, &output, e);
    if (st != TFU_OK)
        return st;
    const size_t n = r->a[0].count;
    int64_t *group = calloc(n + 1, sizeof *group);
    struct known k = {.a = new_scores(r->runs, n),
                      .b = new_scores(r->runs, n),
                      .positive = calloc(n + 1, sizeof *k.positive),
                      .group = calloc(n + 1, sizeof *k.group)};
    if (!group || !is_whole(k.a, r->runs) || !is_whole(k.b, r->runs) || !k.positive || !k.group ||
        (tfu_scored_has_groups(&r->a[0]) &&
         !tfu_scored_number_groups(&r->a[0], group, &out->groups)))
        st = no_memory(e);
    if (st == TFU_OK) {
        take(&k, r, output, group);
        st = tfu_auc_compare_means(&out->test, k.positive, k.n, (const double *const *)k.a,
                                   (const double *const *)k.b, (int64_t)r->runs, 0.95, e);
    }
    if (st == TFU_OK && r->draws > 0)
        st = resample(out, r, &k, e);
    free(group);
    free_scores(k.a, r->runs);
    free_scores(k.b, r->runs);
    free(k.positive);
    free(k.group);
    return st;
}
