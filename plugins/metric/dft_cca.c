/* SPDX-License-Identifier: MIT
 *
 * CCA of the maps of convolutions, whole: by the discrete Fourier transform, under which channels
 * at other frequencies do not correlate when images may be shifted, so that CCA of all positions
 * of all channels falls into one of the channels at each frequency (Raghu, Gilmer, Yosinski,
 * Sohl-Dickstein, "SVCCA", 2017, section 4). The maps may have different sizes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cca.h"
#include "lapack.h"
#include "map_sums.h"
#include "pair.h"

struct config {
    int64_t size, memory;
    double tolerance;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, size, 0, 0, 65536,
                "frequencies of maps of so many pixels a side; 0: as many as both have"),
    TFU_OPT_INT(struct config, memory, 4096, 1, 1 << 30,
                "MiB that the covariances of all frequencies may take"),
    TFU_OPT_FLOAT(struct config, tolerance, 1e-10, 0, 0.1,
                  "a direction with less than this share of the largest variance counts as none"),
};

struct dft_cca {
    const struct config *config;
    struct map_sums sums;
};

static enum tfu_status no_memory(struct tfu_metric_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for the correlations of maps");
}

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    const enum tfu_status st = pair_new(self, sizeof(struct dft_cca), "dft_cca", h);
    if (st != TFU_OK)
        return st;
    struct dft_cca *m = *self;
    lapack_begin();
    m->config = config;
    m->sums.size = m->config->size;
    m->sums.memory = m->config->memory;
    return TFU_OK;
}

static void reset(void *self)
{
    map_sums_reset(&((struct dft_cca *)self)->sums);
}

static void destroy(void *self)
{
    reset(self);
    free(self);
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    return map_sums_update(&((struct dft_cca *)self)->sums, b, h);
}

/* ---- results */

struct result {
    enum tfu_status status;
    int64_t count, forced; /* coefficients; those that are 1 whatever the activations */
    double sum;            /* of the coefficients */
    double power;          /* geometric mean of the variances of both sides */
};

struct solving {
    const struct map_sums *m;
    double tolerance;
    struct result *result; /* of each frequency */
};

static double trace(const struct moments *x, int side)
{
    const int64_t n = x->columns[0] + x->columns[1], first = side ? x->columns[0] : 0;
    double sum = 0;
    for (int64_t i = first; i < first + x->columns[side]; i++)
        sum += x->scatter[i * n + i];
    return sum;
}

/* All singular values come twice. */
static void read_coefficients(const struct cca *c, int64_t rows, struct result *r)
{
    const int64_t forced = (c->side[0].rank + c->side[1].rank) / 2 - (rows - 1);
    r->count = c->count / 2;
    r->forced = forced > 0 ? forced : 0;
    for (int64_t i = 0; i < r->count; i++)
        r->sum += fmin(1, c->correlation[2 * i]);
}

static void solve_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct solving *s = arg;
    const struct map_sums *m = s->m;
    const size_t n = 2 * (size_t)m->scatter.columns;
    const struct whitening_request request = {.kind = WHITEN_ALL, .tolerance = s->tolerance};
    struct moments x = {.mean = malloc(n * sizeof(double)),
                        .scatter = malloc(n * n * sizeof(double))};
    struct cca c = {.count = 0};
    struct tfu_metric_host h = quiet_host;
    struct result *r = &s->result[index];
    (void)worker;
    *r = (struct result){.status = TFU_ENOMEM};
    if (x.mean && x.scatter) {
        map_sums_moments(m, index, &x);
        r->power = sqrt(trace(&x, 0)) * sqrt(trace(&x, 1));
        r->status = cca_solve(&c, &x, &request, false, &h);
        if (r->status == TFU_OK)
            read_coefficients(&c, m->rows, r);
        cca_free(&c);
    }
    moments_free(&x);
}

static enum tfu_status check_rows(const struct map_sums *m, struct tfu_metric_host *h)
{
    if (m->rows == 0)
        return h->fail(h, TFU_EINVAL, "there are no activations to compare");
    for (int i = 0; i < 2; i++)
        if (m->rows <= map_sums_channels(m, i))
            return h->fail(h, TFU_EINVAL,
                           "%lld images for the %lld channels of '%s': at each frequency an image "
                           "is one row, and with no more rows than channels every correlation is "
                           "1 and means nothing; take more images",
                           (long long)m->rows, (long long)map_sums_channels(m, i), m->node[i]);
    return TFU_OK;
}

static enum tfu_status solve(struct solving *s, struct tfu_metric_host *h)
{
    const int64_t count = s->m->frequencies.count;
    h->parallel(h, (uint32_t)count, solve_task, s);
    for (int64_t k = 0; k < count; k++)
        if (s->result[k].status == TFU_ENOMEM)
            return no_memory(h);
        else if (s->result[k].status != TFU_OK)
            return h->fail(h, s->result[k].status,
                           "the decomposition at frequency slot %lld, %lld did not converge",
                           (long long)s->m->frequencies.at[k].y,
                           (long long)s->m->frequencies.at[k].x);
    return TFU_OK;
}

static void report_slot(int64_t slot, const struct result *r, struct tfu_metric_host *h)
{
    char key[64];
    snprintf(key, sizeof key, "dft_cca.frequency.%lld", (long long)slot);
    if (r->count > 0)
        h->scalar(h, key, r->sum / (double)r->count);
    else
        h->undefined(h, key, "nothing varies on one of the sides");
}

static void report_frequencies(const struct solving *s, const struct result **slot,
                               struct tfu_metric_host *h)
{
    const struct frequencies *f = &s->m->frequencies;
    for (int64_t k = 0; k < f->count; k++) {
        slot[f->at[k].y * f->x.kept + f->at[k].x] = &s->result[k];
        slot[f->at[k].twin] = &s->result[k];
    }
    for (int64_t i = 0; i < f->y.kept * f->x.kept; i++)
        report_slot(i, slot[i], h);
}

static void report(const struct solving *s, struct tfu_metric_host *h)
{
    const struct map_sums *m = s->m;
    const struct frequencies *f = &m->frequencies;
    double sum = 0, count = 0, powered = 0, power = 0, forced = 0;
    for (int64_t k = 0; k < f->count; k++) {
        const struct result *r = &s->result[k];
        const double weight = (double)f->at[k].weight;
        if (r->count == 0)
            continue;
        sum += weight * r->sum;
        count += weight * (double)r->count;
        powered += weight * r->power * (r->sum / (double)r->count);
        power += weight * r->power;
        forced += weight * (double)r->forced;
    }
    static const char nothing[] = "nothing varies on both sides at any frequency";
    if (count > 0) {
        h->scalar(h, "dft_cca", sum / count);
        h->scalar(h, "dft_cca.power", powered / power);
    } else {
        h->undefined(h, "dft_cca", "%s", nothing);
        h->undefined(h, "dft_cca.power", "%s", nothing);
    }
    h->scalar(h, "dft_cca.coefficients", count);
    h->scalar(h, "dft_cca.forced", forced);
    h->scalar(h, "dft_cca.rows", (double)m->rows);
    h->scalar(h, "dft_cca.columns_a", (double)map_sums_channels(m, 0));
    h->scalar(h, "dft_cca.columns_b", (double)map_sums_channels(m, 1));
    h->scalar(h, "dft_cca.height", (double)f->y.kept);
    h->scalar(h, "dft_cca.width", (double)f->x.kept);
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    struct dft_cca *m = self;
    const struct frequencies *f = &m->sums.frequencies;
    enum tfu_status st = check_rows(&m->sums, h);
    if (st != TFU_OK)
        return st;
    map_sums_flush(&m->sums, h);
    struct solving s = {&m->sums, m->config->tolerance, calloc((size_t)f->count, sizeof *s.result)};
    const struct result **slot = calloc((size_t)(f->y.kept * f->x.kept), sizeof *slot);
    st = s.result && slot ? solve(&s, h) : no_memory(h);
    if (st == TFU_OK) {
        report(&s, h);
        report_frequencies(&s, slot, h);
    }
    free(s.result);
    free(slot);
    return st;
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_TAPS | TFU_NEEDS_MAPS,
    .create = create,
    .destroy = destroy,
    .update = update,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "dft_cca",
    .version = "1.0",
    .summary = "canonical correlations of the maps of convolutions at each spatial frequency",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
