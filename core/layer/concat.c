/* SPDX-License-Identifier: MIT
 *
 * concat.c - joins inputs along their last dim, the channels.
 */
#include <string.h>

#include "core/layer/layer.h"
#include "core/layer/size.h"

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    char first[TFU_SHAPE_TEXT], other[TFU_SHAPE_TEXT];
    enum tfu_status st = tfu_size_check_rows(h, "concat", in[0]);
    if (st != TFU_OK)
        return st;
    const uint32_t last = in[0]->rank - 1;
    struct tfu_shape joined = *in[0];
    joined.dim[last] = 0;
    for (uint32_t i = 0; i < n_in; i++) {
        struct tfu_shape like = *in[i];
        like.dim[last] = in[0]->dim[last];
        if (!tfu_shape_equal(&like, in[0]))
            return h->fail(h, TFU_ESHAPE,
                           "concat joins channels, so everything else must agree, but input 0 is "
                           "%s and input %u is %s",
                           tfu_shape_text(in[0], first), i, tfu_shape_text(in[i], other));
        st = tfu_size_check(h, "input", in[i]);
        if (st != TFU_OK)
            return st;
        if (__builtin_add_overflow(joined.dim[last], in[i]->dim[last], &joined.dim[last]))
            return h->fail(h, TFU_ESHAPE,
                           "the channels of %u inputs add up to more than fits a 64-bit number",
                           n_in);
    }
    return tfu_size_output(h, joined);
}

/* Columns first..first+width-1 of a row of `whole` are a row of input `i`. */
struct slice {
    int64_t rows, whole, first, width;
};

static struct slice slice_of(const struct tfu_op_call *call, uint32_t i)
{
    const uint32_t last = call->out->shape.rank - 1;
    struct slice s = {.whole = call->out->shape.dim[last], .width = call->in[i]->shape.dim[last]};
    s.rows = tfu_shape_count(&call->out->shape) / s.whole;
    for (uint32_t j = 0; j < i; j++)
        s.first += call->in[j]->shape.dim[last];
    return s;
}

static enum tfu_status forward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    double *out = call->out->data; /* rows x all channels */
    for (uint32_t i = 0; i < call->n_in; i++) {
        const struct slice s = slice_of(call, i);
        const double *x = call->in[i]->data; /* rows x channels of input i */
        for (int64_t row = 0; row < s.rows; row++)
            memcpy(out + row * s.whole + s.first, x + row * s.width, (size_t)s.width * sizeof *x);
    }
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const double *g = call->grad_out->data; /* rows x all channels */
    for (uint32_t i = 0; i < call->n_in; i++) {
        const struct slice s = slice_of(call, i);
        double *grad_x = call->grad_in[i]->data; /* rows x channels of input i */
        for (int64_t row = 0; grad_x && row < s.rows; row++)
            memcpy(grad_x + row * s.width, g + row * s.whole + s.first,
                   (size_t)s.width * sizeof *g);
    }
    return TFU_OK;
}

const struct tfu_layer_ops tfu_layer_concat = {
    TFU_LAYER_HEADER, .min_inputs = 2,    .max_inputs = 1024,
    .infer = infer,   .forward = forward, .backward = backward,
};
