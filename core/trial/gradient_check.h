/* SPDX-License-Identifier: MIT
 *
 * gradient_check.h - a layer's backward() against finite differences of its forward(), in double
 * where the layer takes it.
 */
#ifndef TFU_CORE_TRIAL_GRADIENT_CHECK_H
#define TFU_CORE_TRIAL_GRADIENT_CHECK_H

#include "core/trial/trial.h"

struct tfu_gradient_difference {
    char tensor[64];  /* "in[0]", "weight" */
    int64_t elements; /* differentiated, in all tensors together */
    /* The largest |backward - finite difference|, relative to the largest magnitude in that
     * tensor's gradient (to 1 when that is 0); `value` is backward's, `truth` the other's. */
    struct tfu_difference worst;
    /* How many elements are off by more than half a percent of themselves, where that is more than
     * rounding makes it, and the first of them: a small branch that is wrong is small beside the
     * largest. */
    int64_t off;
    char off_tensor[64];
    struct tfu_difference off_first;
};

/* Differentiates loss = sum(out * w), w random and fixed, by every element of every input and every
 * trained parameter; by a random `sample` of each tensor when that is not 0 and less. Central
 * differences with one step of Richardson's extrapolation: error O(h^4). Steps stay below half the
 * distance between inputs, so that a kink where two of them are equal or one is 0 is never crossed.
 * The request is run in float64 with training set, whatever it says; in float32, with larger steps,
 * for a layer that takes nothing else. */
enum tfu_status tfu_gradient_check(const struct tfu_trial_request *request, int64_t sample,
                                   struct tfu_gradient_difference *out, struct tfu_error *e);

#endif
