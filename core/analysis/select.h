/* SPDX-License-Identifier: MIT
 *
 * select.h - networks as a study file names them, found:
 *
 *     runs/target/3fa2e1
 *     target/??*
 *     {runs: target/??*, where: {arch.plugin: cbr_tiny, seed: [1, 2]}, state: initial}
 *     {start: random, seed: [0, 1], state: initial}      cases of the file itself (select_cases.h)
 *     [a, list, of, these]
 *
 * A network is written as core/study/find.h has it: a path, an id or a pattern; each of these
 * beside the file or in `store`. What a pattern finds comes in the order of the runs' seeds.
 */
#ifndef TFU_CORE_ANALYSIS_SELECT_H
#define TFU_CORE_ANALYSIS_SELECT_H

#include "core/analysis/selected.h"

/* Finds what `n` selects, which stands at `path`. What is wrong, and what nothing fits, becomes
 * findings. */
void tfu_select_networks(struct tfu_load *l, const char *path, const struct tfu_node *n,
                         const struct tfu_select_scope *s, struct tfu_selected *out);

#endif
