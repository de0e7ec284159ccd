/* SPDX-License-Identifier: MIT
 *
 * check.h - what a label and a score must be, for the metrics of classes. Unknown labels (NaN) are
 * for the caller to leave out; everything else that is no label is refused, never skipped.
 */
#ifndef TFU_PLUGINS_METRIC_CHECK_H
#define TFU_PLUGINS_METRIC_CHECK_H

#include <math.h>

#include <transfuse/metric.h>

/* `row` counts from the start of the split. */
static inline enum tfu_status check_label(struct tfu_metric_host *h, int64_t row, float label)
{
    const double classes = h->task == TFU_TASK_CLASSIFICATION ? (double)h->outputs : 2;
    if (isnan(label) || (label >= 0 && label < classes && label == floorf(label)))
        return TFU_OK;
    if (h->task == TFU_TASK_CLASSIFICATION)
        return h->fail(h, TFU_EINVAL,
                       "label %g of row %lld is no class: the network has outputs for 0 to %lld",
                       (double)label, (long long)row, (long long)h->outputs - 1);
    return h->fail(h, TFU_EINVAL, "label %g of row %lld is neither 0 nor 1, nor NaN for unknown",
                   (double)label, (long long)row);
}

static inline enum tfu_status check_score(struct tfu_metric_host *h, int64_t row, int64_t output,
                                          float score)
{
    if (!isnan(score))
        return TFU_OK;
    return h->fail(h, TFU_ENUMERIC,
                   "the score of row %lld, output %lld is not a number; the training has diverged",
                   (long long)row, (long long)output);
}

/* What number `i` of the batch's outputs is ranked by; NaN when any form of it is. */
static inline float check_number(const struct tfu_batch *b, int64_t i)
{
    return isnan(b->log_odds[i]) ? NAN : b->scores[i];
}

/* All labels and scores of a batch; `before` rows of the split came earlier. */
static inline enum tfu_status check_batch(struct tfu_metric_host *h, int64_t before,
                                          const struct tfu_batch *b)
{
    enum tfu_status st = TFU_OK;
    for (int64_t r = 0; st == TFU_OK && r < b->rows; r++) {
        for (int64_t k = 0; st == TFU_OK && k < h->label_columns; k++)
            st = check_label(h, before + r, b->labels[r * h->label_columns + k]);
        for (int64_t k = 0; st == TFU_OK && k < h->outputs; k++)
            st = check_score(h, before + r, k, check_number(b, r * h->outputs + k));
    }
    return st;
}

/* Metrics of classes: a class index or a column per label, not targets to approximate. */
static inline enum tfu_status check_task(struct tfu_metric_host *h, const char *metric)
{
    const int64_t columns = h->task == TFU_TASK_CLASSIFICATION ? 1 : h->outputs;
    if (h->task != TFU_TASK_CLASSIFICATION && h->task != TFU_TASK_MULTI_LABEL)
        return h->fail(h, TFU_EINVAL,
                       "%s has no meaning in regression; use the metric `loss`, or the task "
                       "`classification` or `multi_label`",
                       metric);
    if (h->outputs < 1 || h->label_columns != columns)
        return h->fail(h, TFU_EINVAL, "%s: %lld label columns do not go with %lld outputs", metric,
                       (long long)h->label_columns, (long long)h->outputs);
    return TFU_OK;
}

#endif
