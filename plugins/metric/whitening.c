/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cca.h"
#include "lapack.h"
#include "whitening.h"

/* The standard deviation of a column that is constant but for rounding is this small beside its
 * mean. */
static const double constant = 1e-13;

static enum tfu_status no_memory(struct tfu_metric_host *h, int64_t n)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for a basis of %lld columns", (long long)n);
}

void whitening_free(struct whitening *w)
{
    free(w->index);
    free(w->scale);
    free(w->factor);
    free(w->basis);
    *w = (struct whitening){.columns = 0};
}

/* Columns that vary; for COMPAT, where any does, those with enough of `most`, the largest entry of
 * the covariance: with an epsilon of 0 all of them. */
static void choose_columns(struct whitening *w, const double *scatter, const double *mean,
                           int64_t rows, const struct whitening_request *r, double most)
{
    for (int64_t i = 0; i < w->columns; i++) {
        const double floor = constant * fabs(mean[i]), s = scatter[i * w->columns + i];
        if (s > (double)rows * floor * floor && s > 0)
            w->index[w->kept++] = i;
    }
    if (r->kind != WHITEN_COMPAT || w->kept == 0)
        return;
    w->kept = 0;
    for (int64_t i = 0; i < w->columns; i++)
        if (scatter[i * w->columns + i] >= r->epsilon * most)
            w->index[w->kept++] = i;
}

/* The scatter of the kept columns, each divided by its scale. */
static double *gather(const struct whitening *w, const double *scatter)
{
    const int64_t n = w->kept;
    double *part = malloc((size_t)(n * n) * sizeof *part + 1);
    for (int64_t i = 0; part && i < n; i++) {
        const double *row = scatter + w->index[i] * w->columns;
        for (int64_t j = 0; j < n; j++)
            part[i * n + j] = row[w->index[j]] / (w->scale[i] * w->scale[j]);
    }
    return part;
}

/* How many principal components the request keeps of `rank`. */
static int64_t components(const struct whitening_request *r, const double *value, int64_t rank)
{
    double total = 0, sum = 0;
    if (r->kind == WHITEN_COUNT)
        return r->count < rank ? r->count : rank;
    if (r->kind == WHITEN_ALL)
        return rank;
    for (int64_t i = 0; i < rank; i++)
        total += r->kind == WHITEN_SHARE_SINGULAR ? sqrt(value[i]) : value[i];
    for (int64_t i = 0; i < rank; i++) {
        sum += r->kind == WHITEN_SHARE_SINGULAR ? sqrt(value[i]) : value[i];
        /* all of it is all of it, whatever the order of summing says */
        if (sum >= r->share * total * (1 - 4 * DBL_EPSILON))
            return i + 1;
    }
    return rank;
}

/* Equal variances differ by what rounding makes of them: of float32 activations some 1e-8 of
 * themselves, of the decomposition some 1e-15 of the largest. */
static bool equals(const double *value, int64_t i, int64_t k)
{
    return value[i] - value[k] <= fmax(1e-6 * value[i], 1e-12 * value[0]);
}

/* A cut between equal variances would keep directions that rounding chose among all rotations of
 * them: the whole group stays. */
static int64_t whole_group(const double *value, int64_t count, int64_t rank)
{
    while (count > 0 && count < rank && equals(value, count - 1, count))
        count++;
    return count;
}

/* basis = value^-1/2 vectors', of what is kept. `part` is used up. */
static enum tfu_status whiten_spectral(struct whitening *w, double *part,
                                       const struct whitening_request *r, struct tfu_metric_host *h)
{
    const int64_t n = w->kept;
    double *value = malloc((size_t)n * sizeof *value + 1);
    if (!value)
        return no_memory(h, n);
    if (!solve_symmetric(n, part, value, h)) {
        free(value);
        return TFU_ENUMERIC;
    }
    int64_t rank = 0;
    while (rank < n && value[rank] > r->tolerance * value[0])
        rank++;
    const int64_t asked = components(r, value, rank);
    w->rank = whole_group(value, asked, rank);
    w->tied = w->rank - asked;
    w->basis = malloc((size_t)(w->rank * n) * sizeof *w->basis + 1);
    for (int64_t i = 0; w->basis && i < w->rank; i++)
        for (int64_t j = 0; j < n; j++)
            w->basis[i * n + j] = part[i * n + j] / sqrt(value[i]);
    free(value);
    return w->basis ? TFU_OK : no_memory(h, n);
}

/* The symmetric root of the pseudoinverse: vectors value^-1/2 vectors'. numpy.linalg.pinv takes
 * singular values up to 1e-15 of the largest for none; the root of a negative one is NaN there,
 * and none here. */
static enum tfu_status whiten_compat(struct whitening *w, double *part,
                                     const struct whitening_request *r, struct tfu_metric_host *h)
{
    const int64_t n = w->kept;
    for (int64_t i = 0; i < n; i++)
        part[i * n + i] += r->epsilon;
    double *value = malloc((size_t)n * sizeof *value + 1);
    double *scaled = malloc((size_t)(n * n) * sizeof *scaled + 1);
    w->basis = calloc((size_t)(n * n) + 1, sizeof *w->basis);
    w->rank = n;
    enum tfu_status st = value && scaled && w->basis ? TFU_OK : no_memory(h, n);
    if (st == TFU_OK && !solve_symmetric(n, part, value, h))
        st = TFU_ENUMERIC;
    for (int64_t i = 0; st == TFU_OK && i < n; i++) {
        const double factor = value[i] > 1e-15 * value[0] ? 1 / sqrt(value[i]) : 0;
        for (int64_t j = 0; j < n; j++)
            scaled[i * n + j] = factor * part[i * n + j];
    }
    if (st == TFU_OK)
        multiply_transposed(n, n, n, part, n, scaled, n, w->basis, n);
    free(value);
    free(scaled);
    return st;
}

/* Largest entry of the covariance: COMPAT divides by it. */
static double largest(const double *scatter, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n * n; i++)
        most = fmax(most, fabs(scatter[i]));
    return most;
}

enum tfu_status whitening_make(struct whitening *w, const double *scatter, const double *mean,
                               int64_t rows, int64_t columns, const struct whitening_request *r,
                               struct tfu_metric_host *h)
{
    const size_t n = (size_t)columns;
    const double most = r->kind == WHITEN_COMPAT ? largest(scatter, columns) : 0;
    *w = (struct whitening){.columns = columns};
    w->index = malloc(n * sizeof *w->index + 1);
    w->scale = malloc(n * sizeof *w->scale + 1);
    if (!w->index || !w->scale)
        return no_memory(h, columns);
    choose_columns(w, scatter, mean, rows, r, most);
    for (int64_t i = 0; i < w->kept; i++) {
        const double variance = scatter[w->index[i] * columns + w->index[i]];
        w->scale[i] = r->kind == WHITEN_ALL ? sqrt(variance) : most > 0 ? sqrt(most) : 1;
    }
    if (w->kept == 0)
        return TFU_OK;
    double *part = gather(w, scatter), rcond = 0;
    if (!part)
        return no_memory(h, columns);
    if (r->kind == WHITEN_ALL && factor_cholesky(w->kept, part, &rcond) && rcond >= r->tolerance) {
        w->factor = part;
        w->rank = w->kept;
        return TFU_OK;
    }
    enum tfu_status st = TFU_OK;
    free(part);
    part = gather(w, scatter); /* the factorisation wrote into it */
    if (!part)
        return no_memory(h, columns);
    st = r->kind == WHITEN_COMPAT ? whiten_compat(w, part, r, h) : whiten_spectral(w, part, r, h);
    free(part);
    return st;
}

/* `x` has a row for every column of the side; `out`, rank x m, is to be freed. */
double *whitening_apply(const struct whitening *w, const double *x, int64_t m)
{
    double *rows = malloc((size_t)(w->kept * m) * sizeof *rows + 1);
    for (int64_t i = 0; rows && i < w->kept; i++)
        for (int64_t j = 0; j < m; j++)
            rows[i * m + j] = x[w->index[i] * m + j] / w->scale[i];
    if (!rows || w->factor) {
        if (rows)
            solve_transposed(w->kept, m, w->factor, rows);
        return rows;
    }
    double *out = malloc((size_t)(w->rank * m) * sizeof *out + 1);
    if (out)
        multiply(w->rank, m, w->kept, w->basis, rows, out);
    free(rows);
    return out;
}
