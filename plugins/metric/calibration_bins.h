/* SPDX-License-Identifier: MIT
 *
 * calibration_bins.h - rows in bins of their probability. A bin ends with its upper edge: (a, b];
 * the first takes 0 too, so that neither 0 nor 1 falls out.
 */
#ifndef TFU_PLUGINS_METRIC_CALIBRATION_BINS_H
#define TFU_PLUGINS_METRIC_CALIBRATION_BINS_H

#include "ranked.h"

enum { BINS_OF_WIDTH, BINS_OF_MASS };

struct bin {
    int64_t rows;
    double probability, observed; /* sums over the rows */
};

struct bins {
    int64_t count;
    int by_mass;
    double *edge; /* the upper one of each */
    struct bin *bin;
};

/* 0 without memory; to be freed then too. */
int bins_make(struct bins *b, int64_t count, int by_mass);
void bins_free(struct bins *b);
/* Sorts the rows, whose scores are probabilities, and puts them into the bins. Edges by mass are
 * the quantiles, interpolated between rows; equal probabilities are in one bin, so that bins can be
 * empty. */
void bins_fill(struct bins *b, struct ranked_row *r, int64_t n);

#endif
