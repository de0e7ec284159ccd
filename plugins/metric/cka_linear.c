/* SPDX-License-Identifier: MIT */
#include "cka_linear.h"

#include <stdlib.h>
#include <string.h>

#include "moments.h"

void cka_linear_free(struct cka_linear *c)
{
    covariance_free(&c->covariance);
    free(c->origin);
    c->origin = NULL;
}

/* A tap with a channel more, as matrices of double. */
struct wide {
    struct tfu_tensor t;
    struct tfu_tap tap;
};

/* The rows of a tap, with room for a channel more; the caller frees t.data. */
static enum tfu_status widen(const struct tfu_tap *tap, int64_t before, struct wide *out,
                             struct tfu_metric_host *h)
{
    const int64_t rows = tap->t->shape.dim[0], n = tap->t->shape.dim[1];
    double *value = malloc((size_t)rows * (size_t)(n + 1) * sizeof *value + 1);
    if (!value)
        return h->fail(h, TFU_ENOMEM, "out of memory for %lld rows", (long long)rows);
    out->t = *tap->t;
    out->t.dtype = TFU_F64;
    out->t.data = value;
    out->t.shape.dim[1] = n + 1;
    out->tap = *tap;
    out->tap.t = &out->t;
    const enum tfu_status st = tap_read(h, tap, before, value);
    for (int64_t r = rows - 1; st == TFU_OK && r > 0;
         r--) /* from the last: they move up in place */
        memmove(value + r * (n + 1), value + r * n, (size_t)n * sizeof *value);
    return st;
}

/* Each row's squared distance from `origin` becomes its last channel. */
static void measure_lengths(const struct tfu_tensor *t, const double *origin)
{
    const int64_t n = t->shape.dim[1] - 1;
    double *row = t->data;
    for (int64_t r = 0; r < t->shape.dim[0]; r++, row += n + 1)
        row[n] = rows_distance(row, origin, n);
}

static enum tfu_status choose_origin(struct cka_linear *c, const struct wide wide[2],
                                     struct tfu_metric_host *h)
{
    const int64_t a = wide[0].t.shape.dim[1] - 1, b = wide[1].t.shape.dim[1] - 1;
    if (c->origin)
        return TFU_OK;
    c->origin = malloc((size_t)(a + b) * sizeof *c->origin);
    if (!c->origin)
        return h->fail(h, TFU_ENOMEM, "out of memory for a row");
    memcpy(c->origin, wide[0].t.data, (size_t)a * sizeof *c->origin);
    memcpy(c->origin + a, wide[1].t.data, (size_t)b * sizeof *c->origin);
    return TFU_OK;
}

static enum tfu_status update_unbiased(struct cka_linear *c, const struct tfu_batch *b,
                                       const struct tfu_tap *const tap[2],
                                       struct tfu_metric_host *h)
{
    struct wide wide[2] = {{.t = {.data = NULL}}, {.t = {.data = NULL}}};
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && i < 2; i++)
        st = widen(tap[i], c->covariance.rows, &wide[i], h);
    if (st == TFU_OK)
        st = choose_origin(c, wide, h);
    if (st == TFU_OK) {
        measure_lengths(&wide[0].t, c->origin);
        measure_lengths(&wide[1].t, c->origin + wide[0].t.shape.dim[1] - 1);
        const struct tfu_tap *const taps[] = {&wide[0].tap, &wide[1].tap};
        struct tfu_batch with = *b;
        with.taps = taps;
        with.tap_count = 2;
        st = covariance_update(&c->covariance, &with, h);
    }
    free(wide[0].t.data);
    free(wide[1].t.data);
    return st;
}

enum tfu_status cka_linear_update(struct cka_linear *c, const struct tfu_batch *b,
                                  struct tfu_metric_host *h)
{
    const struct tfu_tap *tap[2];
    enum tfu_status st = tap_matrix(h, b, "a", &tap[0]);
    if (st == TFU_OK)
        st = tap_matrix(h, b, "b", &tap[1]);
    if (st != TFU_OK || b->rows == 0)
        return st;
    return c->unbiased ? update_unbiased(c, b, tap, h) : covariance_update(&c->covariance, b, h);
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

/* The mean of a channel from the origin; of a squared length, which comes last, -1/2. */
static double from_origin(const struct moments *m, const double *origin, int side, int64_t i)
{
    const int64_t n = m->columns[side] - 1;
    const double *mean = m->mean + (side ? m->columns[0] : 0);
    return i == n ? -0.5 : mean[i] - origin[(side ? m->columns[0] - 1 : 0) + i];
}

/* The sum over rows of |a|^2 |b|^2, a and b centred. With m the mean from the origin, |a - m|^2 is
 * |a|^2 - 2 m'a and a constant, so that the scatter of channels times -2 m, and of lengths, holds
 * all of it. */
static double lengths(const struct moments *m, const double *origin, int a, int b)
{
    double sum = 0;
    for (int64_t i = 0; i < m->columns[a]; i++)
        for (int64_t j = 0; j < m->columns[b]; j++)
            sum += 4 * from_origin(m, origin, a, i) * moments_scatter(m, a, i, b, j) *
                   from_origin(m, origin, b, j);
    return sum + trace(m, a) * trace(m, b) / (double)m->rows;
}

/* Song et al. 2012, as Kornblith's demonstration has it for products of channels. */
static double unbiased_sum(const struct moments *m, const double *origin, int a, int b)
{
    const double n = (double)m->rows;
    return squares(m, a, m->columns[a] - 1, b, m->columns[b] - 1) -
           n / (n - 2) * lengths(m, origin, a, b) + trace(m, a) * trace(m, b) / ((n - 1) * (n - 2));
}

enum tfu_status cka_linear_sums(const struct cka_linear *c, struct cka_sums *out,
                                struct tfu_metric_host *h)
{
    struct moments m;
    const enum tfu_status st = covariance_moments(&c->covariance, &m, h);
    if (st != TFU_OK)
        return st;
    moments_clear_constants(&m);
    if (c->unbiased)
        *out =
            (struct cka_sums){unbiased_sum(&m, c->origin, 0, 1), unbiased_sum(&m, c->origin, 0, 0),
                              unbiased_sum(&m, c->origin, 1, 1)};
    else
        *out = (struct cka_sums){squares(&m, 0, m.columns[0], 1, m.columns[1]),
                                 squares(&m, 0, m.columns[0], 0, m.columns[0]),
                                 squares(&m, 1, m.columns[1], 1, m.columns[1])};
    moments_free(&m);
    return TFU_OK;
}
