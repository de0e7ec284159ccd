/* SPDX-License-Identifier: MIT
 *
 * tap.h - the captured activations of a batch, checked and in double, for the metrics that look at
 * them.
 */
#ifndef TFU_PLUGINS_METRIC_TAP_H
#define TFU_PLUGINS_METRIC_TAP_H

#include <transfuse/metric.h>

/* Asks for all nodes of "a" and, for a metric that compares, of "b". */
enum tfu_status tap_want(struct tfu_metric_host *h, int compares);

/* The batch's tap of `source`; refused when there is none. */
enum tfu_status tap_find(struct tfu_metric_host *h, const struct tfu_batch *b, const char *source,
                         const struct tfu_tap **out);

/* The batch's matrix of `source`; refused when there is none, or none of rows x channels. */
enum tfu_status tap_matrix(struct tfu_metric_host *h, const struct tfu_batch *b, const char *source,
                           const struct tfu_tap **out);

/* Larger numbers are refused: above it, sums of fourth powers (squares of covariances) come near
 * the largest double. */
#define TAP_LARGEST 1e60

/* Refuses a number that is not finite, or too large, by node, row and column, and a tap that is
 * neither float32 nor float64; `before` rows came earlier. */
enum tfu_status tap_check(struct tfu_metric_host *h, const struct tfu_tap *tap, int64_t before);

/* All numbers of a tap in double, checked. */
enum tfu_status tap_read(struct tfu_metric_host *h, const struct tfu_tap *tap, int64_t before,
                         double *out);

#endif
