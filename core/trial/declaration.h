/* SPDX-License-Identifier: MIT
 *
 * declaration.h - what a layer declares for given shapes and attributes, outside any graph.
 */
#ifndef TFU_CORE_TRIAL_DECLARATION_H
#define TFU_CORE_TRIAL_DECLARATION_H

#include "core/base/error.h"

#include <transfuse/layer.h>

enum { TFU_DECLARATION_MAX = 16 }; /* attributes, inputs, parameters and states, each */

struct tfu_declared_param {
    char suffix[48];
    enum tfu_role role;
    struct tfu_shape shape;
    int64_t fan_in, fan_out;
};
struct tfu_declared_state {
    uint32_t dtype;
    int per_row;
    struct tfu_shape shape;
};

struct tfu_declaration {
    const struct tfu_layer_ops *layer;
    struct tfu_attr attr[TFU_DECLARATION_MAX]; /* all of the layer's, in its table's order */
    uint32_t attr_count;
    struct tfu_shape out;
    struct tfu_declared_param param[TFU_DECLARATION_MAX];
    uint32_t param_count;
    struct tfu_declared_state state[TFU_DECLARATION_MAX];
    uint32_t state_count;
};

/* Completes the attributes with their defaults, checks them against the layer's table and the
 * number of inputs, and asks infer(). The layer's own words when it refuses. */
enum tfu_status tfu_declaration_make(struct tfu_declaration *out, const char *op,
                                     const struct tfu_layer_ops *layer, const struct tfu_shape *in,
                                     uint32_t n_in, const struct tfu_attr *attr,
                                     uint32_t attr_count, struct tfu_error *e);

#endif
