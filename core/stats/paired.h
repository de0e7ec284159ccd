/* SPDX-License-Identifier: MIT
 *
 * paired.h - differences of what two sides measured in the same seeds or splits, for t_test.h,
 * wilcoxon.h and sign_flip.h.
 */
#ifndef TFU_CORE_STATS_PAIRED_H
#define TFU_CORE_STATS_PAIRED_H

#include <stdint.h>

/* difference[i] = a[i] - b[i], rounded to the grid of 2^-44 of the largest magnitude among `a` and
 * `b` (13 digits): 0.9 - 0.8 and 0.8 - 0.7 are the same then, as whoever wrote them means, and tie.
 * NaN and infinite values pass through. */
void tfu_paired_differences(const double *a, const double *b, int64_t n, double *difference);

#endif
