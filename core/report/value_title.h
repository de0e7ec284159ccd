/* SPDX-License-Identifier: MIT
 *
 * value_title.h - what a reader is told that a number is. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_VALUE_TITLE_H
#define TFU_CORE_REPORT_VALUE_TITLE_H

#include "core/report/build_parts.h"

/* "AUC" where `names` says so of test/auc; "test/auc of Edema" of test/auc.class.3 where all of the
 * chosen cases (NULL: all that there are) call that class so; else the number's own text. The
 * report's; NULL after an error. */
const char *tfu_report_value_title(struct tfu_report_builder *b, const char *value,
                                   const bool *chosen, struct tfu_error *e);

#endif
