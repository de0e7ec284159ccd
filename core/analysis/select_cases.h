/* SPDX-License-Identifier: MIT
 *
 * select_cases.h - networks that a study file names by the axes of its own cases:
 *
 *     {arch: cbr_tiny, start: [random, pretrained], seed: 0..2, state: initial}
 *
 * They come in the order of the sweep. One that is not done is a hole.
 */
#ifndef TFU_CORE_ANALYSIS_SELECT_CASES_H
#define TFU_CORE_ANALYSIS_SELECT_CASES_H

#include "core/analysis/selected.h"

/* Adds what the mapping `n` of axes selects, which stands at `path`; `s->sweep` is there. */
void tfu_select_cases(struct tfu_load *l, const char *path, const struct tfu_node *n,
                      const struct tfu_select_scope *s, struct tfu_selected *out);

/* The value of a case on an axis; "": it has none there. */
const char *tfu_case_value(const struct tfu_sweep *s, size_t item, size_t axis);

#endif
