/* SPDX-License-Identifier: MIT
 *
 * cases.h - shapes that every implementation of a core layer is tried with: odd ones, and those of
 * real networks.
 */
#ifndef TFU_CORE_TRIAL_CASES_H
#define TFU_CORE_TRIAL_CASES_H

#include "core/trial/trial.h"

enum { TFU_LAYER_CASE_INPUTS = 4, TFU_LAYER_CASE_ATTRS = 9 };

struct tfu_layer_case {
    const char *op, *label;
    bool real; /* of a real network: slower */
    uint32_t n_in, attr_count;
    struct tfu_shape in[TFU_LAYER_CASE_INPUTS];
    struct tfu_attr attr[TFU_LAYER_CASE_ATTRS];
};

extern const struct tfu_layer_case tfu_layer_cases[];
extern const size_t tfu_layer_case_count;

/* A request for a trial of a case; the rest of its fields are 0. It points into `c`. */
struct tfu_trial_request tfu_layer_case_request(const struct tfu_layer_case *c, uint32_t dtype,
                                                bool training, uint64_t seed);

#endif
