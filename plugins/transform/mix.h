/* SPDX-License-Identifier: MIT
 *
 * mix.h - what transforms that mix two images of a batch have in common: shares of a beta
 * distribution, and nothing to do for an example alone.
 */
#ifndef TFU_PLUGINS_TRANSFORM_MIX_H
#define TFU_PLUGINS_TRANSFORM_MIX_H

#include "beta.h"
#include "take.h"

struct mix_config {
    double alpha, p;
};

#define OPT_ALPHA(otherwise)                                                                       \
    TFU_OPT_FLOAT(struct mix_config, alpha, otherwise, 0.01, 100,                                  \
                  "both parameters of the beta distribution of shares: 1 is uniform, below it "    \
                  "one of two images mostly prevails")

static inline enum tfu_status mix_alone(const void *self, struct tfu_example *x,
                                        struct tfu_example_host *h)
{
    (void)self, (void)x, (void)h;
    return TFU_OK;
}

#endif
