/* SPDX-License-Identifier: MIT
 *
 * table_test.h - the tests of a table: each cell against the one that has another value on one
 * axis. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_TABLE_TEST_H
#define TFU_CORE_REPORT_TABLE_TEST_H

#include "core/report/build_parts.h"
#include "core/report/table_pairs.h"

/* Tests all pairs and corrects for how many there are. `notes` gets what has no test, and why, a
 * line each; `caption` which test it is. */
enum tfu_status tfu_report_test_table(struct tfu_report_builder *b,
                                      const struct tfu_report_ask *ask,
                                      const struct tfu_report_pair *pair, size_t pairs,
                                      struct tfu_text *notes, struct tfu_text *caption,
                                      struct tfu_error *e);

#endif
