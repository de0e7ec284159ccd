/* SPDX-License-Identifier: MIT
 *
 * How well labels follow linearly from activations (Alain and Bengio, "Understanding intermediate
 * layers using linear classifier probes", 2016): logistic regression on channels of mean 0 and
 * standard deviation 1 over the rows that are fitted on. Of a multi-label task, one for each label.
 */
#include <math.h>
#include <stdlib.h>

#include "logistic.h"
#include "probe.h"

struct config {
    double l2, tolerance;
    int64_t iterations;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, l2, 1, 1e-6, 1e12,
                  "penalty: l2 / 2 times the squared weights is added to the sum of losses (1 / C "
                  "of scikit-learn)"),
    TFU_OPT_FLOAT(struct config, tolerance, 1e-10, 1e-12, 1e-2,
                  "converged when no component of the gradient exceeds this times the rows"),
    TFU_OPT_INT(struct config, iterations, 2000, 1, 1000000, "at most, for each fit"),
};

struct model {
    int64_t columns, outputs;
    int converged;
    double *mean, *scale; /* of each channel; scale 0 for a constant one */
    double *weight;       /* outputs x (columns + 1) */
    int8_t *seen;         /* of each output: 0 and 1 (bits 0 and 1) among the labels fitted on */
};

static void forget(void *model)
{
    struct model *m = model;
    if (!m)
        return;
    free(m->mean);
    free(m->scale);
    free(m->weight);
    free(m->seen);
    free(m);
}

static struct model *model_new(const struct probe *p)
{
    struct model *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    const size_t columns = (size_t)p->fit.columns, outputs = (size_t)p->outputs;
    *m = (struct model){
        .columns = p->fit.columns,
        .outputs = p->outputs,
        .mean = calloc(columns, sizeof(double)),
        .scale = calloc(columns, sizeof(double)),
        .weight =
            columns < SIZE_MAX / outputs ? calloc(outputs * (columns + 1), sizeof(double)) : NULL,
        .seen = calloc(outputs, 1),
    };
    if (m->mean && m->scale && m->weight && m->seen)
        return m;
    forget(m);
    return NULL;
}

static void measure_channels(const struct rows *rows, struct model *m)
{
    const double n = (double)rows->count;
    for (int64_t r = 0; r < rows->count; r++)
        for (int64_t c = 0; c < m->columns; c++)
            m->mean[c] += rows->value[r * m->columns + c] / n;
    for (int64_t r = 0; r < rows->count; r++)
        for (int64_t c = 0; c < m->columns; c++) {
            const double d = rows->value[r * m->columns + c] - m->mean[c];
            m->scale[c] += d * d / n;
        }
    for (int64_t c = 0; c < m->columns; c++) {
        const double deviation = sqrt(m->scale[c]);
        m->scale[c] = deviation > 1e-12 * fabs(m->mean[c]) ? 1 / deviation : 0;
    }
}

static void standardize(const struct model *m, double *row, int64_t rows)
{
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < m->columns; c++) {
            double *x = &row[r * m->columns + c];
            *x = m->scale[c] > 0 ? (*x - m->mean[c]) * m->scale[c] : 0;
        }
}

/* Which of the classes that have rows a class is, or -1. */
static int64_t place_among_seen(const struct model *m, int64_t class)
{
    int64_t place = 0;
    if (!(m->seen[class] & 2))
        return -1;
    for (int64_t k = 0; k < class; k++)
        place += m->seen[k] >> 1;
    return place;
}

static void see_labels(const struct probe *p, struct model *m)
{
    for (int64_t r = 0; r < p->fit.count; r++)
        for (int64_t c = 0; c < p->label_columns; c++) {
            const float label = p->fit_label[r * p->label_columns + c];
            if (isnan(label))
                continue;
            if (p->classification)
                m->seen[(int64_t)label] = 2;
            else
                m->seen[c] |= label > 0 ? 2 : 1;
        }
}

/* The classes that have rows against each other. */
static enum tfu_status fit_classes(const struct probe *p, struct model *m, struct logistic *l,
                                   int32_t *label, struct tfu_metric_host *h)
{
    l->outputs = 0;
    for (int64_t k = 0; k < p->outputs; k++)
        l->outputs += m->seen[k] >> 1;
    if (l->outputs < 2)
        return TFU_OK;
    for (int64_t r = 0; r < p->fit.count; r++)
        label[r] = (int32_t)place_among_seen(m, (int64_t)p->fit_label[r]);
    return logistic_fit(l, m->weight, &m->converged, h);
}

/* Each label that has both values. */
static enum tfu_status fit_labels(const struct probe *p, struct model *m, struct logistic *l,
                                  int32_t *label, struct tfu_metric_host *h)
{
    enum tfu_status st = TFU_OK;
    l->outputs = 1;
    for (int64_t k = 0; st == TFU_OK && k < p->outputs; k++) {
        int converged;
        if (m->seen[k] != 3)
            continue;
        for (int64_t r = 0; r < p->fit.count; r++) {
            const float of = p->fit_label[r * p->label_columns + k];
            label[r] = isnan(of) ? -1 : of > 0;
        }
        st = logistic_fit(l, m->weight + k * (m->columns + 1), &converged, h);
        m->converged &= converged;
    }
    return st;
}

static enum tfu_status fit(struct probe *p, struct tfu_metric_host *h)
{
    const struct config *config = p->config;
    struct model *m = model_new(p);
    double *x = rows_copy(&p->fit);
    int32_t *label = calloc((size_t)p->fit.count, sizeof *label);
    enum tfu_status st = TFU_OK;
    if (m && x && label) {
        struct logistic l = {p->fit.count,      p->fit.columns,    x, label, 0, config->l2,
                             config->tolerance, config->iterations};
        m->converged = 1;
        measure_channels(&p->fit, m);
        standardize(m, x, p->fit.count);
        see_labels(p, m);
        st = p->classification ? fit_classes(p, m, &l, label, h) : fit_labels(p, m, &l, label, h);
    } else {
        st = h->fail(h, TFU_ENOMEM, "out of memory for the %lld rows to fit on",
                     (long long)p->fit.count);
    }
    free(label);
    free(x);
    if (st == TFU_OK)
        p->model = m;
    else
        forget(m);
    return st;
}

/* ---- scores */

static double logit(const struct model *m, int64_t output, const double *x)
{
    const double *w = m->weight + output * (m->columns + 1);
    return rows_product(w, x, m->columns) + w[m->columns];
}

/* The logarithm of the odds of `k` against all others. */
static double odds(const double *logit, int64_t outputs, int64_t k)
{
    double largest = -(double)INFINITY, sum = 0;
    for (int64_t j = 0; j < outputs; j++)
        if (j != k)
            largest = fmax(largest, logit[j]);
    if (isinf(largest) || isinf(logit[k])) /* there are no others, or it was not fitted on */
        return isinf(logit[k]) ? logit[k] : (double)INFINITY;
    for (int64_t j = 0; j < outputs; j++)
        if (j != k)
            sum += exp(logit[j] - largest);
    return logit[k] - largest - log(sum);
}

/* Where only one answer was fitted on, it is certain. */
static double certain(int8_t seen)
{
    return seen & 2 ? (double)INFINITY : -(double)INFINITY;
}

static enum tfu_status score(struct probe *p, double *row, int64_t rows, double *out,
                             struct tfu_metric_host *h)
{
    const struct model *m = p->model;
    double *z = calloc((size_t)m->outputs, sizeof *z);
    if (!z)
        return h->fail(h, TFU_ENOMEM, "out of memory for %lld outputs", (long long)m->outputs);
    standardize(m, row, rows);
    for (int64_t r = 0; r < rows; r++) {
        const double *x = row + r * m->columns;
        double *to = out + r * m->outputs;
        for (int64_t k = 0; k < m->outputs; k++) {
            const int64_t place = p->classification ? place_among_seen(m, k) : k;
            const int fitted = p->classification ? place >= 0 : m->seen[k] == 3;
            z[k] = fitted ? logit(m, place, x) : certain(m->seen[k]);
        }
        for (int64_t k = 0; k < m->outputs; k++)
            to[k] = p->classification ? odds(z, m->outputs, k) : z[k];
    }
    free(z);
    return TFU_OK;
}

static void report(const struct probe *p, struct tfu_metric_host *h)
{
    const struct model *m = p->model;
    if (m)
        h->scalar(h, "linear_probe.converged", m->converged);
    else
        h->undefined(h, "linear_probe.converged", "nothing was fitted");
}

static const struct probe_kind kind = {
    .name = "linear_probe",
    .log_odds = 1,
    .fit = fit,
    .score = score,
    .report = report,
    .forget = forget,
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    return probe_create(self, &kind, config, h);
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_TAPS | TFU_NEEDS_LABELS | TFU_NEEDS_FIT,
    .create = create,
    .destroy = probe_destroy,
    .update = probe_update,
    .finalize = probe_finalize,
    .reset = probe_reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "linear_probe",
    .version = "1.0",
    .summary = "how well labels follow linearly from activations: logistic regression",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
