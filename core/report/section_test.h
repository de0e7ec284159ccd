/* SPDX-License-Identifier: MIT
 *
 * section_test.h - reads `test` of a table: which test, against what. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_SECTION_TEST_H
#define TFU_CORE_REPORT_SECTION_TEST_H

#include "core/report/section_reader.h"

/* `n` is the table's mapping; its axes and values are read already. */
void tfu_section_test_read(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                           struct tfu_report_ask *ask);

#endif
