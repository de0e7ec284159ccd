/* SPDX-License-Identifier: MIT
 *
 * score_lines.h - the scores of a split in the order in which people read them: a line a number,
 * with its interval of 95 % where the metric reports one ("<key>.low", "<key>.high"), and a line a
 * class below it.
 */
#ifndef TFU_CORE_RUN_SCORE_LINES_H
#define TFU_CORE_RUN_SCORE_LINES_H

#include "core/train/evaluate.h"

struct tfu_score_line {
    const char *label; /* the key, or the class */
    char number[32];   /* the label of a class without a name */
    bool of_class;     /* of the number above */
    double value;      /* NaN: it has none */
    const char *why;   /* it has none; else NULL */
    double low, high;  /* NaN: there is no interval; of 95 % where the metric itself reports it */
    double drawn_low, drawn_high; /* by bootstrap, beside it */
    double share; /* of the draws, that the intervals by bootstrap have; NaN: there are none */
    double class_count; /* the value is a mean over so many; NaN: it is none */
};

/* To be freed; labels are borrowed from the scores, `class_names` (may be NULL, else has `classes`
 * names) and the lines themselves. */
enum tfu_status tfu_score_lines(struct tfu_score_line **out, size_t *count,
                                struct tfu_scores scores, const char *const *class_names,
                                int64_t classes, struct tfu_error *e);

#endif
