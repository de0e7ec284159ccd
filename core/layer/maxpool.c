/* SPDX-License-Identifier: MIT
 *
 * maxpool.c - the largest pixel of each window; the first of equal ones, and not-a-number before
 * all, as in PyTorch. State: where it was, as its tap r * S + s in the window.
 */
#include <inttypes.h>
#include <math.h>

#include "core/layer/layer.h"
#include "core/layer/size.h"
#include "core/layer/window.h"

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    const int64_t R = h->attr_int(h, "kernel_h"), S = h->attr_int(h, "kernel_w");
    if (R * S > UINT8_MAX + 1)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "kernel %" PRId64 "x%" PRId64 " has %" PRId64
                       " pixels, but maxpool keeps a pixel's number in one byte; use at most 256",
                       R, S, R * S);
    struct tfu_window win;
    const enum tfu_status st = tfu_window_infer_pool(h, "maxpool", in[0], &win);
    if (st != TFU_OK)
        return st;
    const struct tfu_shape taken =
        tfu_shape_make(4, in[0]->dim[0], win.h.out, win.w.out, in[0]->dim[3], 1);
    h->state(h, TFU_U8, &taken, 1);
    return TFU_OK;
}

static enum tfu_status forward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const struct tfu_window win = tfu_window_of(call);
    const int64_t N = call->out->shape.dim[0], C = call->out->shape.dim[3];
    const double *x = call->in[0]->data;                           /* N,H,W,C */
    double *out = call->out->data;                                 /* N,P,Q,C */
    uint8_t *taken = call->training ? call->state[0]->data : NULL; /* N,P,Q,C */
    for (int64_t n = 0; n < N; n++)
        for (int64_t p = 0; p < win.h.out; p++)
            for (int64_t q = 0; q < win.w.out; q++)
                for (int64_t c = 0; c < C; c++) {
                    double largest = 0;
                    int64_t tap = -1; /* none yet */
                    for (int64_t r = 0; r < win.h.kernel; r++)
                        for (int64_t s = 0; s < win.w.kernel; s++) {
                            const int64_t h = tfu_window_position(&win.h, p, r);
                            const int64_t w = tfu_window_position(&win.w, q, s);
                            if (h < 0 || w < 0)
                                continue;
                            const double v = x[((n * win.h.size + h) * win.w.size + w) * C + c];
                            if (tap < 0 || v > largest || isnan(v)) {
                                largest = v;
                                tap = r * win.w.kernel + s;
                            }
                        }
                    const int64_t at = ((n * win.h.out + p) * win.w.out + q) * C + c;
                    out[at] = largest;
                    if (taken)
                        taken[at] = (uint8_t)tap;
                }
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const struct tfu_window win = tfu_window_of(call);
    const int64_t N = call->out->shape.dim[0], C = call->out->shape.dim[3];
    const double *grad_out = call->grad_out->data; /* N,P,Q,C */
    const uint8_t *taken = call->state[0]->data;   /* N,P,Q,C */
    double *grad_x = call->grad_in[0]->data;       /* N,H,W,C */
    if (!grad_x)
        return TFU_OK;
    tfu_size_clear(call->grad_in[0]);
    for (int64_t n = 0; n < N; n++)
        for (int64_t p = 0; p < win.h.out; p++)
            for (int64_t q = 0; q < win.w.out; q++)
                for (int64_t c = 0; c < C; c++) {
                    const int64_t at = ((n * win.h.out + p) * win.w.out + q) * C + c;
                    const int64_t r = taken[at] / win.w.kernel, s = taken[at] % win.w.kernel;
                    const int64_t h = tfu_window_position(&win.h, p, r);
                    const int64_t w = tfu_window_position(&win.w, q, s);
                    grad_x[((n * win.h.size + h) * win.w.size + w) * C + c] += grad_out[at];
                }
    return TFU_OK;
}

const struct tfu_layer_ops tfu_layer_maxpool = {
    TFU_LAYER_HEADER,
    .min_inputs = 1,
    .max_inputs = 1,
    .attr_count = TFU_WINDOW_POOL_ATTRS - 1,
    .attrs = tfu_window_pool_attrs,
    .infer = infer,
    .forward = forward,
    .backward = backward,
};
