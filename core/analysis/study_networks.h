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
#include "core/analysis/selected.h"

/* Cases of the file that an analysis is to be over, and which of these are not done. */
struct tfu_study_gaps {
    size_t cases;
    struct tfu_study_gap {
        const char *name; /* "start=random seed=0" */
        const char *why;  /* NULL: it is just not done */
    } * gap;
    size_t count;
    const char *nothing; /* why a selector stands for no case, which is no mistake; NULL */
    bool empty;          /* without them too few networks are left */
};

/* The keys that such an analysis has. */
const char *const *tfu_study_network_keys(enum tfu_analysis_takes takes, size_t *count);

/* Fills `out` from the analysis's mapping `n`, which stands at `path`; `s->nothing` is not looked
 * at. Cases that are not done have a place in it. */
void tfu_study_networks_read(struct tfu_load *l, const char *path, const struct tfu_node *n,
                             const struct tfu_analysis *a, const struct tfu_select_scope *s,
                             struct tfu_analysis_networks *out, struct tfu_study_gaps *gaps);
/* Takes these places away, of pairs and lines all that they are in. */
void tfu_study_networks_close_gaps(const struct tfu_analysis *a, struct tfu_analysis_networks *n,
                                   struct tfu_study_gaps *gaps);

/* All that patterns, mappings and axes select in it. */
void tfu_study_networks_varying(struct tfu_load *l, const char *path, const struct tfu_node *n,
                                const struct tfu_analysis *a, const struct tfu_select_scope *s,
                                struct tfu_selected *all);

#endif
