/* SPDX-License-Identifier: MIT
 *
 * add.c - x + y of the same shape.
 */
#include <string.h>

#include "core/layer/layer.h"
#include "core/layer/size.h"

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    char first[TFU_SHAPE_TEXT], second[TFU_SHAPE_TEXT];
    if (!tfu_shape_equal(in[0], in[1]))
        return h->fail(h, TFU_ESHAPE,
                       "add takes two inputs of the same shape, but they are %s and %s",
                       tfu_shape_text(in[0], first), tfu_shape_text(in[1], second));
    return tfu_size_output(h, *in[0]);
}

static enum tfu_status forward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const double *x = call->in[0]->data, *y = call->in[1]->data;
    double *out = call->out->data;
    for (int64_t i = 0; i < tfu_size_in(call); i++)
        out[i] = x[i] + y[i];
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    for (uint32_t i = 0; i < call->n_in; i++)
        if (call->grad_in[i]->data)
            memcpy(call->grad_in[i]->data, call->grad_out->data,
                   (size_t)tfu_size_in(call) * sizeof(double));
    return TFU_OK;
}

const struct tfu_layer_ops tfu_layer_add = {
    TFU_LAYER_HEADER, .min_inputs = 2,    .max_inputs = 2,
    .infer = infer,   .forward = forward, .backward = backward,
};
