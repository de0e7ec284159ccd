/* SPDX-License-Identifier: MIT
 *
 * softmax.c - exp(x) / sum of exp(x) over the last dim, the channels.
 */
#include <math.h>

#include "core/layer/layer.h"
#include "core/layer/size.h"

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    const enum tfu_status st = tfu_size_check_rows(h, "softmax", in[0]);
    return st == TFU_OK ? tfu_size_output(h, *in[0]) : st;
}

static enum tfu_status forward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const int64_t C = call->out->shape.dim[call->out->shape.rank - 1], rows = tfu_size_in(call) / C;
    for (int64_t row = 0; row < rows; row++) {
        const double *x = (const double *)call->in[0]->data + row * C;
        double *out = (double *)call->out->data + row * C;
        double largest = x[0], sum = 0;
        for (int64_t i = 1; i < C; i++)
            largest = x[i] > largest ? x[i] : largest;
        for (int64_t i = 0; i < C; i++) {
            out[i] = exp(x[i] - largest); /* at most 1: never overflows */
            sum += out[i];
        }
        for (int64_t i = 0; i < C; i++)
            out[i] /= sum;
    }
    return TFU_OK;
}

/* d out[i] / d x[j] = out[i] * ((i == j) - out[j]) */
static enum tfu_status backward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    if (!call->grad_in[0]->data)
        return TFU_OK;
    const int64_t C = call->out->shape.dim[call->out->shape.rank - 1], rows = tfu_size_in(call) / C;
    for (int64_t row = 0; row < rows; row++) {
        const double *out = (const double *)call->out->data + row * C;
        const double *g = (const double *)call->grad_out->data + row * C;
        double *grad_x = (double *)call->grad_in[0]->data + row * C;
        double mean = 0;
        for (int64_t i = 0; i < C; i++)
            mean += out[i] * g[i];
        for (int64_t i = 0; i < C; i++)
            grad_x[i] = out[i] * (g[i] - mean);
    }
    return TFU_OK;
}

const struct tfu_layer_ops tfu_layer_softmax = {
    TFU_LAYER_HEADER, .keeps = TFU_KEEPS_OUTPUT, .min_inputs = 1,      .max_inputs = 1,
    .infer = infer,   .forward = forward,        .backward = backward,
};
