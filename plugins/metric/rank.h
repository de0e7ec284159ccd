/* SPDX-License-Identifier: MIT
 *
 * rank.h - ranks and correlation.
 */
#ifndef METRIC_RANK_H
#define METRIC_RANK_H

#include <stddef.h>

struct rank_item {
    double value;
    size_t index;
};

/* Replaces each value by its rank from 1, equal ones by the mean of their ranks. `room` holds n. */
void rank_values(double *value, size_t n, struct rank_item *room);

/* Pearson's correlation of two lists, neither of which is constant. */
double rank_correlation(const double *a, const double *b, size_t n);

#endif
