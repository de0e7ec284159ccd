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
/* What a scorer came to, behind what it has `said` while it looked: its reports, or its refusal.
 * That memory ran out is no refusal but an error. */
enum tfu_status tfu_compare_conclude(struct tfu_arena *arena, struct tfu_compare_draw *to,
                                     struct tfu_scorer *scorer, struct tfu_error *said,
                                     struct tfu_error *e);
/* The first refusal as an error, when there is nothing else in the comparison. */
enum tfu_status tfu_compare_all_refused(const struct tfu_comparison *c, struct tfu_error *e);

#endif
