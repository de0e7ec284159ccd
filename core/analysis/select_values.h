/* SPDX-License-Identifier: MIT
 *
 * select_values.h - selected networks by values that they have: which there are, and pairs of equal
 * ones.
 */
#ifndef TFU_CORE_ANALYSIS_SELECT_VALUES_H
#define TFU_CORE_ANALYSIS_SELECT_VALUES_H

#include "core/analysis/selected.h"

/* The values that the found runs have under a key, each once, in order. */
void tfu_select_values(struct tfu_load *l, const struct tfu_selected *s, const char *key,
                       const char ***value, size_t *count);

/* Puts the networks of `b` into such an order that b[i] has the values of a[i] under all keys of
 * the list `by`; only those of which each has exactly one partner. Else a finding. Of cases these
 * are axes. */
void tfu_select_pair(struct tfu_load *l, const char *path, const struct tfu_node *by,
                     const struct tfu_select_scope *s, const struct tfu_selected *a,
                     struct tfu_selected *b);

#endif
