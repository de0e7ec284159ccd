/* SPDX-License-Identifier: MIT
 *
 * beta.h - shares from 0 to 1 drawn from a symmetric beta distribution: a / (a + b) of two numbers
 * of the gamma distribution (Marsaglia and Tsang, "A simple method for generating gamma variables",
 * 2000), in logarithms, so that none is lost where both are close to 0.
 */
#ifndef TFU_PLUGINS_TRANSFORM_BETA_H
#define TFU_PLUGINS_TRANSFORM_BETA_H

#include "draw.h"
#include "exact.h"

/* Uniform in (0, 1), neither of them. */
static inline double beta_open_unit(struct draw *d)
{
    const struct tfu_random_block b = tfu_philox(d->key, d->counter++);
    return ((double)b.word[0] + 0.5) / 4294967296.0;
}

/* The logarithm of a number of the gamma distribution with this shape. Below 1 it is one of shape
 * + 1 times a uniform number to the power of 1 / shape. */
static inline double beta_log_gamma(struct draw *d, double shape)
{
    const double more = shape < 1 ? exact_log(beta_open_unit(d)) / shape : 0;
    const double c = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
    for (;;) {
        const double z = exact_normal(beta_open_unit(d));
        const double root = 1 + z / sqrt(9 * c), cube = root * root * root;
        if (root > 0 &&
            exact_log(beta_open_unit(d)) < z * z / 2 + c - c * cube + c * exact_log(cube))
            return exact_log(c * cube) + more;
    }
}

/* Both shapes are `alpha`: 1 is uniform, below it shares are mostly close to 0 or 1. */
static inline double beta_draw(struct draw *d, double alpha)
{
    const double a = beta_log_gamma(d, alpha), b = beta_log_gamma(d, alpha);
    return 1 / (1 + exact_exp(fmin(fmax(b - a, -700), 700)));
}

#endif
