/* SPDX-License-Identifier: MIT
 *
 * scores.h - what studies that score networks on a split of their data share.
 */
#ifndef TFU_CORE_ANALYSIS_SCORES_H
#define TFU_CORE_ANALYSIS_SCORES_H

#include "core/analysis/context.h"
#include "core/result/result.h"
#include "core/study/assess.h"

/* An assessor of the network on the split of the options, which shows its progress. */
enum tfu_status tfu_scores_open(struct tfu_assessor **out, struct tfu_analysis_context *c,
                                const struct tfu_subject *s, struct tfu_error *e);

/* Examples of the assessor's split. */
int64_t tfu_scores_examples(const struct tfu_assessor *a);
/* "test data, 30 examples"; as long as the result. */
const char *tfu_scores_data(struct tfu_result *out, const struct tfu_assessor *a);

/* A table with the columns `first`, then one for each of the measures, with four digits for people.
 */
struct tfu_result_table *tfu_scores_table(struct tfu_result *out, const char *name, uint32_t uses,
                                          const struct tfu_column *first, size_t first_count,
                                          const struct tfu_measure *measure, size_t measures);
/* A cell for each, with the reason where there is no value. */
void tfu_scores_put(struct tfu_result_table *t, const struct tfu_measure *measure, size_t count);
/* "  auc n/a: 0 positives": a line for each reason why a measure has no value. */
void tfu_scores_say_reasons(struct tfu_result *out, const struct tfu_measure *measure,
                            size_t count);

#endif
