/* SPDX-License-Identifier: MIT */
#include "cka_linear.h"

#include <stdlib.h>
#include <string.h>

#include "moments.h"

/* ---- rows with their squared lengths */

/* The rows of a tap, each with its squared length as a channel more; the caller frees t.data. */
static enum tfu_status lengthen(const struct tfu_tap *tap, int64_t before, struct tfu_tap *out,
                                struct tfu_metric_host *h)
{
    const int64_t rows = tap->t.shape.dim[0], n = tap->t.shape.dim[1];
    double *value = malloc((size_t)rows * (size_t)(n + 1) * sizeof *value + 1);
    if (!value)
        return h->fail(h, TFU_ENOMEM, "out of memory for %lld rows", (long long)rows);
    *out = *tap;
    out->t.dtype = TFU_F64;
    out->t.data = value;
    const enum tfu_status st = tap_read(h, tap, before, value);
    if (st != TFU_OK)
        return st;
    out->t.shape.dim[1] = n + 1;
    for (int64_t r = rows - 1; r >= 0; r--) { /* from the last: they move up in place */
        double *to = value + r * (n + 1);
        memmove(to, value + r * n, (size_t)n * sizeof *to);
        to[n] = rows_product(to, to, n);
    }
    return TFU_OK;
}

enum tfu_status cka_linear_update(struct covariance *c, const struct tfu_batch *b, int unbiased,
                                  struct tfu_metric_host *h)
{
    const struct tfu_tap *tap[2];
    struct tfu_tap longer[2] = {{.node = NULL}, {.node = NULL}};
    enum tfu_status st = tap_matrix(h, b, "a", &tap[0]);
    if (st == TFU_OK)
        st = tap_matrix(h, b, "b", &tap[1]);
    if (st != TFU_OK || !unbiased)
        return st == TFU_OK ? covariance_update(c, b, h) : st;
    for (int i = 0; st == TFU_OK && i < 2; i++)
        st = lengthen(tap[i], c->rows, &longer[i], h);
    if (st == TFU_OK) {
        struct tfu_batch with = *b;
        with.taps = longer;
        with.tap_count = 2;
        with.tap_size = sizeof *longer;
        st = covariance_update(c, &with, h);
    }
    free(longer[0].t.data);
    free(longer[1].t.data);
    return st;
}

/* ---- sums */

/* Squares of the products of the first channels of `a` with those of `b`: |A'B|^2. */
static double squares(const struct moments *m, int a, int64_t channels_a, int b, int64_t channels_b)
{
    double sum = 0;
    for (int64_t i = 0; i < channels_a; i++)
        for (int64_t j = 0; j < channels_b; j++) {
            const double s = moments_scatter(m, a, i, b, j);
            sum += s * s;
        }
    return sum;
}

/* Without the squared lengths. */
static double trace(const struct moments *m, int side)
{
    return moments_trace(m, side, m->columns[side] - 1);
}

/* The sum over rows of |a|^2 |b|^2, centred. |a - mean|^2 is |a|^2 - 2 mean'a and a constant, so
 * that the scatter of the last channels, and of the others times -2 mean, holds all of it. */
static double lengths(const struct moments *m, int a, int b)
{
    double sum = 0;
    for (int64_t i = 0; i < m->columns[a]; i++)
        for (int64_t j = 0; j < m->columns[b]; j++) {
            const double *mean_a = m->mean + (a ? m->columns[0] : 0);
            const double *mean_b = m->mean + (b ? m->columns[0] : 0);
            const double wa = i == m->columns[a] - 1 ? 1 : -2 * mean_a[i];
            const double wb = j == m->columns[b] - 1 ? 1 : -2 * mean_b[j];
            sum += wa * moments_scatter(m, a, i, b, j) * wb;
        }
    return sum + trace(m, a) * trace(m, b) / (double)m->rows;
}

/* Song et al. 2012, as Kornblith's demonstration has it for products of channels. */
static double unbiased_sum(const struct moments *m, int a, int b)
{
    const double n = (double)m->rows;
    return squares(m, a, m->columns[a] - 1, b, m->columns[b] - 1) - n / (n - 2) * lengths(m, a, b) +
           trace(m, a) * trace(m, b) / ((n - 1) * (n - 2));
}

enum tfu_status cka_linear_sums(const struct covariance *c, int unbiased, struct cka_sums *out,
                                struct tfu_metric_host *h)
{
    struct moments m;
    const enum tfu_status st = covariance_moments(c, &m, h);
    if (st != TFU_OK)
        return st;
    moments_clear_constants(&m);
    if (unbiased)
        *out = (struct cka_sums){unbiased_sum(&m, 0, 1), unbiased_sum(&m, 0, 0),
                                 unbiased_sum(&m, 1, 1)};
    else
        *out = (struct cka_sums){squares(&m, 0, m.columns[0], 1, m.columns[1]),
                                 squares(&m, 0, m.columns[0], 0, m.columns[0]),
                                 squares(&m, 1, m.columns[1], 1, m.columns[1])};
    moments_free(&m);
    return TFU_OK;
}
