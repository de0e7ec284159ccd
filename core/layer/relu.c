/* SPDX-License-Identifier: MIT
 *
 * relu.c - max(x, 0). Not-a-number stays what it is.
 */
#include "core/layer/layer.h"
#include "core/layer/size.h"

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    return tfu_size_output(h, *in[0]);
}

static enum tfu_status forward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const double *x = call->in[0]->data;
    double *out = call->out->data;
    for (int64_t i = 0; i < tfu_size_in(call); i++)
        out[i] = x[i] < 0 ? 0 : x[i];
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const double *out = call->out->data, *g = call->grad_out->data;
    double *grad_x = call->grad_in[0]->data;
    if (!grad_x)
        return TFU_OK;
    for (int64_t i = 0; i < tfu_size_in(call); i++)
        grad_x[i] = out[i] <= 0 ? 0 : g[i];
    return TFU_OK;
}

const struct tfu_layer_ops tfu_layer_relu = {
    TFU_LAYER_HEADER,     .keeps = TFU_KEEPS_OUTPUT | TFU_IN_PLACE,
    .min_inputs = 1,      .max_inputs = 1,
    .infer = infer,       .forward = forward,
    .backward = backward,
};
