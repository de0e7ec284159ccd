/* SPDX-License-Identifier: MIT
 *
 * affine.c - scale x + shift with constants that are not trained: one pair for all channels, or a
 * pair for each of up to four. It converts one preprocessing of images into another, and averages
 * two branches after an add.
 */
#include "core/layer/layer.h"
#include "core/layer/size.h"

#include <float.h>

#define SCALE(n)                                                                                   \
    {                                                                                              \
        "scale_" #n, TFU_FLOAT, 0, 1, -FLT_MAX, FLT_MAX, "factor of channel " #n                   \
    }
#define SHIFT(n)                                                                                   \
    {                                                                                              \
        "shift_" #n, TFU_FLOAT, 0, 0, -FLT_MAX, FLT_MAX, "what is added to channel " #n            \
    }
static const struct tfu_attr_info attrs[] = {
    {"channels", TFU_INT, 0, 0, 0, 4, "how many pairs there are; 0: the first is for all channels"},
    SCALE(0),
    SCALE(1),
    SCALE(2),
    SCALE(3),
    SHIFT(0),
    SHIFT(1),
    SHIFT(2),
    SHIFT(3),
};

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    const int64_t channels = h->attr_int(h, "channels");
    const enum tfu_status st = tfu_size_check_rows(h, "affine", in[0]);
    if (st != TFU_OK)
        return st;
    if (channels && in[0]->dim[in[0]->rank - 1] != channels)
        return h->fail(h, TFU_ESHAPE,
                       "affine has constants for %lld channels, but its input has %lld",
                       (long long)channels, (long long)in[0]->dim[in[0]->rank - 1]);
    return tfu_size_output(h, *in[0]);
}

/* The constants of a call; how many pairs there are. */
static int64_t constants(const struct tfu_op_call *call, double scale[4], double shift[4])
{
    static const char *const scales[] = {"scale_0", "scale_1", "scale_2", "scale_3"};
    static const char *const shifts[] = {"shift_0", "shift_1", "shift_2", "shift_3"};
    for (int i = 0; i < 4; i++) {
        scale[i] = tfu_call_float(call, scales[i]);
        shift[i] = tfu_call_float(call, shifts[i]);
    }
    const int64_t channels = tfu_call_int(call, "channels");
    return channels ? channels : 1;
}

static enum tfu_status forward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    double scale[4], shift[4];
    const int64_t pairs = constants(call, scale, shift);
    const double *x = call->in[0]->data;
    double *out = call->out->data;
    for (int64_t i = 0; i < tfu_size_in(call); i++)
        out[i] = scale[i % pairs] * x[i] + shift[i % pairs];
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    double scale[4], shift[4];
    const int64_t pairs = constants(call, scale, shift);
    const double *g = call->grad_out->data;
    double *grad_x = call->grad_in[0]->data;
    for (int64_t i = 0; grad_x && i < tfu_size_in(call); i++)
        grad_x[i] = scale[i % pairs] * g[i];
    return TFU_OK;
}

const struct tfu_layer_ops tfu_layer_affine = {
    TFU_LAYER_HEADER,
    .keeps = TFU_IN_PLACE,
    .min_inputs = 1,
    .max_inputs = 1,
    .attr_count = TFU_COUNT(attrs),
    .attrs = attrs,
    .infer = infer,
    .forward = forward,
    .backward = backward,
};
