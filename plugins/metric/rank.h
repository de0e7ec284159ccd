/* SPDX-License-Identifier: MIT
 *
 * rank.h - ranks, selection and correlation.
 */
#ifndef TFU_PLUGINS_METRIC_RANK_H
#define TFU_PLUGINS_METRIC_RANK_H

#include <stddef.h>
#include <stdint.h>

struct rank_item {
    double value;
    size_t index;
};

/* Replaces each value by its rank from 1, equal ones by the mean of their ranks. `room` holds n. */
void rank_values(double *value, size_t n, struct rank_item *room);

/* Pearson's correlation of two lists, neither of which is constant. */
double rank_correlation(const double *a, const double *b, size_t n);

/* The k-th largest of the `n`, k from 1. Changes their order. */
double rank_select(double *value, int64_t n, int64_t k);

#endif
