/* SPDX-License-Identifier: MIT
 *
 * Area under the ROC curve, exact, over the whole split pooled: one class against the rest in
 * classification, label by label in multi-label tasks. `auc` is the mean over the classes that have
 * both positives and negatives. Examples are ranked by log odds in double: probabilities are equal
 * where a network is sure, its logits are not.
 *
 * Intervals of 95 % are value +- 1.96 standard errors (delong.h), clipped to 0..1: plain normal
 * ones, not on a logit scale. The mean over classes has an error too, in which classes covary
 * through the examples they share.
 */
#include <stdio.h>
#include <stdlib.h>

#include "delong.h"
#include "kept.h"

static const double normal_975 = 1.959963984540054; /* 97.5 % of a normal lie below */

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    return kept_create(self, "auc", config, h);
}

/* Reports `error` and the interval under "<key>.se", ".low", ".high"; `why_not` when there is no
 * error. */
static void report_interval(struct tfu_metric_host *h, const char *key, double value, double error,
                            const char *why_not)
{
    const struct {
        const char *suffix;
        double value;
    } part[] = {
        {"se", error},
        {"low", fmax(0, value - normal_975 * error)},
        {"high", fmin(1, value + normal_975 * error)},
    };
    for (size_t i = 0; i < TFU_COUNT(part); i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.%s", key, part[i].suffix);
        if (isnan(error))
            h->undefined(h, name, "%s", why_not);
        else
            h->scalar(h, name, part[i].value);
    }
}

/* Why a class has no area, or an area but no error. */
static const char *shortage(const struct delong_area *a)
{
    if (a->positives == 0)
        return a->negatives == 0 ? "no known labels" : "0 positives";
    if (a->negatives == 0)
        return "0 negatives";
    return a->positives == 1 ? "1 positive" : "1 negative";
}

static void report_class(struct tfu_metric_host *h, int64_t k, const struct delong_area *a)
{
    char key[48];
    snprintf(key, sizeof key, "auc.class.%lld", (long long)k);
    if (isnan(a->value))
        h->undefined(h, key, "%s", shortage(a));
    else
        h->scalar(h, key, a->value);
    report_interval(h, key, a->value, a->error, shortage(a));
}

/* The mean over the classes that have an area; `component` holds their components' sums. */
static void report_mean(const struct kept *m, struct tfu_metric_host *h,
                        const struct delong_area *area, const double *component)
{
    int64_t classes = 0;
    double sum = 0, square = 0;
    char why_not[80] = "no class has positives and negatives";
    for (int64_t k = 0; k < m->outputs; k++) {
        if (isnan(area[k].value))
            continue;
        sum += area[k].value;
        classes++;
        if (isnan(area[k].error)) {
            square = NAN;
            snprintf(why_not, sizeof why_not, "class %lld has %s", (long long)k,
                     shortage(&area[k]));
        }
    }
    const double count = (double)classes;
    for (int64_t i = 0; i < m->rows; i++)
        square += component[i] * component[i];
    if (classes > 0)
        h->scalar(h, "auc", sum / count);
    else
        h->undefined(h, "auc", "%s", why_not);
    report_interval(h, "auc", sum / count, classes > 0 ? sqrt(square) / count : NAN, why_not);
    h->scalar(h, "auc.classes", count);
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct kept *m = self;
    const size_t rows = m->rows > 0 ? (size_t)m->rows : 1;
    struct delong_area *area = calloc((size_t)m->outputs, sizeof *area);
    struct ranked_row *r = calloc(rows, sizeof *r);
    double *component = calloc(rows, sizeof *component);
    enum tfu_status st = TFU_OK;
    if (area && r && component) {
        for (int64_t k = 0; k < m->outputs; k++)
            area[k] = delong(r, kept_collect(m, k, h->task, r), component);
        report_mean(m, h, area, component);
        for (int64_t k = 0; k < m->outputs; k++)
            report_class(h, k, &area[k]);
    } else {
        st = h->fail(h, TFU_ENOMEM, "out of memory to rank %lld examples", (long long)m->rows);
    }
    free(component);
    free(r);
    free(area);
    return st;
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_SCORES | TFU_NEEDS_LABELS,
    .create = create,
    .destroy = kept_destroy,
    .update = kept_update,
    .finalize = finalize,
    .reset = kept_reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "auc",
    .version = "1.0",
    .summary = "area under the ROC curve: mean and per class, with 95 % intervals (DeLong)",
    .ops_size = sizeof ops,
    .ops = &ops,
};
