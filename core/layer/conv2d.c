/* SPDX-License-Identifier: MIT
 *
 * conv2d.c - cross-correlation with rectangular kernels, strides, zero padding and groups:
 *
 *     out[n,p,q,k] = bias[k] + sum over r,s,c of weight[k,c,r,s] * x[n, h, w, group(k) * C/G + c]
 *
 * with h = p * stride_h - pad_h + r and w = q * stride_w - pad_w + s; x is 0 outside the image.
 */
#include <inttypes.h>

#include "core/layer/layer.h"
#include "core/layer/size.h"
#include "core/layer/window.h"

static const struct tfu_attr_info attrs[] = {
    {"out", TFU_INT, TFU_OPT_REQUIRED, 0, 1, 1 << 24, "channels out"},
    {"kernel_h", TFU_INT, TFU_OPT_REQUIRED, 0, 1, TFU_WINDOW_MAX, "kernel height"},
    {"kernel_w", TFU_INT, TFU_OPT_REQUIRED, 0, 1, TFU_WINDOW_MAX, "kernel width"},
    {"stride_h", TFU_INT, 0, 1, 1, TFU_WINDOW_MAX, "step between windows, downwards"},
    {"stride_w", TFU_INT, 0, 1, 1, TFU_WINDOW_MAX, "step between windows, to the right"},
    {"pad_h", TFU_INT, 0, 0, 0, TFU_WINDOW_MAX, "rows of zeros above, and as many below"},
    {"pad_w", TFU_INT, 0, 0, 0, TFU_WINDOW_MAX, "columns of zeros left, and as many right"},
    {"groups", TFU_INT, 0, 1, 1, 1 << 24, "parts of the channels that do not see each other"},
    {"bias", TFU_INT, 0, 0, 0, 1, "1: adds a bias to each channel out"},
};

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    const int64_t K = h->attr_int(h, "out"), G = h->attr_int(h, "groups"), C = in[0]->dim[3];
    struct tfu_window win;
    enum tfu_status st = tfu_size_check_image(h, "conv2d", in[0]);
    if (st != TFU_OK)
        return st;
    if (C % G)
        return h->fail(h, TFU_ESHAPE,
                       "input channels %" PRId64 " are not a multiple of groups %" PRId64, C, G);
    if (K % G)
        return h->fail(h, TFU_ESHAPE,
                       "output channels %" PRId64 " are not a multiple of groups %" PRId64, K, G);
    st = tfu_window_infer(h, in[0], &win);
    if (st != TFU_OK)
        return st;
    const int64_t R = win.h.kernel, S = win.w.kernel;
    const struct tfu_shape weight = tfu_shape_make(4, K, C / G, R, S, 1);
    const struct tfu_shape bias = tfu_shape_make(1, K, 1, 1, 1, 1);
    st = tfu_size_check(h, "weight", &weight); /* fans are products of its dims */
    if (st == TFU_OK)
        st = tfu_size_output(h, tfu_shape_make(4, in[0]->dim[0], win.h.out, win.w.out, K, 1));
    if (st != TFU_OK)
        return st;
    h->param(h, "weight", TFU_ROLE_WEIGHT, &weight, C / G * R * S, K * R * S);
    if (h->attr_int(h, "bias"))
        h->param(h, "bias", TFU_ROLE_BIAS, &bias, C / G * R * S, 0);
    return TFU_OK;
}

/* The sizes of a call, under their letters; P and Q are the output's height and width, Cg and Kg
 * the channels of one group. */
struct sizes {
    int64_t N, H, W, C, K, P, Q, R, S, Cg, Kg;
    struct tfu_window win;
};

static struct sizes sizes_of(const struct tfu_op_call *c)
{
    const int64_t *in = c->in[0]->shape.dim, *out = c->out->shape.dim;
    const int64_t G = tfu_call_int(c, "groups");
    struct sizes z = {.N = in[0], .H = in[1], .W = in[2], .C = in[3], .win = tfu_window_of(c)};
    z.P = out[1];
    z.Q = out[2];
    z.K = out[3];
    z.R = z.win.h.kernel;
    z.S = z.win.w.kernel;
    z.Cg = z.C / G;
    z.Kg = z.K / G;
    return z;
}

/* Of one weight's tap r,s in the window p,q: the pixel x[n,h,w,...] that it meets, at its group's
 * first channel, or -1 in the padding. */
static int64_t pixel_at(const struct sizes *z, int64_t n, int64_t k, int64_t p, int64_t q,
                        int64_t r, int64_t s)
{
    const int64_t h = tfu_window_position(&z->win.h, p, r);
    const int64_t w = tfu_window_position(&z->win.w, q, s);
    return h < 0 || w < 0 ? -1 : ((n * z->H + h) * z->W + w) * z->C + k / z->Kg * z->Cg;
}

static enum tfu_status forward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const struct sizes z = sizes_of(call);
    const double *x = call->in[0]->data;                                  /* N,H,W,C */
    const double *weight = call->param[0]->data;                          /* K,C/G,R,S */
    const double *bias = call->n_param > 1 ? call->param[1]->data : NULL; /* K */
    double *out = call->out->data;                                        /* N,P,Q,K */
    for (int64_t n = 0; n < z.N; n++)
        for (int64_t k = 0; k < z.K; k++)
            for (int64_t p = 0; p < z.P; p++)
                for (int64_t q = 0; q < z.Q; q++) {
                    double sum = bias ? bias[k] : 0;
                    for (int64_t r = 0; r < z.R; r++)
                        for (int64_t s = 0; s < z.S; s++) {
                            const int64_t pixel = pixel_at(&z, n, k, p, q, r, s);
                            for (int64_t c = 0; pixel >= 0 && c < z.Cg; c++)
                                sum += weight[((k * z.Cg + c) * z.R + r) * z.S + s] * x[pixel + c];
                        }
                    out[((n * z.P + p) * z.Q + q) * z.K + k] = sum;
                }
    return TFU_OK;
}

/* Each product weight * x of forward() sends grad_out times the one factor to the other. */
static enum tfu_status backward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const struct sizes z = sizes_of(call);
    const double *x = call->in[0]->data;           /* N,H,W,C */
    const double *weight = call->param[0]->data;   /* K,C/G,R,S */
    const double *grad_out = call->grad_out->data; /* N,P,Q,K */
    double *grad_x = call->grad_in[0]->data;
    double *grad_weight = call->grad_param[0]->data;
    double *grad_bias = call->n_param > 1 ? call->grad_param[1]->data : NULL;
    tfu_size_clear(call->grad_in[0]);
    for (uint32_t i = 0; i < call->n_param; i++)
        tfu_size_clear(call->grad_param[i]);
    for (int64_t n = 0; n < z.N; n++)
        for (int64_t k = 0; k < z.K; k++)
            for (int64_t p = 0; p < z.P; p++)
                for (int64_t q = 0; q < z.Q; q++) {
                    const double g = grad_out[((n * z.P + p) * z.Q + q) * z.K + k];
                    if (grad_bias)
                        grad_bias[k] += g;
                    for (int64_t r = 0; r < z.R; r++)
                        for (int64_t s = 0; s < z.S; s++) {
                            const int64_t pixel = pixel_at(&z, n, k, p, q, r, s);
                            for (int64_t c = 0; pixel >= 0 && c < z.Cg; c++) {
                                const int64_t w = ((k * z.Cg + c) * z.R + r) * z.S + s;
                                if (grad_x)
                                    grad_x[pixel + c] += g * weight[w];
                                if (grad_weight)
                                    grad_weight[w] += g * x[pixel + c];
                            }
                        }
                }
    return TFU_OK;
}

static double multiply_adds(const struct tfu_op_call *call)
{
    const struct sizes z = sizes_of(call);
    return (double)z.N * (double)z.P * (double)z.Q * (double)z.K * (double)(z.R * z.S * z.Cg);
}

const struct tfu_layer_ops tfu_layer_conv2d = {
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
