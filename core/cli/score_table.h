/* SPDX-License-Identifier: MIT
 *
 * score_table.h - the scores of a split as a table for the terminal: core/run/score_lines.h.
 */
#ifndef TFU_CORE_CLI_SCORE_TABLE_H
#define TFU_CORE_CLI_SCORE_TABLE_H

#include <stdio.h>

#include "core/train/evaluate.h"

/* `class_names` (may be NULL) has `classes` names. */
enum tfu_status tfu_score_table_print(FILE *out, struct tfu_scores scores,
                                      const char *const *class_names, int64_t classes,
                                      struct tfu_error *e);

#endif
