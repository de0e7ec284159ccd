/* SPDX-License-Identifier: MIT
 *
 * metrics.h - metrics by what they can do.
 */
#ifndef TFU_CORE_STUDY_METRICS_H
#define TFU_CORE_STUDY_METRICS_H

#include "core/config/experiment.h"
#include "core/plugin/registry.h"

/* TFU_NEEDS_* of which a metric has to have at least one, and those that it must not have. */
struct tfu_metric_ability {
    uint32_t with, without;
    const char *lacks; /* of one that is not able: "is not fitted to activations" */
};

extern const struct tfu_metric_ability tfu_metric_compares; /* activations of two networks */
extern const struct tfu_metric_ability tfu_metric_compares_networks; /* these, or parameters */
extern const struct tfu_metric_ability tfu_metric_compares_matrices; /* with no network at hand */
extern const struct tfu_metric_ability tfu_metric_probes; /* fits to one network's activations */

/* Refuses a metric that is not able to, with the names of those that are: all on the search path.
 * [one thread] */
enum tfu_status tfu_metric_check(const struct tfu_plugin_choice *metric,
                                 const struct tfu_metric_ability *ability, struct tfu_registry *r,
                                 struct tfu_error *e);

/* Rows of a draw of activations where nobody says: 10000, or as many as the metric is to be given
 * at most. */
int64_t tfu_metric_rows(const struct tfu_plugin_choice *metric);

#endif
