/* SPDX-License-Identifier: MIT
 *
 * delong.h - the area under one ROC curve and its standard error.
 *
 * The area is the share of pairs of a positive and a negative in which the positive scores higher,
 * ties counting a half. The error is that of DeLong, DeLong and Clarke-Pearson, "Comparing the
 * areas under two or more correlated receiver operating characteristic curves", Biometrics 1988, in
 * O(n log n) as in Sun and Xu, IEEE Signal Processing Letters 2014.
 */
#ifndef TFU_PLUGINS_METRIC_DELONG_H
#define TFU_PLUGINS_METRIC_DELONG_H

#include "ranked.h"

struct delong_area {
    int64_t positives, negatives;
    double value; /* NaN without a positive or without a negative */
    double error; /* NaN with fewer than two of either */
};

/* Sorts `r`. Where there is an error, adds to component[r[i].row] that example's structural
 * component, centred and scaled so that the squares of all sum up to error^2: sums of components of
 * several areas over the same examples then give the error of the sum of the areas. */
struct delong_area delong(struct ranked_row *r, int64_t n, double *component);

#endif
