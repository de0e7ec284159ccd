/* SPDX-License-Identifier: MIT
 *
 * table_pairs.h - two cells of a table, and which of their runs belong together. Private to this
 * folder.
 */
#ifndef TFU_CORE_REPORT_TABLE_PAIRS_H
#define TFU_CORE_REPORT_TABLE_PAIRS_H

#include "core/report/cases_value.h"
#include "core/report/report.h"

enum { TFU_REPORT_WHY = 600 }; /* why a test has no p */

/* Two cells. */
struct tfu_report_pair {
    struct tfu_report_number *number; /* gets the test */
    const char *name;                 /* of the cell, for notes */
    const struct tfu_report_series *series;
    const size_t *item, *other; /* their cases */
    size_t items, others;
};

/* The case among `other` that has what `item` has on all axes of `over`; TFU_REPORT_NONE: there is
 * none. */
size_t tfu_report_partner(const struct tfu_report_cases *c, const struct tfu_report_axes *over,
                          size_t item, const size_t *other, size_t others);
/* a[i] goes with b[i]: the cases of both cells that have a number and are alike on `over`. Returns
 * how many; room for p->items. */
size_t tfu_report_pairs(const struct tfu_report_cases *c, const struct tfu_report_axes *over,
                        const struct tfu_report_pair *p, size_t *a, size_t *b);

#endif
