/* SPDX-License-Identifier: MIT
 *
 * A metric: balanced accuracy, the mean over classes of the share of its examples that are given to
 * it (recall). Classes without examples do not count; without any it is not defined.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <transfuse/metric.h>

struct counts {
    int64_t seen, right;
};

struct metric {
    int64_t classes;
    struct counts of[]; /* of each class */
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    (void)config;
    *self = NULL;
    if (h->task != TFU_TASK_CLASSIFICATION)
        return h->fail(h, TFU_EINVAL,
                       "frozen_metric needs one class an example; use it in the task `classification`");
    struct metric *m = calloc(1, sizeof *m + (size_t)h->outputs * sizeof m->of[0]);
    if (!m)
        return h->fail(h, TFU_ENOMEM, "out of memory for the metric frozen_metric");
    m->classes = h->outputs;
    *self = m;
    return TFU_OK;
}

/* The class of the highest logit; the first of equal ones. */
static int64_t highest(const float *logit, int64_t n)
{
    int64_t best = 0;
    for (int64_t k = 1; k < n; k++)
        if (logit[k] > logit[best])
            best = k;
    return best;
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    struct metric *m = self;
    for (int64_t r = 0; r < b->rows; r++) {
        const float label = b->labels[r];
        if (isnan(label)) /* unknown */
            continue;
        if (!(label >= 0 && label < (float)m->classes) || label != floorf(label))
            return h->fail(h, TFU_EINVAL, "label %g is no class: there are classes 0 to %lld",
                           (double)label, (long long)m->classes - 1);
        /* not by scores: probabilities are rounded, and equal where the network is sure */
        const float *logit = b->logits + r * m->classes;
        for (int64_t k = 0; k < m->classes; k++)
            if (isnan(logit[k]))
                return h->fail(h, TFU_ENUMERIC,
                               "the logit of class %lld is not a number; the training has diverged",
                               (long long)k);
        struct counts *of = &m->of[(int64_t)label];
        of->seen++;
        of->right += highest(logit, m->classes) == (int64_t)label;
    }
    return TFU_OK;
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct metric *m = self;
    double sum = 0;
    int64_t present = 0;
    for (int64_t k = 0; k < m->classes; k++) {
        char key[64];
        snprintf(key, sizeof key, "frozen_metric.class.%lld", (long long)k);
        if (m->of[k].seen == 0) {
            h->undefined(h, key, "0 examples");
            continue;
        }
        const double recall = (double)m->of[k].right / (double)m->of[k].seen;
        h->scalar(h, key, recall);
        sum += recall;
        present++;
    }
    if (present > 0)
        h->scalar(h, "frozen_metric", sum / (double)present);
    else
        h->undefined(h, "frozen_metric", "no known labels");
    return TFU_OK;
}

static void reset(void *self)
{
    struct metric *m = self;
    for (int64_t k = 0; k < m->classes; k++)
        m->of[k] = (struct counts){0};
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_SCORES | TFU_NEEDS_LABELS,
    .create = create,
    .destroy = free,
    .update = update,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "frozen_metric",
    .version = "0.1",
    .summary = "balanced accuracy: the mean recall over classes",
    .ops_size = sizeof ops,
    .ops = &ops,
};
