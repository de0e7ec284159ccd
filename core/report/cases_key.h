/* SPDX-License-Identifier: MIT
 *
 * cases_key.h - what the configurations of runs have under a key. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_CASES_KEY_H
#define TFU_CORE_REPORT_CASES_KEY_H

#include "core/index/column.h"
#include "core/report/cases.h"

/* NULL: no run has it, or it is not known. */
const struct tfu_index_column *tfu_report_cases_key(const struct tfu_report_cases *c,
                                                    const char *key);
/* "" where the run has nothing. */
const char *tfu_report_cases_key_text(const struct tfu_index_column *column, size_t row);

#endif
