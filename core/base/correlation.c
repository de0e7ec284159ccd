/* SPDX-License-Identifier: MIT */
#include "core/base/correlation.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/ranks.h"
#include "core/base/student.h"

/* ---- sums over points, in some order */

struct moments {
    double mean_x, mean_y, xx, yy, xy; /* sums of squares and products about the means */
};

static size_t at(const size_t *index, size_t i)
{
    return index ? index[i] : i;
}

/* `index` NULL: each point once. */
static struct moments moments_of(const double *x, const double *y, const size_t *index, size_t n)
{
    struct moments m = {0};
    for (size_t i = 0; i < n; i++) {
        m.mean_x += x[at(index, i)];
        m.mean_y += y[at(index, i)];
    }
    m.mean_x /= (double)n;
    m.mean_y /= (double)n;
    for (size_t i = 0; i < n; i++) {
        const double a = x[at(index, i)] - m.mean_x, b = y[at(index, i)] - m.mean_y;
        m.xx += a * a;
        m.yy += b * b;
        m.xy += a * b;
    }
    return m;
}

/* Differences of this share of a value are rounding: a line through them means nothing. */
static const double rounding = 1e-12;

static bool varies(const double *x, const size_t *index, size_t n)
{
    const double first = x[at(index, 0)];
    for (size_t i = 1; i < n; i++)
        if (fabs(x[at(index, i)] - first) > rounding * fabs(first))
            return true;
    return false;
}

static struct tfu_estimate pearson(const struct moments *m)
{
    const double r = m->xy / (sqrt(m->xx) * sqrt(m->yy));
    /* squares of differences can be too small for a double */
    if (!isfinite(r))
        return (struct tfu_estimate){.defined = false};
    return (struct tfu_estimate){true, fmin(1, fmax(-1, r))};
}

/* ---- a line */

struct points {
    const double *x, *y;
};

static struct tfu_estimate resampled_r_squared(void *arg, const size_t *index, size_t n)
{
    const struct points *p = arg;
    if (!varies(p->x, index, n) || !varies(p->y, index, n))
        return (struct tfu_estimate){.defined = false};
    const struct moments m = moments_of(p->x, p->y, index, n);
    const struct tfu_estimate r = pearson(&m);
    return (struct tfu_estimate){r.defined, r.value * r.value};
}

enum tfu_status tfu_line_fit(const double *x, const double *y, size_t n, uint64_t seed,
                             struct tfu_line *out, struct tfu_error *e)
{
    *out = (struct tfu_line){.n = n};
    if (n < 3 || !tfu_all_finite(x, n) || !tfu_all_finite(y, n) || !varies(x, NULL, n))
        return TFU_OK;
    const struct moments m = moments_of(x, y, NULL, n);
    const double slope = m.xy / m.xx, intercept = m.mean_y - slope * m.mean_x;
    if (!isfinite(slope))
        return TFU_OK;
    double rest = 0;
    for (size_t i = 0; i < n; i++) {
        const double r = y[i] - m.mean_y - slope * (x[i] - m.mean_x);
        rest += r * r;
    }
    const double free = (double)(n - 2);
    const double half = tfu_student_quantile(0.975, free) * sqrt(rest / free / m.xx);
    out->slope = (struct tfu_estimate){true, slope};
    out->intercept = (struct tfu_estimate){true, intercept};
    out->slope_interval = (struct tfu_interval){true, slope - half, slope + half};
    if (!varies(y, NULL, n))
        return TFU_OK;
    out->pearson = pearson(&m);
    out->r_squared =
        (struct tfu_estimate){out->pearson.defined, out->pearson.value * out->pearson.value};
    struct points points = {x, y};
    return tfu_bootstrap(n, TFU_BOOTSTRAP_DRAWS, seed, resampled_r_squared, &points,
                         &out->r_squared_interval, e);
}

/* ---- ranks */

enum { EXACT_UP_TO = 8 };

struct orders {
    const double *x, *y;
    size_t n;
    double least; /* |sum of products about the means| to be reached */
    double mean;
    size_t all, as_large;
};

/* Puts the y of the points from `done` on in every order. */
static void count_orders(struct orders *o, size_t *order, size_t done)
{
    if (done == o->n) {
        double xy = 0;
        for (size_t i = 0; i < o->n; i++)
            xy += (o->x[i] - o->mean) * (o->y[order[i]] - o->mean);
        o->all++;
        o->as_large += fabs(xy) >= o->least;
        return;
    }
    for (size_t i = done; i < o->n; i++) {
        const size_t a = order[done], b = order[i];
        order[done] = b;
        order[i] = a;
        count_orders(o, order, done + 1);
        order[done] = a;
        order[i] = b;
    }
}

static double exact_p(const double *x, const double *y, size_t n, double xy)
{
    size_t order[EXACT_UP_TO];
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    /* ranks are halves and their products quarters: the sums have no rounding to allow for */
    struct orders o = {.x = x, .y = y, .n = n, .least = fabs(xy), .mean = (double)(n + 1) / 2};
    count_orders(&o, order, 0);
    return (double)o.as_large / (double)o.all;
}

static void correlate(const double *x, const double *y, struct tfu_rank_correlation *out)
{
    const size_t n = out->n;
    const struct moments m = moments_of(x, y, NULL, n);
    /* of numbers without rounding, and 1 where the ranks are the same */
    const double rho = m.xy / sqrt(m.xx * m.yy);
    out->rho = (struct tfu_estimate){true, rho};
    out->p_is_exact = n <= EXACT_UP_TO;
    if (out->p_is_exact)
        out->p = (struct tfu_estimate){true, exact_p(x, y, n, m.xy)};
    else if (fabs(rho) >= 1)
        out->p = (struct tfu_estimate){true, 0};
    else
        out->p = (struct tfu_estimate){
            true, tfu_student_tail(rho * sqrt((double)(n - 2) / (1 - rho * rho)), (double)(n - 2))};
    if (n < 4 || fabs(rho) >= 1)
        return;
    const double z = atanh(rho),
                 half = 1.959963984540054 * sqrt((1 + rho * rho / 2) / (double)(n - 3));
    out->interval = (struct tfu_interval){true, tanh(z - half), tanh(z + half)};
}

enum tfu_status tfu_rank_correlate(const double *x, const double *y, size_t n,
                                   struct tfu_rank_correlation *out, struct tfu_error *e)
{
    *out = (struct tfu_rank_correlation){.n = n};
    if (n < 3 || !tfu_all_finite(x, n) || !tfu_all_finite(y, n) || !varies(x, NULL, n) ||
        !varies(y, NULL, n))
        return TFU_OK;
    struct tfu_ranked *sorted = calloc(n, sizeof *sorted);
    double *rank_x = calloc(n, sizeof *rank_x), *rank_y = calloc(n, sizeof *rank_y);
    enum tfu_status st = TFU_OK;
    if (!sorted || !rank_x || !rank_y) {
        st = tfu_error_memory(e, "a rank correlation", 0);
    } else {
        tfu_ranked_take(x, n, sorted);
        tfu_ranked_share(sorted, n, rank_x);
        tfu_ranked_take(y, n, sorted);
        tfu_ranked_share(sorted, n, rank_y);
        correlate(rank_x, rank_y, out);
    }
    free(sorted);
    free(rank_x);
    free(rank_y);
    return st;
}
