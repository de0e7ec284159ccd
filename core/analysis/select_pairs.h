/* SPDX-License-Identifier: MIT
 *
 * select_pairs.h - which network of one side of a line goes with which of the other:
 *
 *     pair_by: [arch]       the two are alike on these axes, of runs under these keys,
 *     pair_across: [seed]   and differ on these
 */
#ifndef TFU_CORE_ANALYSIS_SELECT_PAIRS_H
#define TFU_CORE_ANALYSIS_SELECT_PAIRS_H

#include "core/analysis/selected.h"

/* Puts the networks of `b` into such an order that b[i] goes with a[i], as `pair_by` and
 * `pair_across` of the mapping `line`, one of which is there, have it. With pair_by alone each of
 * `a` has to have exactly one partner. With pair_across those of `a` that are alike go with as many
 * of `b`, in turn: the first of `a` with the second of `b`, the last with the first; where both
 * sides have the two of a pair, it is left in each of them once. What cannot be paired is a
 * finding. */
void tfu_select_pair(struct tfu_load *l, const char *path, const struct tfu_node *line,
                     const struct tfu_select_scope *s, struct tfu_selected *a,
                     struct tfu_selected *b);

#endif
