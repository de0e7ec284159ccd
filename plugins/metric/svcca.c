/* SPDX-License-Identifier: MIT
 *
 * How similar are two sets of activations, up to an invertible linear map of either? CCA, SVCCA
 * (Raghu, Gilmer, Yosinski, Sohl-Dickstein, "SVCCA", 2017), PWCCA (Morcos, Raghu, Bengio, 2018),
 * and the numbers of google/svcca. docs/metrics.md has the formulas and their traps.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cca.h"
#include "lapack.h"
#include "pair.h"

enum mode { MODE_CCA, MODE_SVCCA, MODE_PWCCA, MODE_CCA_COMPAT, MODE_PWCCA_COMPAT };
enum keep { KEEP_VARIANCE, KEEP_SINGULAR, KEEP_COUNT };

struct config {
    int32_t mode, keep;
    double share;
    int64_t count;
    double tolerance, epsilon, threshold;
};

struct svcca {
    const struct config *config;
    struct covariance covariance;
    char node[2][128]; /* for messages */
};

static const char *const modes[] = {"cca", "svcca", "pwcca", "cca_compat", "pwcca_compat", NULL};
static const char *const keeps[] = {"variance", "singular", "count", NULL};

static const struct tfu_option options[] = {
    TFU_OPT_ENUM(struct config, mode, "cca", modes,
                 "cca: mean of all coefficients; svcca: of the leading principal components; "
                 "pwcca: weighted by projection; ..._compat: the numbers of google/svcca"),
    TFU_OPT_ENUM(struct config, keep, "variance", keeps,
                 "svcca: which components stay: a share of the variance, a share of the sum of "
                 "singular values, or a count"),
    TFU_OPT_FLOAT(struct config, share, 0.99, 0.0001, 1,
                  "svcca: the share of the variance, or of the singular values, that is kept"),
    TFU_OPT_INT(struct config, count, 20, 1, 1000000,
                "svcca: the count of components that are kept with `keep: count`"),
    TFU_OPT_FLOAT(struct config, tolerance, 1e-10, 0, 0.1,
                  "a direction with less than this share of the largest variance counts as none"),
    TFU_OPT_FLOAT(struct config, epsilon, 1e-10, 0, 1,
                  "compat: neurons below it are dropped, and it is added to the diagonal"),
    TFU_OPT_FLOAT(struct config, threshold, 0.98, 0, 1,
                  "compat: the mean is over the leading coefficients with this share of the sum"),
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    const enum tfu_status st = pair_new(self, sizeof(struct svcca), "svcca", h);
    if (st != TFU_OK)
        return st;
    lapack_begin();
    ((struct svcca *)*self)->config = config;
    return TFU_OK;
}

static void destroy(void *self)
{
    struct svcca *m = self;
    covariance_free(&m->covariance);
    free(m);
}

static void reset(void *self)
{
    covariance_reset(&((struct svcca *)self)->covariance);
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    struct svcca *m = self;
    const char *const source[] = {"a", "b"};
    for (int i = 0; i < 2; i++) {
        const struct tfu_tap *tap;
        const enum tfu_status st = tap_find(h, b, source[i], &tap);
        if (st != TFU_OK)
            return st;
        snprintf(m->node[i], sizeof m->node[i], "%s", tap->node);
    }
    return covariance_update(&m->covariance, b, h);
}

/* ---- results */

/* With no more rows than columns, any two activations are perfectly correlated. SVCCA may have more
 * columns: what counts are the components that stay. */
static enum tfu_status check_rows(const struct svcca *m, struct tfu_metric_host *h)
{
    const struct covariance *c = &m->covariance;
    if (c->rows == 0)
        return h->fail(h, TFU_EINVAL, "there are no activations to compare");
    for (int i = 0; i < 2 && m->config->mode != MODE_SVCCA; i++)
        if (c->rows <= c->columns[i])
            return h->fail(
                h, TFU_EINVAL,
                "%lld rows of '%s' for %lld columns: with no more rows than columns "
                "every correlation is 1 and means nothing; take more images or "
                "positions, or fewer channels (5 to 10 rows a column are wanted), or the "
                "mode svcca with few components (keep=count), or the metric cka",
                (long long)c->rows, m->node[i], (long long)c->columns[i]);
    return TFU_OK;
}

static enum tfu_status check_ranks(const struct svcca *m, const struct cca *c,
                                   struct tfu_metric_host *h)
{
    for (int i = 0; i < 2; i++)
        if (m->covariance.rows <= c->side[i].rank + 1)
            return h->fail(h, TFU_EINVAL,
                           "%lld rows of '%s' and %lld principal components that stay: every "
                           "correlation is 1 and means nothing; take more rows, or keep fewer",
                           (long long)m->covariance.rows, m->node[i], (long long)c->side[i].rank);
    return TFU_OK;
}

static struct whitening_request make_request(const struct config *config)
{
    static const enum whitening_kind kinds[] = {WHITEN_SHARE_VARIANCE, WHITEN_SHARE_SINGULAR,
                                                WHITEN_COUNT};
    const bool compat = config->mode == MODE_CCA_COMPAT || config->mode == MODE_PWCCA_COMPAT;
    return (struct whitening_request){
        .kind = compat                       ? WHITEN_COMPAT
                : config->mode == MODE_SVCCA ? kinds[config->keep]
                                             : WHITEN_ALL,
        .share = config->share,
        .count = config->count,
        .tolerance = config->tolerance,
        .epsilon = compat ? config->epsilon : 0,
    };
}

static double mean(const double *x, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

/* How many leading coefficients google/svcca takes the mean of: the first prefix, not counting the
 * coefficient that it ends at, with the share of the sum; all, when there is none. */
static int64_t prefix(const struct cca *c, double threshold)
{
    double total = 0, sum = 0;
    for (int64_t i = 0; i < c->count; i++)
        total += c->correlation[i];
    for (int64_t i = 0; i < c->count; i++) {
        if (sum / total >= threshold)
            return i > 0 ? i : c->count;
        sum += c->correlation[i];
    }
    return c->count;
}

static double weighted(const struct cca *c, const double *weight)
{
    double sum = 0;
    for (int64_t i = 0; i < c->count; i++)
        sum += weight[i] * c->correlation[i];
    return sum;
}

static enum tfu_status report_weighted(const struct svcca *m, const struct cca *c,
                                       const struct moments *moments, struct tfu_metric_host *h)
{
    double *weight = calloc((size_t)c->count + 1, sizeof *weight);
    if (!weight)
        return h->fail(h, TFU_ENOMEM, "out of memory");
    enum tfu_status st = TFU_OK;
    bool defined = true;
    if (m->config->mode == MODE_PWCCA)
        st = cca_projection_weights(c, moments, weight, h);
    else
        defined = cca_projection_weights_compat(c, moments, weight);
    h->scalar(h, "svcca.tied", (double)cca_tied(c));
    if (st == TFU_OK && defined) {
        h->scalar(h, "svcca", weighted(c, weight));
        h->series(h, "svcca.weight", weight, (size_t)c->count);
    } else if (st == TFU_OK) {
        h->undefined(h, "svcca", "the directions of google/svcca are linearly dependent here");
    }
    free(weight);
    return st;
}

static void report_sizes(const struct svcca *m, const struct cca *c, struct tfu_metric_host *h)
{
    const int64_t rows = m->covariance.rows;
    const int64_t forced = c->side[0].rank + c->side[1].rank - (rows - 1);
    h->scalar(h, "svcca.rows", (double)rows);
    h->scalar(h, "svcca.columns_a", (double)m->covariance.columns[0]);
    h->scalar(h, "svcca.columns_b", (double)m->covariance.columns[1]);
    h->scalar(h, "svcca.rank_a", (double)c->side[0].rank);
    h->scalar(h, "svcca.rank_b", (double)c->side[1].rank);
    if (m->config->mode == MODE_SVCCA) {
        h->scalar(h, "svcca.tied_a", (double)c->side[0].tied);
        h->scalar(h, "svcca.tied_b", (double)c->side[1].tied);
    }
    /* two subspaces of the space of centred rows meet in so many dimensions at least */
    h->scalar(h, "svcca.forced", (double)(forced > 0 ? forced : 0));
}

static enum tfu_status report(const struct svcca *m, const struct cca *c,
                              const struct moments *moments, struct tfu_metric_host *h)
{
    const struct config *config = m->config;
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < c->count; i++) {
        sum += c->correlation[i];
        squares += c->correlation[i] * c->correlation[i];
    }
    const double count = (double)c->count;
    enum tfu_status st = TFU_OK;
    if (config->mode == MODE_PWCCA || config->mode == MODE_PWCCA_COMPAT)
        st = report_weighted(m, c, moments, h);
    else if (config->mode == MODE_CCA_COMPAT)
        h->scalar(h, "svcca", mean(c->correlation, prefix(c, config->threshold)));
    else
        h->scalar(h, "svcca", sum / count);
    h->scalar(h, "svcca.mean", sum / count);
    h->scalar(h, "svcca.sum", sum);
    h->scalar(h, "svcca.r2", squares / count);
    h->series(h, "svcca.coefficient", c->correlation, (size_t)c->count);
    report_sizes(m, c, h);
    return st;
}

static void report_nothing(const struct svcca *m, const struct cca *c, struct tfu_metric_host *h)
{
    static const char *const keys[] = {"svcca", "svcca.mean", "svcca.sum", "svcca.r2"};
    const int side = c->side[0].rank == 0 ? 0 : 1;
    for (size_t i = 0; i < TFU_COUNT(keys); i++)
        h->undefined(h, keys[i], "all columns of '%s' are constant", m->node[side]);
    report_sizes(m, c, h);
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct svcca *m = self;
    const struct config *config = m->config;
    const bool vectors = config->mode == MODE_PWCCA || config->mode == MODE_PWCCA_COMPAT;
    const struct whitening_request request = make_request(config);
    struct moments moments;
    struct cca c = {.count = 0};
    enum tfu_status st = check_rows(m, h);
    if (st == TFU_OK)
        st = covariance_moments(&m->covariance, &moments, h);
    if (st != TFU_OK)
        return st;
    st = cca_solve(&c, &moments, &request, vectors, h);
    if (st == TFU_OK && config->mode == MODE_SVCCA)
        st = check_ranks(m, &c, h);
    /* rounding may leave a hair more than 1; compat leaves it, as google/svcca does */
    for (int64_t i = 0; i < c.count && request.kind != WHITEN_COMPAT; i++)
        c.correlation[i] = fmin(1, c.correlation[i]);
    if (st == TFU_OK && c.count > 0)
        st = report(m, &c, &moments, h);
    else if (st == TFU_OK)
        report_nothing(m, &c, h);
    cca_free(&c);
    moments_free(&moments);
    return st;
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_TAPS,
    .create = create,
    .destroy = destroy,
    .update = update,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "svcca",
    .version = "1.0",
    .summary = "canonical correlations of activations: CCA, SVCCA, PWCCA, google/svcca's numbers",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
