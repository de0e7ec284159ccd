/* SPDX-License-Identifier: MIT
 *
 * score_table.h - the scores of a split as a table: a line a number, with its interval of 95 %
 * where the metric reports one ("<key>.low", "<key>.high"), and a line a class below it.
 */
#ifndef TFU_CORE_CLI_SCORE_TABLE_H
#define TFU_CORE_CLI_SCORE_TABLE_H

#include <stdio.h>

#include "core/train/evaluate.h"

/* `class_names` (may be NULL) has `classes` names. */
void tfu_score_table_print(FILE *out, struct tfu_scores scores, const char *const *class_names,
                           int64_t classes);

#endif
