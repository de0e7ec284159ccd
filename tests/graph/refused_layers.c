/* SPDX-License-Identifier: MIT
 *
 * Layer plugins for refused.c, each with an infer() that breaks one rule; none of them ever runs.
 */
#include "tests/support/networks.h"

static const struct tfu_shape one = {1, {0}, {1, 1, 1, 1, 1, 1, 1, 1}};

static enum tfu_status run(const struct tfu_op_call *c, struct tfu_host *h)
{
    return h->fail(h, TFU_EINVAL, "layer '%s' was to be refused", c->node);
}

#define LAYER(name_)                                                                               \
    static const struct tfu_layer_ops name_##_ops = {.struct_size = sizeof(struct tfu_layer_ops),  \
                                                     .dtypes = TFU_TAKES_F64,                      \
                                                     .min_inputs = 1,                              \
                                                     .max_inputs = 1,                              \
                                                     .attr_size = sizeof(struct tfu_attr_info),    \
                                                     .infer = name_,                               \
                                                     .forward = run,                               \
                                                     .backward = run};                             \
    static const struct tfu_plugin name_##_layer = {TFU_PLUGIN_HEADER(TFU_KIND_LAYER),             \
                                                    .name = #name_, .ops = &name_##_ops,           \
                                                    .ops_size = sizeof name_##_ops};

static enum tfu_status silent(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    (void)h;
    (void)in;
    return TFU_EUNSUPPORTED;
}
LAYER(silent)

static enum tfu_status speaking(struct tfu_infer *h, const struct tfu_shape *const *in,
                                uint32_t n_in)
{
    (void)n_in;
    return h->fail(h, TFU_ESHAPE, "height %d is even", (int)in[0]->dim[1]);
}
LAYER(speaking)

static enum tfu_status speaking_ok(struct tfu_infer *h, const struct tfu_shape *const *in,
                                   uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    h->fail(h, TFU_ESHAPE, "height %d is even", (int)in[0]->dim[1]);
    h->fail(h, TFU_EINVAL, "a second word");
    return TFU_OK;
}
LAYER(speaking_ok)

static enum tfu_status no_output(struct tfu_infer *h, const struct tfu_shape *const *in,
                                 uint32_t n_in)
{
    (void)n_in;
    (void)in;
    (void)h;
    return TFU_OK;
}
LAYER(no_output)

static enum tfu_status two_outputs(struct tfu_infer *h, const struct tfu_shape *const *in,
                                   uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    h->output(h, in[0]);
    return TFU_OK;
}
LAYER(two_outputs)

static enum tfu_status other_batch(struct tfu_infer *h, const struct tfu_shape *const *in,
                                   uint32_t n_in)
{
    (void)n_in;
    const struct tfu_shape s =
        tfu_shape_make(2, in[0]->dim[0] * in[0]->dim[1], in[0]->dim[2], 1, 1, 1);
    h->output(h, &s);
    return TFU_OK;
}
LAYER(other_batch)

static enum tfu_status empty_output(struct tfu_infer *h, const struct tfu_shape *const *in,
                                    uint32_t n_in)
{
    (void)n_in;
    const struct tfu_shape s = tfu_shape_make(3, in[0]->dim[0], 1, 0, 1, 1);
    h->output(h, &s);
    return TFU_OK;
}
LAYER(empty_output)

static enum tfu_status huge_output(struct tfu_infer *h, const struct tfu_shape *const *in,
                                   uint32_t n_in)
{
    (void)n_in;
    const struct tfu_shape s = tfu_shape_make(2, in[0]->dim[0], INT64_MAX, 1, 1, 1);
    h->output(h, &s);
    return TFU_OK;
}
LAYER(huge_output)

static enum tfu_status rank_nine(struct tfu_infer *h, const struct tfu_shape *const *in,
                                 uint32_t n_in)
{
    (void)n_in;
    struct tfu_shape s = *in[0];
    s.rank = 9;
    h->output(h, &s);
    return TFU_OK;
}
LAYER(rank_nine)

static enum tfu_status rank_none(struct tfu_infer *h, const struct tfu_shape *const *in,
                                 uint32_t n_in)
{
    (void)n_in;
    struct tfu_shape s = *in[0];
    s.rank = 0;
    h->output(h, &s);
    return TFU_OK;
}
LAYER(rank_none)

static enum tfu_status asks_attribute(struct tfu_infer *h, const struct tfu_shape *const *in,
                                      uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    return h->attr_int(h, "size") == 0 && h->attr_float(h, "size") <= 0 ? TFU_OK : TFU_EINVAL;
}
LAYER(asks_attribute)

static enum tfu_status same_parameters(struct tfu_infer *h, const struct tfu_shape *const *in,
                                       uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    h->param(h, "weight", TFU_ROLE_WEIGHT, &one, 0, 0);
    h->param(h, "weight", TFU_ROLE_BIAS, &one, 0, 0);
    return TFU_OK;
}
LAYER(same_parameters)

static enum tfu_status empty_parameter(struct tfu_infer *h, const struct tfu_shape *const *in,
                                       uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    const struct tfu_shape s = tfu_shape_make(1, 0, 1, 1, 1, 1);
    h->param(h, "weight", TFU_ROLE_WEIGHT, &s, 0, 0);
    return TFU_OK;
}
LAYER(empty_parameter)

static enum tfu_status unknown_role(struct tfu_infer *h, const struct tfu_shape *const *in,
                                    uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    h->param(h, "weight", (enum tfu_role)9, &one, 0, 0);
    return TFU_OK;
}
LAYER(unknown_role)

static enum tfu_status unknown_state(struct tfu_infer *h, const struct tfu_shape *const *in,
                                     uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    h->state(h, 77, &one, 0);
    return TFU_OK;
}
LAYER(unknown_state)

static enum tfu_status half_state(struct tfu_infer *h, const struct tfu_shape *const *in,
                                  uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    h->state(h, TFU_BF16, &one, 0);
    return TFU_OK;
}
LAYER(half_state)

static enum tfu_status state_of_rows(struct tfu_infer *h, const struct tfu_shape *const *in,
                                     uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    const struct tfu_shape s = tfu_shape_make(2, in[0]->dim[0] + 1, 4, 1, 1, 1);
    h->state(h, TFU_F64, &s, 1);
    return TFU_OK;
}
LAYER(state_of_rows)

static enum tfu_status empty_state(struct tfu_infer *h, const struct tfu_shape *const *in,
                                   uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    const struct tfu_shape s = tfu_shape_make(2, in[0]->dim[0], 0, 1, 1, 1);
    h->state(h, TFU_F64, &s, 1);
    return TFU_OK;
}
LAYER(empty_state)

const struct tfu_plugin *const fake_layers[] = {&silent_layer,
                                                &speaking_layer,
                                                &speaking_ok_layer,
                                                &no_output_layer,
                                                &two_outputs_layer,
                                                &other_batch_layer,
                                                &empty_output_layer,
                                                &huge_output_layer,
                                                &rank_nine_layer,
                                                &rank_none_layer,
                                                &asks_attribute_layer,
                                                &same_parameters_layer,
                                                &empty_parameter_layer,
                                                &unknown_role_layer,
                                                &unknown_state_layer,
                                                &half_state_layer,
                                                &state_of_rows_layer,
                                                &empty_state_layer,
                                                NULL};
