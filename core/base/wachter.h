/* SPDX-License-Identifier: MIT
 *
 * wachter.h - what canonical correlations of unrelated data come to.
 */
#ifndef TFU_CORE_BASE_WACHTER_H
#define TFU_CORE_BASE_WACHTER_H

#include <stdint.h>

/* The expected mean of the min(a, b) canonical correlations between independent Gaussian data of
 * ranks `a` and `b` with `rows` > max(a, b) degrees of freedom (data points less one when columns
 * are centred), for many rows: the squared correlations follow Wachter's distribution (Wachter
 * 1980, "The limiting empirical measure of multiple discriminant ratios"), with the share
 * (a + b - rows) / min(a, b) of them exactly 1 where that is positive. About
 * 0.85 sqrt(a / rows) for a = b much smaller than rows. */
double tfu_wachter_mean(int64_t a, int64_t b, int64_t rows);

#endif
