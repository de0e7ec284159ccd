/* SPDX-License-Identifier: MIT
 *
 * compare_scores.h - what comparisons of activations and of parameters share: an instance of the
 * metric, and its reports on their way into a comparison.
 */
#ifndef TFU_CORE_STUDY_COMPARE_SCORES_H
#define TFU_CORE_STUDY_COMPARE_SCORES_H

#include "core/study/compare.h"

enum tfu_status tfu_compare_scorer(struct tfu_scorer **out, const struct tfu_compare_request *r,
                                   struct tfu_error *e);
/* Copies the reports of a finished scorer, but not the items of series. */
enum tfu_status tfu_compare_keep(struct tfu_arena *arena, struct tfu_compare_draw *to,
                                 const struct tfu_score *score, size_t count, struct tfu_error *e);
/* The first refusal as an error, when there is nothing else in the comparison. */
enum tfu_status tfu_compare_all_refused(const struct tfu_comparison *c, struct tfu_error *e);

#endif
