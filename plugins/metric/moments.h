/* SPDX-License-Identifier: MIT
 *
 * moments.h - questions to the moments of two sides (covariance.h).
 */
#ifndef TFU_PLUGINS_METRIC_MOMENTS_H
#define TFU_PLUGINS_METRIC_MOMENTS_H

#include "covariance.h"

/* What is left of the scatter of a constant channel is rounding: it becomes 0. */
void moments_clear_constants(struct moments *m);

/* Scatter of channel i of side `a` (0 or 1) with channel j of side `b`. */
double moments_scatter(const struct moments *m, int a, int64_t i, int b, int64_t j);

/* The sum of squares of the first `channels` of a side, centred. */
double moments_trace(const struct moments *m, int side, int64_t channels);

#endif
