/* SPDX-License-Identifier: MIT
 *
 * select_values.h - which values selected networks have.
 */
#ifndef TFU_CORE_ANALYSIS_SELECT_VALUES_H
#define TFU_CORE_ANALYSIS_SELECT_VALUES_H

#include "core/analysis/selected.h"

/* The values that the found runs have under a key, each once, in order. */
void tfu_select_values(struct tfu_load *l, const struct tfu_selected *s, const char *key,
                       const char ***value, size_t *count);

#endif
