/* SPDX-License-Identifier: MIT
 *
 * percentiles.h - the interval of a bootstrap: what lies in the middle of the draws (Efron,
 * "Bootstrap methods: another look at the jackknife", Annals of Statistics 1979).
 */
#ifndef TFU_CORE_STATS_PERCENTILES_H
#define TFU_CORE_STATS_PERCENTILES_H

#include <stdint.h>

struct tfu_percentiles {
    double low, high;  /* NaN: fewer than half of the draws have a number */
    int64_t undefined; /* draws that have none (NaN) */
};

/* Puts `value` into another order. Quantiles are linear between neighbours. */
struct tfu_percentiles tfu_percentiles_take(double *value, int64_t draws, double level);

#endif
