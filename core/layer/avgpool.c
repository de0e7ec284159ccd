/* SPDX-License-Identifier: MIT
 *
 * avgpool.c - the mean of each window. Padding counts as zeros, unless exclude_pad is set: then the
 * mean is over the pixels inside the image.
 */
#include "core/layer/layer.h"
#include "core/layer/size.h"
#include "core/layer/window.h"

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    struct tfu_window win;
    return tfu_window_infer_pool(h, "avgpool", in[0], &win);
}

/* What the sum over the window p,q is divided by. */
static double divisor(const struct tfu_window *win, int64_t p, int64_t q, int exclude_pad)
{
    int64_t inside = 0;
    for (int64_t r = 0; r < win->h.kernel; r++)
        for (int64_t s = 0; s < win->w.kernel; s++)
            inside +=
                tfu_window_position(&win->h, p, r) >= 0 && tfu_window_position(&win->w, q, s) >= 0;
    return (double)(exclude_pad ? inside : win->h.kernel * win->w.kernel);
}

static enum tfu_status forward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const struct tfu_window win = tfu_window_of(call);
    const int exclude_pad = tfu_call_int(call, "exclude_pad") != 0;
    const int64_t N = call->out->shape.dim[0], C = call->out->shape.dim[3];
    const double *x = call->in[0]->data; /* N,H,W,C */
    double *out = call->out->data;       /* N,P,Q,C */
    for (int64_t n = 0; n < N; n++)
        for (int64_t p = 0; p < win.h.out; p++)
            for (int64_t q = 0; q < win.w.out; q++) {
                const double count = divisor(&win, p, q, exclude_pad);
                for (int64_t c = 0; c < C; c++) {
                    double sum = 0;
                    for (int64_t r = 0; r < win.h.kernel; r++)
                        for (int64_t s = 0; s < win.w.kernel; s++) {
                            const int64_t h = tfu_window_position(&win.h, p, r);
                            const int64_t w = tfu_window_position(&win.w, q, s);
                            if (h >= 0 && w >= 0)
                                sum += x[((n * win.h.size + h) * win.w.size + w) * C + c];
                        }
                    out[((n * win.h.out + p) * win.w.out + q) * C + c] = sum / count;
                }
            }
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const struct tfu_window win = tfu_window_of(call);
    const int exclude_pad = tfu_call_int(call, "exclude_pad") != 0;
    const int64_t N = call->out->shape.dim[0], C = call->out->shape.dim[3];
    const double *grad_out = call->grad_out->data; /* N,P,Q,C */
    double *grad_x = call->grad_in[0]->data;       /* N,H,W,C */
    if (!grad_x)
        return TFU_OK;
    tfu_size_clear(call->grad_in[0]);
    for (int64_t n = 0; n < N; n++)
        for (int64_t p = 0; p < win.h.out; p++)
            for (int64_t q = 0; q < win.w.out; q++) {
                const double count = divisor(&win, p, q, exclude_pad);
                for (int64_t c = 0; c < C; c++) {
                    const double g = grad_out[((n * win.h.out + p) * win.w.out + q) * C + c];
                    for (int64_t r = 0; r < win.h.kernel; r++)
                        for (int64_t s = 0; s < win.w.kernel; s++) {
                            const int64_t h = tfu_window_position(&win.h, p, r);
                            const int64_t w = tfu_window_position(&win.w, q, s);
                            if (h >= 0 && w >= 0)
                                grad_x[((n * win.h.size + h) * win.w.size + w) * C + c] +=
                                    g / count;
                        }
                }
            }
    return TFU_OK;
}

const struct tfu_layer_ops tfu_layer_avgpool = {
    TFU_LAYER_HEADER,
    .min_inputs = 1,
    .max_inputs = 1,
    .attr_count = TFU_WINDOW_POOL_ATTRS,
    .attrs = tfu_window_pool_attrs,
    .infer = infer,
    .forward = forward,
    .backward = backward,
};
