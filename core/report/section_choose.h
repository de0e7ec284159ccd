/* SPDX-License-Identifier: MIT
 *
 * section_choose.h - which cases a table or a figure is over: `where`, and `runs` in a file without
 * cases. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_SECTION_CHOOSE_H
#define TFU_CORE_REPORT_SECTION_CHOOSE_H

#include "core/report/section_ask.h"

/* Fills `chosen` and `count` from the keys of the mapping `n`. */
void tfu_report_choose(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                       struct tfu_report_ask *ask);
/* Would a mean be over cases that differ in more than it is said to be over? */
void tfu_report_choose_check(struct tfu_section_reader *r, const char *path,
                             const struct tfu_report_ask *ask);

#endif
