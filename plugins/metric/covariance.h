/* SPDX-License-Identifier: MIT
 *
 * covariance.h - sums, squares and products of the columns of one or two matrices whose rows come
 * in batches, in double precision.
 *
 * Rows are gathered into blocks of a fixed size, so that the same rows give the same bits however
 * they were cut into batches. Everything is summed around a provisional mean (that of the first
 * block), which keeps the cancellation of naive sums away; see Chan, Golub, LeVeque, "Algorithms
 * for Computing the Sample Variance" (1983).
 */
#ifndef TFU_PLUGINS_METRIC_COVARIANCE_H
#define TFU_PLUGINS_METRIC_COVARIANCE_H

#include <stdbool.h>

#include <transfuse/metric.h>

struct covariance {
    int64_t columns[2]; /* of a and of b, 0 until the first batch; b has 0 when there is only a */
    int64_t rows;
    double *shift;   /* columns: the provisional mean */
    double *sum;     /* columns, of x - shift */
    double *product; /* columns x columns, upper triangle: of (x - shift)' (x - shift) */
    double *block;   /* rows that are not summed yet, as they came */
    int64_t in_block;
};

/* The moments of all rows so far. */
struct moments {
    int64_t rows;
    int64_t columns[2];
    double *mean;    /* of a, then of b */
    double *scatter; /* (a b)' (a b) around the mean, full symmetric; / (rows - 1): covariance */
};

void covariance_free(struct covariance *c);
/* Back to no rows and unknown columns. */
void covariance_reset(struct covariance *c);
/* Rows of tap "a" and, when the batch has one, of tap "b": matrices of float32 or float64. What
 * tap_check() refuses, and columns other than before, are refused. */
enum tfu_status covariance_update(struct covariance *c, const struct tfu_batch *b,
                                  struct tfu_metric_host *h);
/* `out` is to be freed; `c` goes on as before. */
enum tfu_status covariance_moments(const struct covariance *c, struct moments *out,
                                   struct tfu_metric_host *h);
void moments_free(struct moments *m);

/* Scatter of a with a, b with b, a with b: a copy of `rows` x `columns` numbers into `to`. */
void moments_part(const struct moments *m, int row_side, int column_side, double *to);

#endif
