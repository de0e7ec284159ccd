/* SPDX-License-Identifier: MIT
 *
 * Average precision: the area under the precision-recall curve as steps,
 *
 *     sum over thresholds, from the highest down, of (recall - recall before) x precision,
 *
 * rows of one score entering together. Nothing is interpolated between points, which would promise
 * precisions that no threshold has: Davis and Goadrich, "The relationship between precision-recall
 * and ROC curves", ICML 2006.
 */
#include "ranked_classes.h"

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    return kept_create(self, "average_precision", config, h);
}

static double average_precision(const struct ranked_row *r, int64_t n, struct ranked_counts c,
                                const void *config)
{
    (void)config;
    double sum = 0;
    struct ranked_tie t = {0};
    while (ranked_next(r, n, &t)) {
        const double found = (double)(c.positives - t.positives_below);
        sum += (double)t.positives * (found / (double)(n - t.begin));
    }
    return sum / (double)c.positives;
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    return ranked_classes(self, "average_precision", average_precision, h);
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
    .name = "average_precision",
    .version = "1.0",
    .summary = "area under the precision-recall curve, in steps: mean and per class",
    .ops_size = sizeof ops,
    .ops = &ops,
};
