/* SPDX-License-Identifier: MIT
 *
 * lbfgs.h - the minimum of a convex function by limited-memory BFGS (Nocedal and Wright, "Numerical
 * Optimization", algorithm 7.5).
 */
#ifndef TFU_PLUGINS_METRIC_LBFGS_H
#define TFU_PLUGINS_METRIC_LBFGS_H

#include <stdint.h>

struct lbfgs {
    int64_t n;
    /* The function at `x`, and its gradient there. */
    double (*value)(void *arg, const double *x, double *gradient);
    void *arg;
    double tolerance;   /* the largest component of the gradient at which it is done */
    int64_t iterations; /* at most */
};

enum lbfgs_end { LBFGS_CONVERGED, LBFGS_STOPPED, LBFGS_NO_MEMORY };

/* From `x` to the minimum, or as far as it came. */
enum lbfgs_end lbfgs_minimize(const struct lbfgs *f, double *x);

#endif
