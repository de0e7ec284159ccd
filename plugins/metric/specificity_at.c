/* SPDX-License-Identifier: MIT
 *
 * The specificity at a given sensitivity (roc_at.h).
 */
#include "roc_at.h"

static const struct tfu_option options[] = {ROC_AT_OPTIONS("sensitivity")};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    return kept_create(self, "specificity_at", config, h);
}

static double measure(const struct ranked_row *r, int64_t n, struct ranked_counts c,
                      const void *config)
{
    const struct roc_at *o = config;
    return roc_specificity_at(r, n, c, o->given, o->rule == ROC_LINEAR);
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    return ranked_classes(self, "specificity_at", measure, h);
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
    .name = "specificity_at",
    .version = "1.0",
    .summary = "specificity at a given sensitivity: mean and per class",
    TFU_OPTIONS(options, struct roc_at),
    .ops_size = sizeof ops,
    .ops = &ops,
};
