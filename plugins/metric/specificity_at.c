/* SPDX-License-Identifier: MIT
 *
 * The specificity at a given sensitivity: one point of the ROC curve. By default a point that a
 * threshold has: of the thresholds with at least that sensitivity, the specificity of the best.
 * Straight lines between the points give another number where scores are few or tied: the rule is
 * an option, and belongs to the result.
 */
#include "ranked_classes.h"
#include "roc.h"

struct config {
    double sensitivity;
    int32_t rule;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, sensitivity, 0.9, 0, 1,
                  "the sensitivity that is asked for, at least"),
    TFU_OPT_ENUM(struct config, rule, "step", roc_rules, ROC_RULE_HELP),
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    return kept_create(self, "specificity_at", config, h);
}

static double measure(const struct ranked_row *r, int64_t n, struct ranked_counts c,
                      const void *config)
{
    const struct config *o = config;
    return roc_specificity_at(r, n, c, o->sensitivity, o->rule == ROC_LINEAR);
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
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
