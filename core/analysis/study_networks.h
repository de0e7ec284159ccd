/* SPDX-License-Identifier: MIT
 *
 * study_networks.h - which networks an analysis of a study file is over: its keys beside the
 * options.
 *
 *     of: SELECTOR                of a list
 *     a: SELECTOR, b: SELECTOR    of a pair; of lines the i-th with the i-th, one with each,
 *     pair_by: [seed]             or those that have equal values under these keys
 *     among: SELECTOR             of lines: every two of them, once
 *     lines: [{name: NAME, a:, b:, ...}]    several such lines
 */
#ifndef TFU_CORE_ANALYSIS_STUDY_NETWORKS_H
#define TFU_CORE_ANALYSIS_STUDY_NETWORKS_H

#include "core/analysis/analysis.h"
#include "core/analysis/select.h"

/* The keys that such an analysis has. */
const char *const *tfu_study_network_keys(enum tfu_analysis_takes takes, size_t *count);

/* Fills `out` from the analysis's mapping `n`, which stands at `path`. */
void tfu_study_networks_read(struct tfu_load *l, const char *path, const struct tfu_node *n,
                             const struct tfu_analysis *a, const struct tfu_select_scope *s,
                             struct tfu_analysis_networks *out);
/* The values that all runs in it have under a key. */
void tfu_study_networks_values(struct tfu_load *l, const char *path, const struct tfu_node *n,
                               const struct tfu_analysis *a, const struct tfu_select_scope *s,
                               const char *key, const char ***value, size_t *count);

#endif
