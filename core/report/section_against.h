/* SPDX-License-Identifier: MIT
 *
 * section_against.h - reads which cells of a table the others are held against. Private to this
 * folder.
 */
#ifndef TFU_CORE_REPORT_SECTION_AGAINST_H
#define TFU_CORE_REPORT_SECTION_AGAINST_H

#include "core/report/section_reader.h"

/* `{AXIS: VALUE}`, an axis of the rows or columns of `ask`, which has them already. `at` NULL: it
 * is missing, at `m`. */
void tfu_report_against_read(struct tfu_section_reader *r, const char *path,
                             const struct tfu_node *at, struct tfu_mark m,
                             const struct tfu_report_ask *ask, struct tfu_report_against *out);
/* The keys of what a table shows beside its numbers: `difference`, `ratio`. Behind
 * tfu_report_choose(). */
void tfu_report_derived_read(struct tfu_section_reader *r, const char *path,
                             const struct tfu_node *n, struct tfu_report_ask *ask);

#endif
