/* SPDX-License-Identifier: MIT
 *
 * table_derived.h - numbers of a table that follow from two of its cells: difference and ratio of
 * runs that belong together. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_TABLE_DERIVED_H
#define TFU_CORE_REPORT_TABLE_DERIVED_H

#include "core/report/table_grid.h"

/* Fills `derived` of a grid that has its numbers, says in its caption what they are, and in its
 * notes which pairs are missing. */
enum tfu_status tfu_report_derive(struct tfu_report_grid *g, struct tfu_error *e);
/* "difference to random", "difference of test/auc to random"; `key`: as the study file calls them,
 * "difference of test/auc to start=random". The arena's; NULL when memory ran out. */
const char *tfu_report_derived_head(const struct tfu_report_grid *g,
                                    enum tfu_report_derivation kind, size_t value, bool key);

#endif
