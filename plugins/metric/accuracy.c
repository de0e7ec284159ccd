/* SPDX-License-Identifier: MIT
 *
 * Share of right answers. Classification: the class of the highest logit (the first of equal ones)
 * is the label. Multi-label: a logit of at least 0, a probability of one half, says 1; `accuracy`
 * counts labels, `accuracy.exact` examples whose known labels are all right.
 */
#include <stdlib.h>

#include "answer.h"
#include "check.h"

struct accuracy {
    int64_t rows; /* seen, for messages */
    int64_t known, right;
    int64_t examples, exact; /* multi-label: with a known label; with all of them right */
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    (void)config;
    *self = NULL;
    const enum tfu_status st = check_task(h, "accuracy");
    if (st != TFU_OK)
        return st;
    *self = calloc(1, sizeof(struct accuracy));
    return *self ? TFU_OK : h->fail(h, TFU_ENOMEM, "out of memory for the metric accuracy");
}

/* Adds the known labels of one example. */
static void count_row(struct accuracy *m, const float *logit, const float *label,
                      const struct tfu_metric_host *h)
{
    int64_t known = 0, right = 0;
    for (int64_t k = 0; k < h->label_columns; k++) {
        if (isnan(label[k]))
            continue;
        known++;
        if (h->task == TFU_TASK_CLASSIFICATION)
            right += answer_class(logit, h->outputs) == (int64_t)label[k];
        else
            right += answer_label(logit[k]) == (label[k] > 0);
    }
    m->known += known;
    m->right += right;
    m->examples += known > 0;
    m->exact += known > 0 && right == known;
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    struct accuracy *m = self;
    const enum tfu_status st = check_batch(h, m->rows, b);
    if (st != TFU_OK)
        return st;
    for (int64_t r = 0; r < b->rows; r++)
        count_row(m, b->logits + r * h->outputs, b->labels + r * h->label_columns, h);
    m->rows += b->rows;
    return TFU_OK;
}

static void report(struct tfu_metric_host *h, const char *key, int64_t right, int64_t of)
{
    if (of > 0)
        h->scalar(h, key, (double)right / (double)of);
    else
        h->undefined(h, key, "no known labels");
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct accuracy *m = self;
    report(h, "accuracy", m->right, m->known);
    if (h->task == TFU_TASK_MULTI_LABEL)
        report(h, "accuracy.exact", m->exact, m->examples);
    return TFU_OK;
}

static void reset(void *self)
{
    *(struct accuracy *)self = (struct accuracy){0};
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
    .name = "accuracy",
    .version = "1.0",
    .summary = "share of right answers: the highest output, or each label at one half",
    .ops_size = sizeof ops,
    .ops = &ops,
};
