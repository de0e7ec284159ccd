/* SPDX-License-Identifier: MIT
 *
 * Centred kernel alignment (Kornblith, Norouzi, Lee and Hinton, "Similarity of neural network
 * representations revisited", ICML 2019): how alike the distances between rows are in two sets of
 * activations, up to rotation and scale of either.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cka_gram.h"
#include "cka_linear.h"
#include "lapack.h"
#include "pair.h"

enum estimator { BIASED, DEBIASED, MINIBATCH };

static const char *const kernels[] = {"linear", "rbf", NULL};
static const char *const estimators[] = {"biased", "debiased", "minibatch", NULL};

struct config {
    int32_t kernel; /* enum cka_kernel */
    int32_t estimator;
    double fraction;
    int64_t batch, rows_max;
};

static const struct tfu_option options[] = {
    TFU_OPT_ENUM(struct config, kernel, "linear", kernels,
                 "what two rows have in common: their product, or exp(-distance^2 / (2 (fraction "
                 "m)^2)) with m^2 the median of the squared distances"),
    TFU_OPT_ENUM(struct config, estimator, "biased", estimators,
                 "biased: as first published; debiased: without what chance adds when channels "
                 "are many for the rows; minibatch: debiased sums over batches of rows"),
    TFU_OPT_FLOAT(struct config, fraction, 0.5, 1e-3, 1e3,
                  "rbf: the width of the kernel, as a fraction of the median distance"),
    TFU_OPT_INT(struct config, batch, 256, 4, 65536,
                "minibatch: rows of each; what is left at the end does not count"),
    ROWS_OPTION(struct config, 4000),
};

struct cka {
    const struct config *config;
    struct cka_linear linear; /* of all rows */
    struct rows side[2];      /* rbf: all rows; minibatch: those that wait for a full batch */
    struct cka_sums sums;     /* minibatch */
    int64_t rows;             /* in those */
};

static int is_linear(const struct cka *m)
{
    return m->config->kernel == CKA_LINEAR && m->config->estimator != MINIBATCH;
}

static void reset(void *self)
{
    struct cka *m = self;
    cka_linear_free(&m->linear);
    rows_free(&m->side[0]);
    rows_free(&m->side[1]);
    m->sums = (struct cka_sums){0};
    m->rows = 0;
}

static void destroy(void *self)
{
    if (self)
        reset(self);
    free(self);
}

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    const enum tfu_status st = pair_new(self, sizeof(struct cka), "cka", h);
    if (st != TFU_OK)
        return st;
    struct cka *m = *self;
    lapack_begin();
    m->config = config;
    m->linear.unbiased = m->config->estimator != BIASED;
    return TFU_OK;
}

/* ---- rows that are kept */

static enum tfu_status add_gram(const struct cka *m, struct cka_sums *to, int64_t first,
                                int64_t rows, struct tfu_metric_host *h)
{
    const int64_t columns[2] = {m->side[0].columns, m->side[1].columns};
    const double *const side[2] = {m->side[0].value + first * columns[0],
                                   m->side[1].value + first * columns[1]};
    return cka_gram_add(to, side, columns, rows, (enum cka_kernel)m->config->kernel,
                        m->config->fraction, m->config->estimator != BIASED, h);
}

/* Minibatch: the full batches among the rows that wait. */
static enum tfu_status take_batches(struct cka *m, struct tfu_metric_host *h)
{
    const int64_t batch = m->config->batch;
    int64_t first = 0;
    enum tfu_status st = TFU_OK;
    for (; st == TFU_OK && m->side[0].count - first >= batch; first += batch) {
        st = add_gram(m, &m->sums, first, batch, h);
        m->rows += st == TFU_OK ? batch : 0;
    }
    for (int i = 0; i < 2; i++)
        rows_drop(&m->side[i], first);
    return st;
}

static int64_t most(const struct cka *m)
{
    return m->config->estimator == MINIBATCH ? 0 : m->config->rows_max;
}

/* Also where rows are not kept: all kernels and estimators are to be asked of the same rows. */
static int64_t rows_max(const void *config)
{
    return ((const struct config *)config)->rows_max;
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    struct cka *m = self;
    if (is_linear(m))
        return cka_linear_update(&m->linear, b, h);
    const enum tfu_status st = rows_append_pair(m->side, b, most(m), h);
    return st == TFU_OK && m->config->estimator == MINIBATCH ? take_batches(m, h) : st;
}

/* ---- the result */

static void report(const struct cka *m, const struct cka_sums *s, struct tfu_metric_host *h)
{
    const int biased = m->config->estimator == BIASED;
    for (int side = 0; side < 2; side++) {
        const double of = side ? s->bb : s->aa;
        if (of > 0)
            continue;
        if (biased || of == 0)
            h->undefined(h, "cka", "all channels of %s are constant", side ? "b" : "a");
        else
            h->undefined(h, "cka",
                         "without bias nothing is left of %s: its rows are too few, or no more "
                         "than noise",
                         side ? "b" : "a");
        return;
    }
    const double value = s->ab / sqrt(s->aa) / sqrt(s->bb);
    h->scalar(h, "cka", biased ? fmin(1, value) : value);
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct cka *m = self;
    struct cka_sums sums = m->sums;
    const int64_t rows = is_linear(m)                        ? m->linear.covariance.rows
                         : m->config->estimator == MINIBATCH ? m->rows
                                                             : m->side[0].count;
    const int64_t least = m->config->estimator == BIASED ? 2 : 4;
    h->scalar(h, "cka.rows", (double)rows);
    if (m->config->estimator == MINIBATCH && rows == 0) {
        h->undefined(h, "cka", "there is no full batch of %lld rows", (long long)m->config->batch);
        return TFU_OK;
    }
    if (rows < least) {
        h->undefined(h, "cka", "%lld rows, and %lld are needed", (long long)rows, (long long)least);
        return TFU_OK;
    }
    enum tfu_status st = TFU_OK;
    if (is_linear(m))
        st = cka_linear_sums(&m->linear, &sums, h);
    else if (m->config->estimator != MINIBATCH)
        st = add_gram(m, &sums, 0, rows, h);
    if (st == TFU_OK)
        report(m, &sums, h);
    return st;
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_TAPS,
    .create = create,
    .destroy = destroy,
    .rows_max = rows_max,
    .update = update,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "cka",
    .version = "1.0",
    .summary = "centred kernel alignment: linear or rbf; biased, debiased or in minibatches",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
