/* SPDX-License-Identifier: MIT */
#include "cca.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lapack.h"
#include "whitening.h"

static enum tfu_status no_memory(struct tfu_metric_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for canonical correlations");
}

void cca_free(struct cca *c)
{
    for (int i = 0; i < 2; i++) {
        whitening_free(&c->side[i]);
        free(c->vector[i]);
    }
    free(c->correlation);
    *c = (struct cca){.count = 0};
}

static double *transposed(const double *x, int64_t rows, int64_t columns)
{
    double *t = malloc((size_t)(rows * columns) * sizeof *t + 1);
    for (int64_t i = 0; t && i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            t[j * rows + i] = x[i * columns + j];
    return t;
}

static double *scatter_of(const struct moments *m, int side)
{
    double *s = malloc((size_t)(m->columns[side] * m->columns[side]) * sizeof *s + 1);
    if (s)
        moments_part(m, side, side, s);
    return s;
}

static enum tfu_status whiten(struct cca *c, const struct moments *m, int side,
                              const struct whitening_request *request, struct tfu_metric_host *h)
{
    double *scatter = scatter_of(m, side);
    if (!scatter)
        return no_memory(h);
    const double *mean = m->mean + (side ? m->columns[0] : 0);
    const enum tfu_status st =
        whitening_make(&c->side[side], scatter, mean, m->rows, m->columns[side], request, h);
    free(scatter);
    return st;
}

/* wa' Sab wb, transposed: rank of b x rank of a. */
static double *cross(const struct cca *c, const struct moments *m)
{
    const int64_t a = m->columns[0], b = m->columns[1], rank = c->side[0].rank;
    double *ab = malloc((size_t)(a * b) * sizeof *ab + 1);
    if (!ab)
        return NULL;
    moments_part(m, 0, 1, ab);
    double *half = whitening_apply(&c->side[0], ab, b);
    free(ab);
    double *turned = half ? transposed(half, rank, b) : NULL;
    free(half);
    double *whole = turned ? whitening_apply(&c->side[1], turned, rank) : NULL;
    free(turned);
    return whole;
}

enum tfu_status cca_solve(struct cca *out, const struct moments *m,
                          const struct whitening_request *request, bool vectors,
                          struct tfu_metric_host *h)
{
    *out = (struct cca){.count = 0};
    for (int side = 0; side < 2; side++) {
        const enum tfu_status st = whiten(out, m, side, request, h);
        if (st != TFU_OK)
            return st;
    }
    const int64_t ra = out->side[0].rank, rb = out->side[1].rank;
    out->count = ra < rb ? ra : rb;
    out->correlation = calloc((size_t)out->count + 1, sizeof *out->correlation);
    if (out->count == 0)
        return out->correlation ? TFU_OK : no_memory(h);
    double *k = cross(out, m), *u = NULL;
    if (vectors) {
        out->vector[0] = malloc((size_t)(ra * ra) * sizeof(double) + 1);
        u = malloc((size_t)(rb * rb) * sizeof *u + 1);
    }
    enum tfu_status st = TFU_OK;
    if (!k || !out->correlation || (vectors && (!u || !out->vector[0])))
        st = no_memory(h);
    else if (!solve_singular(rb, ra, k, out->correlation, u, out->vector[0], h))
        st = TFU_ENUMERIC;
    if (st == TFU_OK && vectors) {
        out->vector[1] = transposed(u, rb, rb);
        st = out->vector[1] ? TFU_OK : no_memory(h);
    }
    free(k);
    free(u);
    return st;
}

/* ---- projection weights */

static int smaller_side(const struct cca *c)
{
    return c->side[0].rank <= c->side[1].rank ? 0 : 1;
}

static void normalise(double *weight, int64_t n)
{
    double total = 0;
    for (int64_t i = 0; i < n; i++)
        total += weight[i];
    for (int64_t i = 0; i < n; i++)
        weight[i] = total > 0 ? weight[i] / total : 1 / (double)n;
}

/* The weight of row i is the sum of |x(i, j)|; then they sum to 1. */
static void sum_rows(const double *x, int64_t rows, int64_t columns, double *weight)
{
    for (int64_t i = 0; i < rows; i++) {
        weight[i] = 0;
        for (int64_t j = 0; j < columns; j++)
            weight[i] += fabs(x[i * columns + j]);
    }
    normalise(weight, rows);
}

/* ---- equal coefficients */

static const double equal = 1e-6;

/* The end of the group of equal coefficients that begins at `first`. */
static int64_t group_end(const struct cca *c, int64_t first)
{
    int64_t end = first + 1;
    while (end < c->count && c->correlation[end - 1] - c->correlation[end] <= equal)
        end++;
    return end;
}

int64_t cca_tied(const struct cca *c)
{
    int64_t tied = 0;
    for (int64_t first = 0, end; first < c->count; first = end) {
        end = group_end(c, first);
        tied += end - first > 1 ? end - first : 0;
    }
    return tied;
}

/* The mean sum of absolute values of the n coordinates of a vector of length 1, over all its
 * directions: n gamma(n / 2) / (sqrt(pi) gamma((n + 1) / 2)). */
static double mean_absolute_sum(int64_t n)
{
    double sum = n % 2 ? 1 : 4 / 3.141592653589793238463;
    for (int64_t i = n % 2 ? 1 : 2; i < n; i += 2)
        sum *= (double)(i + 2) / (double)(i + 1);
    return sum;
}

/* As sum_rows(); rows of equal coefficients share what their sum is in the mean over rotations of
 * them, for which the length of each column's part is all that counts. */
static void sum_groups(const struct cca *c, const double *x, int64_t columns, double *weight)
{
    for (int64_t first = 0, end; first < c->count; first = end) {
        double sum = 0;
        end = group_end(c, first);
        for (int64_t j = 0; j < columns; j++) {
            double length = 0;
            for (int64_t i = first; i < end; i++)
                length = hypot(length, x[i * columns + j]);
            sum += length;
        }
        for (int64_t i = first; i < end; i++)
            weight[i] = sum * mean_absolute_sum(end - first) / (double)(end - first);
    }
    normalise(weight, c->count);
}

enum tfu_status cca_projection_weights(const struct cca *c, const struct moments *m, double *weight,
                                       struct tfu_metric_host *h)
{
    const int side = smaller_side(c);
    const int64_t n = m->columns[side], rank = c->side[side].rank;
    double *scatter = scatter_of(m, side);
    double *whitened = scatter ? whitening_apply(&c->side[side], scatter, n) : NULL;
    double *projected = malloc((size_t)(rank * n) * sizeof *projected + 1);
    const bool memory = whitened && projected;
    if (memory) {
        multiply(rank, n, rank, c->vector[side], whitened, projected);
        sum_groups(c, projected, n, weight);
    }
    free(scatter);
    free(whitened);
    free(projected);
    return memory ? TFU_OK : no_memory(h);
}

/* With D = U'(x - mean) + mean by rows: D D' = U' S U + n mean mean' and D x' = U' S + n mean mean'
 * are all that it takes, and the factor of D D' is the R of D' = Q R. */
static bool weights_compat(const double *u, const double *scatter, const double *mean, int64_t n,
                           double rows, double *weight)
{
    double *dx = malloc((size_t)(n * n) * sizeof *dx + 1);
    double *dd = malloc((size_t)(n * n) * sizeof *dd + 1);
    double *turned = transposed(u, n, n);
    bool ok = dx && dd && turned;
    if (ok) {
        multiply(n, n, n, u, scatter, dx);
        multiply(n, n, n, dx, turned, dd);
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++) {
                dx[i * n + j] += rows * mean[i] * mean[j];
                dd[i * n + j] += rows * mean[i] * mean[j];
            }
        ok = factor_cholesky(n, dd, NULL);
    }
    if (ok) {
        solve_transposed(n, n, dd, dx);
        sum_rows(dx, n, n, weight);
    }
    free(dx);
    free(dd);
    free(turned);
    return ok;
}

bool cca_projection_weights_compat(const struct cca *c, const struct moments *m, double *weight)
{
    const int side = smaller_side(c);
    const struct whitening *w = &c->side[side];
    const int64_t n = w->kept, all = w->columns;
    const double *means = m->mean + (side ? m->columns[0] : 0);
    double *scatter = scatter_of(m, side);
    double *part = malloc((size_t)(n * n) * sizeof *part + 1);
    double *mean = malloc((size_t)n * sizeof *mean + 1);
    bool ok = scatter && part && mean;
    for (int64_t i = 0; ok && i < n; i++) {
        mean[i] = means[w->index[i]];
        for (int64_t j = 0; j < n; j++)
            part[i * n + j] = scatter[w->index[i] * all + w->index[j]];
    }
    ok = ok && weights_compat(c->vector[side], part, mean, n, (double)m->rows, weight);
    free(scatter);
    free(part);
    free(mean);
    return ok;
}
