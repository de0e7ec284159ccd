/* SPDX-License-Identifier: MIT
 *
 * score_text.h - the scores of a split as a table for the terminal: core/run/score_lines.h.
 */
#ifndef TFU_CORE_RUN_SCORE_TEXT_H
#define TFU_CORE_RUN_SCORE_TEXT_H

#include "core/train/evaluate.h"

/* `class_names` (may be NULL) has `classes` names. */
enum tfu_status tfu_score_text(struct tfu_text *out, struct tfu_scores scores,
                               const char *const *class_names, int64_t classes,
                               struct tfu_error *e);

#endif
