/* SPDX-License-Identifier: MIT
 *
 * ranked.h - rows in the order of a score, in runs of equal ones. What ranks, counts or sweeps a
 * threshold goes from run to run: rows of one score have no order among themselves.
 */
#ifndef TFU_PLUGINS_METRIC_RANKED_H
#define TFU_PLUGINS_METRIC_RANKED_H

#include <stdint.h>

struct ranked_row {
    double score;
    int32_t positive;
    int64_t row; /* where it is from */
};

/* A run of equal scores, and what scores below it. */
struct ranked_tie {
    int64_t begin, end;
    int64_t positives, negatives;
    int64_t positives_below, negatives_below;
};

/* From the lowest score up, of rows in their order; equal ones stay in it. No score is NaN. */
void ranked_sort(struct ranked_row *r, int64_t n);

/* The first run of sorted rows when `t` is all 0, then the next one; 0 after the last, and `t` then
 * has all rows below it. */
int ranked_next(const struct ranked_row *r, int64_t n, struct ranked_tie *t);

/* How many positives and negatives there are. */
struct ranked_counts {
    int64_t positives, negatives;
};
struct ranked_counts ranked_count(const struct ranked_row *r, int64_t n);
/* Why there is no curve: "0 positives", "0 negatives", "no known labels"; NULL: there is one. */
const char *ranked_shortage(struct ranked_counts c);

#endif
