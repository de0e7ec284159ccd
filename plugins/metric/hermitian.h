/* SPDX-License-Identifier: MIT
 *
 * hermitian.h - means and scatters of complex rows that come one by one, for each of many
 * frequencies: blocks of rows are joined as in Chan, Golub, LeVeque, "Algorithms for Computing the
 * Sample Variance" (1983), so that nothing cancels and the same rows give the same bits however
 * they were cut into batches.
 */
#ifndef TFU_PLUGINS_METRIC_HERMITIAN_H
#define TFU_PLUGINS_METRIC_HERMITIAN_H

#include <stdbool.h>

#include "covariance.h"

enum { HERMITIAN_BLOCK = 32 }; /* rows */

/* A row at a frequency is `columns` real parts, then as many imaginary ones. */
struct hermitian {
    int64_t frequencies, columns;
    int64_t rows; /* summed */
    double *mean; /* frequency: a row */
    double *even; /* frequency: upper triangle of the real part of (x - mean)^H (x - mean) */
    double
        *mixed; /* frequency: re' im of x - mean; the imaginary part is this less its transpose */
    double *block; /* frequency: HERMITIAN_BLOCK rows that are not summed yet, and one of scratch */
    int64_t in_block;
};

/* Bytes that hermitian_make() takes. */
double hermitian_bytes(int64_t frequencies, int64_t columns);
/* False: out of memory. To be freed in any case. */
bool hermitian_make(struct hermitian *s, int64_t frequencies, int64_t columns);
void hermitian_free(struct hermitian *s);

/* Where to write row `row` of the block at the first frequency; hermitian_stride() numbers on is
 * the second one. hermitian_add() then takes in `rows` of them, at most what there was room for. */
double *hermitian_row(const struct hermitian *s, int64_t row);
int64_t hermitian_stride(const struct hermitian *s);
void hermitian_add(struct hermitian *s, int64_t rows, struct tfu_metric_host *h);
/* Sums what is in the block. */
void hermitian_flush(struct hermitian *s, struct tfu_metric_host *h);

/* The scatter H = P + iQ at a frequency as that of real columns, [P -Q; Q P]: the first `split`
 * columns are side a, the others b, real parts before imaginary ones on each side. All singular
 * values of such a matrix are those of the complex one, each twice. The block is to be empty;
 * `out` has its arrays. */
void hermitian_moments(const struct hermitian *s, int64_t frequency, int64_t split,
                       struct moments *out);

#endif
