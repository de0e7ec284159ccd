/* SPDX-License-Identifier: MIT
 *
 * roc_at.h - metrics of one point of the ROC curve: the best of one number that goes with at least
 * so much of the other. By default a point that a threshold has: of the thresholds that keep to it,
 * the best one. Straight lines between the points give another number where scores are few or tied:
 * the rule is an option, and belongs to the result.
 */
#ifndef TFU_PLUGINS_METRIC_ROC_AT_H
#define TFU_PLUGINS_METRIC_ROC_AT_H

#include "ranked_classes.h"
#include "roc.h"

enum roc_rule { ROC_STEP, ROC_LINEAR };
static const char *const roc_rules[] = {"step", "linear", NULL};

struct roc_at {
    double given; /* of the other number */
    int32_t rule; /* enum roc_rule */
};

/* `other` is what that is called. */
#define ROC_AT_OPTIONS(other)                                                                      \
    {.name = (other),                                                                              \
     .help = "the " other " that is asked for, at least",                                          \
     .type = TFU_FLOAT,                                                                            \
     .offset = offsetof(struct roc_at, given),                                                     \
     .fdef = 0.9,                                                                                  \
     .fmin = 0,                                                                                    \
     .fmax = 1},                                                                                   \
        TFU_OPT_ENUM(struct roc_at, rule, "step", roc_rules,                                       \
                     "step: of the thresholds that the scores have, the best one that keeps to "   \
                     "it; linear: straight lines between the points of the curve")

#endif
