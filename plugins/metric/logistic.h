/* SPDX-License-Identifier: MIT
 *
 * logistic.h - logistic regression with an L2 penalty: the minimum over W and b of
 *     sum over rows of -log p(label | row) + l2 / 2 |W|^2,
 * p a softmax over W x + b; of one output, a sigmoid. The intercepts b are free. This is
 * scikit-learn's with C = 1 / l2.
 */
#ifndef TFU_PLUGINS_METRIC_LOGISTIC_H
#define TFU_PLUGINS_METRIC_LOGISTIC_H

#include <transfuse/metric.h>

struct logistic {
    int64_t rows, columns;
    const double *x;      /* rows x columns */
    const int32_t *label; /* of each row: a class; of one output 0 or 1; -1: left out */
    int64_t outputs;
    double l2;
    double tolerance; /* of the gradient, for each row */
    int64_t iterations;
};

/* Fits `weight`, outputs x (columns + 1), the intercept last in each; `*converged` 0 or 1. */
enum tfu_status logistic_fit(const struct logistic *l, double *weight, int *converged,
                             struct tfu_metric_host *h);

#endif
