/* SPDX-License-Identifier: MIT
 *
 * linear.c - out[n,k] = bias[k] + sum over c of weight[k,c] * x[n,c]. An image is flattened to N,C
 * in the order in which it lies in memory, H,W,C, or channels first, C,H,W.
 */
#include "core/layer/layer.h"
#include "core/layer/size.h"

static const struct tfu_attr_info attrs[] = {
    {"out", TFU_INT, TFU_OPT_REQUIRED, 0, 1, 1 << 24, "outputs"},
    {"bias", TFU_INT, 0, 1, 0, 1, "1: adds a bias to each output"},
    {"chw", TFU_INT, 0, 0, 0, 1,
     "1: an image is flattened in C,H,W order, as in PyTorch; 0: in H,W,C order"},
};

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    enum tfu_status st = tfu_size_check_rows(h, "linear", in[0]);
    if (st != TFU_OK)
        return st;
    const int64_t N = in[0]->dim[0], C = tfu_shape_count(in[0]) / N, K = h->attr_int(h, "out");
    st = tfu_size_output(h, tfu_shape_make(2, N, K, 1, 1, 1));
    if (st == TFU_OK)
        st = tfu_size_param(h, "weight", TFU_ROLE_WEIGHT, tfu_shape_make(2, K, C, 1, 1, 1), C, K);
    if (st == TFU_OK && h->attr_int(h, "bias"))
        st = tfu_size_param(h, "bias", TFU_ROLE_BIAS, tfu_shape_make(1, K, 1, 1, 1, 1), C, 0);
    return st;
}

/* Where the weights' column `i` finds its number in a row of the input. */
struct order {
    int64_t channels, pixels; /* pixels is 1 where the order is that of memory */
};

static struct order order_of(const struct tfu_op_call *call)
{
    const struct tfu_shape *in = &call->in[0]->shape;
    const int64_t channels = in->dim[in->rank - 1];
    if (!tfu_call_int(call, "chw"))
        return (struct order){1, 1};
    return (struct order){channels, tfu_shape_count(in) / (in->dim[0] * channels)};
}

static int64_t place_of(struct order o, int64_t i)
{
    return o.pixels == 1 ? i : i % o.pixels * o.channels + i / o.pixels;
}

static enum tfu_status forward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const int64_t N = call->out->shape.dim[0], K = call->out->shape.dim[1],
                  C = tfu_size_in(call) / N;
    const double *x = call->in[0]->data;         /* N,C */
    const double *weight = call->param[0]->data; /* K,C */
    const double *bias = call->n_param > 1 ? call->param[1]->data : NULL;
    double *out = call->out->data; /* N,K */
    const struct order o = order_of(call);
    for (int64_t n = 0; n < N; n++)
        for (int64_t k = 0; k < K; k++) {
            double sum = bias ? bias[k] : 0;
            for (int64_t i = 0; i < C; i++)
                sum += weight[k * C + i] * x[n * C + place_of(o, i)];
            out[n * K + k] = sum;
        }
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const int64_t N = call->out->shape.dim[0], K = call->out->shape.dim[1],
                  C = tfu_size_in(call) / N;
    const double *x = call->in[0]->data;         /* N,C */
    const double *weight = call->param[0]->data; /* K,C */
    const double *g = call->grad_out->data;      /* N,K */
    const struct order o = order_of(call);
    double *grad_x = call->grad_in[0]->data;
    double *grad_weight = call->grad_param[0]->data;
    double *grad_bias = call->n_param > 1 ? call->grad_param[1]->data : NULL;
    tfu_size_clear(call->grad_in[0]);
    for (uint32_t i = 0; i < call->n_param; i++)
        tfu_size_clear(call->grad_param[i]);
    for (int64_t n = 0; n < N; n++)
        for (int64_t k = 0; k < K; k++) {
            const double gk = g[n * K + k];
            if (grad_bias)
                grad_bias[k] += gk;
            for (int64_t i = 0; i < C; i++) {
                const int64_t at = n * C + place_of(o, i);
                if (grad_x)
                    grad_x[at] += gk * weight[k * C + i];
                if (grad_weight)
                    grad_weight[k * C + i] += gk * x[at];
            }
        }
    return TFU_OK;
}

static double multiply_adds(const struct tfu_op_call *call)
{
    return (double)tfu_size_in(call) * (double)call->out->shape.dim[1];
}

const struct tfu_layer_ops tfu_layer_linear = {
    TFU_LAYER_HEADER,
    .keeps = TFU_KEEPS_INPUT,
    .min_inputs = 1,
    .max_inputs = 1,
    .attr_count = TFU_COUNT(attrs),
    .attrs = attrs,
    .infer = infer,
    .forward = forward,
    .backward = backward,
    .multiply_adds = multiply_adds,
};
