/* SPDX-License-Identifier: MIT
 *
 * Orthogonal Procrustes: how far apart two sets of activations, centred and scaled to Frobenius
 * norm 1, remain when one is rotated onto the other. Ding, Denain and Steinhardt, "Grounding
 * representation similarity with statistical testing", NeurIPS 2021; half of their distance.
 */
#include <math.h>
#include <stdlib.h>

#include "lapack.h"
#include "moments.h"
#include "pair.h"

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    (void)config;
    lapack_begin();
    return pair_new(self, sizeof(struct covariance), "procrustes", h);
}

static void destroy(void *self)
{
    if (self)
        covariance_free(self);
    free(self);
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    const struct tfu_tap *tap;
    enum tfu_status st = tap_matrix(h, b, "a", &tap);
    if (st == TFU_OK)
        st = tap_matrix(h, b, "b", &tap);
    return st == TFU_OK ? covariance_update(self, b, h) : st;
}

static void undefined(struct tfu_metric_host *h, const char *why)
{
    h->undefined(h, "procrustes", "%s", why);
    h->undefined(h, "procrustes.similarity", "%s", why);
}

/* The sum of the singular values of a'b: the trace of the product with the best rotation. */
static enum tfu_status nuclear_norm(const struct moments *m, double *out, struct tfu_metric_host *h)
{
    const int64_t rows = m->columns[0], columns = m->columns[1];
    const int64_t count = rows < columns ? rows : columns;
    double *product = malloc((size_t)rows * (size_t)columns * sizeof *product + 1);
    double *singular = malloc((size_t)count * sizeof *singular + 1);
    enum tfu_status st = TFU_OK;
    *out = 0;
    if (!product || !singular)
        st = h->fail(h, TFU_ENOMEM, "out of memory for %lld x %lld products of channels",
                     (long long)rows, (long long)columns);
    if (st == TFU_OK) {
        moments_part(m, 0, 1, product);
        const double scale =
            sqrt(moments_trace(m, 0, m->columns[0])) * sqrt(moments_trace(m, 1, m->columns[1]));
        for (int64_t i = 0; i < rows * columns; i++)
            product[i] /= scale;
        if (!solve_singular(rows, columns, product, singular, NULL, NULL, h))
            st = TFU_ENUMERIC; /* it has said why */
    }
    for (int64_t i = 0; st == TFU_OK && i < count; i++)
        *out += singular[i];
    free(singular);
    free(product);
    return st;
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct covariance *c = self;
    struct moments m;
    double norm;
    h->scalar(h, "procrustes.rows", (double)c->rows);
    if (c->rows < 2) {
        undefined(h, "2 rows are needed");
        return TFU_OK;
    }
    enum tfu_status st = covariance_moments(c, &m, h);
    if (st != TFU_OK)
        return st;
    moments_clear_constants(&m);
    if (!(moments_trace(&m, 0, m.columns[0]) > 0)) {
        undefined(h, "all channels of a are constant");
    } else if (!(moments_trace(&m, 1, m.columns[1]) > 0)) {
        undefined(h, "all channels of b are constant");
    } else {
        st = nuclear_norm(&m, &norm, h);
        if (st == TFU_OK) {
            norm = fmin(1, norm);
            h->scalar(h, "procrustes", 1 - norm);
            h->scalar(h, "procrustes.similarity", norm);
        }
    }
    moments_free(&m);
    return st;
}

static void reset(void *self)
{
    covariance_reset(self);
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_TAPS | TFU_LOWER_IS_BETTER,
    .create = create,
    .destroy = destroy,
    .update = update,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "procrustes",
    .version = "1.0",
    .summary = "orthogonal Procrustes distance of activations: 0 up to rotation and scale, at most "
               "1",
    .ops_size = sizeof ops,
    .ops = &ops,
};
