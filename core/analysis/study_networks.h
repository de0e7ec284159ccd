/* SPDX-License-Identifier: MIT
 *
 * study_networks.h - which networks an analysis of a study file is over: its keys beside the
 * options.
 *
 *     of: SELECTOR                of a list
 *     a: SELECTOR, b: SELECTOR    of a pair; of lines the i-th with the i-th, one with each,
 *     pair_by: [arch]             or those that have equal values under these keys
 *     pair_across: [seed]         and other ones under these
 *     among: SELECTOR             of lines: every two of them, once
 *     lines: [{name: NAME, a:, b:, ...}]    several such lines
 */
#ifndef TFU_CORE_ANALYSIS_STUDY_NETWORKS_H
#define TFU_CORE_ANALYSIS_STUDY_NETWORKS_H

#include "core/analysis/study_gaps.h"

/* The keys that such an analysis has. */
const char *const *tfu_study_network_keys(enum tfu_analysis_takes takes, size_t *count);

/* Fills `out` from the analysis's mapping `n`, which stands at `path`; `s->nothing` is not looked
 * at. Cases that are not done have a place in it. */
void tfu_study_networks_read(struct tfu_load *l, const char *path, const struct tfu_node *n,
                             const struct tfu_analysis *a, const struct tfu_select_scope *s,
                             struct tfu_analysis_networks *out, struct tfu_study_gaps *gaps);
/* All that patterns, mappings and axes select in it; `*nothing` as in struct tfu_study_gaps. */
void tfu_study_networks_varying(struct tfu_load *l, const char *path, const struct tfu_node *n,
                                const struct tfu_analysis *a, const struct tfu_select_scope *s,
                                struct tfu_selected *all, const char **nothing);

#endif
