/* SPDX-License-Identifier: MIT
 *
 * global_avgpool.c - the mean over height and width: N,H,W,C to N,C.
 */
#include "core/layer/layer.h"
#include "core/layer/size.h"

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    enum tfu_status st = tfu_size_check_image(h, "global_avgpool", in[0]);
    if (st == TFU_OK)
        st = tfu_size_output(h, tfu_shape_make(2, in[0]->dim[0], in[0]->dim[3], 1, 1, 1));
    return st;
}

static enum tfu_status forward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const int64_t N = call->out->shape.dim[0], C = call->out->shape.dim[1];
    const int64_t pixels = tfu_size_in(call) / (N * C);
    const double *x = call->in[0]->data; /* N,pixels,C */
    double *out = call->out->data;       /* N,C */
    for (int64_t n = 0; n < N; n++)
        for (int64_t c = 0; c < C; c++) {
            double sum = 0;
            for (int64_t i = 0; i < pixels; i++)
                sum += x[(n * pixels + i) * C + c];
            out[n * C + c] = sum / (double)pixels;
        }
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const int64_t N = call->out->shape.dim[0], C = call->out->shape.dim[1];
    const int64_t pixels = tfu_size_in(call) / (N * C);
    const double *g = call->grad_out->data;  /* N,C */
    double *grad_x = call->grad_in[0]->data; /* N,pixels,C */
    if (!grad_x)
        return TFU_OK;
    for (int64_t n = 0; n < N; n++)
        for (int64_t i = 0; i < pixels; i++)
            for (int64_t c = 0; c < C; c++)
                grad_x[(n * pixels + i) * C + c] = g[n * C + c] / (double)pixels;
    return TFU_OK;
}

const struct tfu_layer_ops tfu_layer_global_avgpool = {
    TFU_LAYER_HEADER, .min_inputs = 1,    .max_inputs = 1,
    .infer = infer,   .forward = forward, .backward = backward,
};
