/* SPDX-License-Identifier: MIT
 *
 * ranks.h - values in ascending order, and their ranks.
 */
#ifndef TFU_CORE_BASE_RANKS_H
#define TFU_CORE_BASE_RANKS_H

#include <stddef.h>

struct tfu_ranked {
    double value; /* not NaN */
    size_t index; /* where it is from */
};

/* Ascending; equal values stay in the order of their index, in which `ranked` comes. */
void tfu_ranked_sort(struct tfu_ranked *ranked, size_t n);
/* ranked[0..n-1]: x[0..n-1], sorted so. */
void tfu_ranked_take(const double *x, size_t n, struct tfu_ranked *ranked);
/* Where the run of equal values that begins at `begin` ends. */
size_t tfu_ranked_end(const struct tfu_ranked *ranked, size_t n, size_t begin);
/* rank[index] from 1; equal values share the mean of their places. */
void tfu_ranked_share(const struct tfu_ranked *ranked, size_t n, double *rank);

#endif
