/* SPDX-License-Identifier: MIT
 *
 * roc.h - the points of an ROC curve. A row is called positive when its score is at least the
 * threshold.
 */
#ifndef TFU_PLUGINS_METRIC_ROC_H
#define TFU_PLUGINS_METRIC_ROC_H

#include "ranked.h"

struct roc_point {
    double threshold;   /* INFINITY: nothing is called positive */
    double sensitivity; /* share of the positives that are called so */
    double specificity; /* share of the negatives that are not */
};

/* A walk along the curve, from the lowest threshold, where all are called positive, to none. */
struct roc_walk {
    const struct ranked_row *r; /* sorted, with positives and negatives */
    int64_t n;
    struct ranked_counts count;
    struct ranked_tie tie;
    int ended;
};

/* The next point; 0 after the last. The sensitivity falls and the specificity rises. */
int roc_next(struct roc_walk *w, struct roc_point *p);

/* The best of the other that goes with at least `given` of the one. With `linear`, points between
 * those of the curve count too, as if one tossed a coin between two thresholds. */
double roc_sensitivity_at(const struct ranked_row *r, int64_t n, struct ranked_counts c,
                          double given, int linear);
double roc_specificity_at(const struct ranked_row *r, int64_t n, struct ranked_counts c,
                          double given, int linear);

#endif
