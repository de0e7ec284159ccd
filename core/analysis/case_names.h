/* SPDX-License-Identifier: MIT
 *
 * case_names.h - what tables and figures call the cases of an analysis: by the axes in which they
 * differ, "start=random seed=0".
 */
#ifndef TFU_CORE_ANALYSIS_CASE_NAMES_H
#define TFU_CORE_ANALYSIS_CASE_NAMES_H

#include "core/analysis/selected.h"

/* By axis: have not all cases among the networks the same value on it? NULL: memory ran out. */
bool *tfu_case_names_differ(struct tfu_load *l, const struct tfu_sweep *s,
                            const struct tfu_selected *all);

/* Of one case, by the axes that differ; "": none does. */
const char *tfu_case_name(struct tfu_load *l, const struct tfu_sweep *s, const bool *differ,
                          size_t item);

/* Of pairs: "start=random ~ start=pretrained", by the axes that differ but not within `a` nor
 * within `b`, and the states, if these alone do. "": there is nothing to say, or not all are cases.
 */
const char *tfu_case_names_of_pair(struct tfu_load *l, const struct tfu_sweep *s,
                                   const bool *differ, const struct tfu_selected *a,
                                   const struct tfu_selected *b);

#endif
