/* SPDX-License-Identifier: MIT
 *
 * @NAME@.c - balanced accuracy: the mean over classes of the share of their examples that are
 * recognised. Classes without examples do not count. The class of the highest score (the first of
 * equal ones) is the answer.
 */
#include <math.h>
#include <stdlib.h>

#include <transfuse/metric.h>

struct tally {
    int64_t known, right;
};

/* What one instance has seen: a tally for each class. */
struct balanced {
    int64_t classes;
    struct tally tally[];
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    (void)config;
    *self = NULL;
    if (h->task != TFU_TASK_CLASSIFICATION)
        return h->fail(h, TFU_EINVAL,
                       "@NAME@ needs one class for each example; use the task `classification`");
    struct balanced *m = calloc(1, sizeof *m + (size_t)h->outputs * sizeof m->tally[0]);
    if (!m)
        return h->fail(h, TFU_ENOMEM, "out of memory for the metric @NAME@");
    m->classes = h->outputs;
    *self = m;
    return TFU_OK;
}

static int64_t highest(const float *score, int64_t n)
{
    int64_t best = 0;
    for (int64_t k = 1; k < n; k++)
        if (score[k] > score[best])
            best = k;
    return best;
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    struct balanced *m = self;
    for (int64_t r = 0; r < b->rows; r++) {
        const float label = b->labels[r], *score = b->scores + r * m->classes;
        if (isnan(label)) /* unknown */
            continue;
        if (!(label >= 0 && label < (float)m->classes) || label != floorf(label))
            return h->fail(h, TFU_EINVAL,
                           "label %g is no class: the network has outputs for 0 to %lld",
                           (double)label, (long long)m->classes - 1);
        for (int64_t k = 0; k < m->classes; k++)
            if (isnan(score[k]))
                return h->fail(h, TFU_ENUMERIC,
                               "the score of class %lld is not a number; the training has diverged",
                               (long long)k);
        struct tally *t = &m->tally[(int64_t)label];
        t->known++;
        t->right += highest(score, m->classes) == (int64_t)label;
    }
    return TFU_OK;
}

static enum tfu_status merge(void *self, const void *other, struct tfu_metric_host *h)
{
    (void)h;
    struct balanced *m = self;
    const struct balanced *o = other;
    for (int64_t k = 0; k < m->classes; k++) {
        m->tally[k].known += o->tally[k].known;
        m->tally[k].right += o->tally[k].right;
    }
    return TFU_OK;
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct balanced *m = self;
    double sum = 0;
    int64_t counted = 0;
    for (int64_t k = 0; k < m->classes; k++)
        if (m->tally[k].known) {
            sum += (double)m->tally[k].right / (double)m->tally[k].known;
            counted++;
        }
    if (counted)
        h->scalar(h, "@NAME@", sum / (double)counted);
    else
        h->undefined(h, "@NAME@", "no known labels");
    return TFU_OK;
}

static void reset(void *self)
{
    struct balanced *m = self;
    for (int64_t k = 0; k < m->classes; k++)
        m->tally[k] = (struct tally){0};
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_SCORES | TFU_NEEDS_LABELS,
    .create = create,
    .destroy = free,
    .update = update,
    .merge = merge,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC), .name = "@NAME@",       .version = "0.1",
    .summary = "balanced accuracy",     .ops_size = sizeof ops, .ops = &ops,
};
