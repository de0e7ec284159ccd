/* SPDX-License-Identifier: MIT
 *
 * dropout.c - in training each element is 0 with probability `rate` and scaled by 1 / (1 - rate)
 * otherwise (Srivastava et al. 2014, with the scale at training time); else the identity.
 *
 * The mask is not stored: backward draws the same numbers again.
 */
#include <stdbool.h>
#include <string.h>

#include "core/layer/layer.h"
#include "core/layer/size.h"

#include <transfuse/random.h>

static const struct tfu_attr_info attrs[] = {
    {"rate", TFU_FLOAT, TFU_OPT_REQUIRED, 0, 0, 1, "probability that an element is set to 0"},
};

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    return tfu_size_output(h, *in[0]);
}

static bool kept(const struct tfu_op_call *call, double rate, int64_t i)
{
    const struct tfu_random_block block = tfu_philox(call->random_key, (uint64_t)i / 4);
    return (double)tfu_uniform_float(block.word[i % 4]) >= rate;
}

static void apply_mask(const struct tfu_op_call *call, const double *from, double *to)
{
    const double rate = tfu_call_float(call, "rate");
    for (int64_t i = 0; i < tfu_size_in(call); i++)
        to[i] = kept(call, rate, i) ? from[i] / (1 - rate) : 0;
}

static enum tfu_status forward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    if (call->training)
        apply_mask(call, call->in[0]->data, call->out->data);
    else if (call->out->data != call->in[0]->data)
        memcpy(call->out->data, call->in[0]->data, (size_t)tfu_size_in(call) * sizeof(double));
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    if (call->grad_in[0]->data)
        apply_mask(call, call->grad_out->data, call->grad_in[0]->data);
    return TFU_OK;
}

const struct tfu_layer_ops tfu_layer_dropout = {
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
