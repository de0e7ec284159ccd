/* SPDX-License-Identifier: MIT
 *
 * Net benefit at threshold probabilities t, of calling those positive whose probability is at least
 * t, and of calling all so:
 *
 *     TP / n - FP / n * t / (1 - t)
 *
 * Calling nobody positive has 0. Vickers and Elkin, "Decision curve analysis: a novel method for
 * evaluating prediction models", Medical Decision Making 2006. The headline is the mean over the
 * thresholds, so that these are the range in which decisions are made.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "classes.h"

enum { THRESHOLDS_MAX = 100 };

struct config {
    struct tfu_float_list thresholds;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT_LIST(struct config, thresholds, 0, 0.999,
                       "threshold probabilities, 0 or more and below 1: those at which the harm of "
                       "a missed case and of a needless one are weighed; empty: 0.05, 0.1, 0.2, "
                       "0.3 and 0.5"),
};

static const double usual[] = {0.05, 0.1, 0.2, 0.3, 0.5};

struct counts {
    int64_t true_positive, false_positive;
};

struct net_benefit {
    int64_t rows; /* seen, for messages */
    size_t thresholds;
    double *threshold, *odds;   /* a logarithm, as rows have them */
    int64_t *positives, *known; /* of each class */
    struct counts *counts;      /* classes x thresholds */
    size_t counted;
};

static void destroy(void *self)
{
    struct net_benefit *m = self;
    if (m) {
        free(m->threshold);
        free(m->positives);
        free(m->counts);
    }
    free(m);
}

static int allocate(struct net_benefit *m, size_t classes)
{
    m->threshold = calloc(2 * m->thresholds, sizeof *m->threshold);
    m->positives = calloc(2 * classes, sizeof *m->positives);
    m->counted = classes * m->thresholds;
    m->counts = calloc(m->counted, sizeof *m->counts);
    return m->threshold && m->positives && m->counts;
}

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    const struct tfu_float_list given = ((const struct config *)config)->thresholds;
    *self = NULL;
    const enum tfu_status st = check_task(h, "net_benefit");
    if (st != TFU_OK)
        return st;
    if (given.count > THRESHOLDS_MAX)
        return h->fail(h, TFU_EINVAL, "%zu thresholds, and %d is the most", (size_t)given.count,
                       THRESHOLDS_MAX);
    struct net_benefit *m = calloc(1, sizeof *m);
    if (m)
        m->thresholds = given.count > 0 ? given.count : TFU_COUNT(usual);
    if (!m || !allocate(m, (size_t)h->outputs)) {
        destroy(m);
        return h->fail(h, TFU_ENOMEM, "out of memory for the metric net_benefit");
    }
    m->odds = m->threshold + m->thresholds;
    m->known = m->positives + h->outputs;
    for (size_t i = 0; i < m->thresholds; i++) {
        m->threshold[i] = given.count > 0 ? given.item[i] : usual[i];
        m->odds[i] = log(m->threshold[i] / (1 - m->threshold[i]));
    }
    *self = m;
    return TFU_OK;
}

static void count_row(struct net_benefit *m, const double *odds, const float *label,
                      const struct tfu_metric_host *h)
{
    const int classification = h->task == TFU_TASK_CLASSIFICATION;
    for (int64_t k = 0; k < h->outputs; k++) {
        const float y = label[classification ? 0 : k];
        if (isnan(y))
            continue;
        const int positive = classification ? y == (float)k : y > 0;
        struct counts *c = m->counts + (size_t)k * m->thresholds;
        m->known[k]++;
        m->positives[k] += positive;
        for (size_t i = 0; i < m->thresholds; i++) {
            const int called = odds[k] >= m->odds[i];
            c[i].true_positive += called && positive;
            c[i].false_positive += called && !positive;
        }
    }
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    struct net_benefit *m = self;
    const enum tfu_status st = check_batch(h, m->rows, b);
    if (st != TFU_OK)
        return st;
    for (int64_t r = 0; r < b->rows; r++)
        count_row(m, b->log_odds + r * h->outputs, b->labels + r * h->label_columns, h);
    m->rows += b->rows;
    return TFU_OK;
}

static void reset(void *self)
{
    struct net_benefit *m = self;
    memset(m->counts, 0, m->counted * sizeof *m->counts);
    memset(m->positives, 0, (size_t)(m->known - m->positives) * 2 * sizeof *m->positives);
    m->rows = 0;
}

static struct classes_value benefit(const struct net_benefit *m, int64_t k, size_t i,
                                    struct counts c)
{
    const double t = m->threshold[i], n = (double)m->known[k];
    if (m->known[k] == 0)
        return (struct classes_value){(double)NAN, "no known labels"};
    return (struct classes_value){
        (double)c.true_positive / n - (double)c.false_positive / n * (t / (1 - t)), NULL};
}

/* "<key>.<i>": of the classes together, and where there are several of each. */
static void report_curve(const struct net_benefit *m, struct tfu_metric_host *h, const char *key,
                         int treat_all, struct classes_value *v)
{
    for (size_t i = 0; i < m->thresholds; i++) {
        char name[96];
        int64_t counted;
        for (int64_t k = 0; k < h->outputs; k++) {
            const struct counts all = {m->positives[k], m->known[k] - m->positives[k]};
            v[k] = benefit(m, k, i, treat_all ? all : m->counts[(size_t)k * m->thresholds + i]);
        }
        snprintf(name, sizeof name, "net_benefit.%s.%zu", key, i);
        classes_say(h, name, classes_mean(h, v, &counted));
        for (int64_t k = 0; classes_first(h) < h->outputs - 1 && k < h->outputs; k++) {
            snprintf(name, sizeof name, "net_benefit.%s.label.%lld.%zu", key, (long long)k, i);
            classes_say(h, name, v[k]);
        }
    }
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct net_benefit *m = self;
    struct classes_value *v = classes_room(h);
    if (!v)
        return TFU_ENOMEM;
    for (int64_t k = 0; k < h->outputs; k++) {
        v[k] = (struct classes_value){0, NULL};
        for (size_t i = 0; i < m->thresholds; i++) {
            const struct classes_value one =
                benefit(m, k, i, m->counts[(size_t)k * m->thresholds + i]);
            v[k].value += one.value / (double)m->thresholds;
            v[k].why = one.why;
        }
    }
    classes_report(h, "net_benefit", v);
    h->series(h, "net_benefit.threshold", m->threshold, m->thresholds);
    report_curve(m, h, "model", 0, v);
    report_curve(m, h, "all", 1, v);
    free(v);
    return TFU_OK;
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_SCORES | TFU_NEEDS_LABELS,
    .create = create,
    .destroy = destroy,
    .update = update,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "net_benefit",
    .version = "1.0",
    .summary = "decision curve: net benefit at threshold probabilities, beside treating all",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
