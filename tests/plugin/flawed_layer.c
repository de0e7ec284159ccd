/* SPDX-License-Identifier: MIT
 *
 * y = scale[c] * x, with the flaw that -DFLAW= names.
 */
#include <string.h>

#include <transfuse/layer.h>

enum flaw {
    none,
    has_a_wrong_gradient,
    accepts_unknown_sizes,
    leaves_an_element,
    writes_what_nobody_wants,
    reads_what_it_does_not_keep,
    changes_in_place,
    has_parameters_of_the_batch,
    is_wrong_on_two_inputs
};

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *in, uint32_t n_in)
{
    (void)n_in;
    for (uint32_t i = 0; FLAW != accepts_unknown_sizes && i < in->rank; i++)
        if (in->dim[i] < 1)
            return h->fail(h, TFU_ESHAPE, "dim %u of the input is %lld", i, (long long)in->dim[i]);
    const int64_t channels = in->dim[FLAW == has_parameters_of_the_batch ? 0 : in->rank - 1];
    h->output(h, *in);
    h->param(h, "scale", TFU_ROLE_SCALE, tfu_shape_make(1, channels, 1, 1, 1, 1), 0, 0);
    return TFU_OK;
}

static enum tfu_status forward(const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const double *x = c->in[0].data, *scale = c->param[0].data;
    double *y = c->out->data;
    const int64_t channels = c->param[0].shape.dim[0];
    const int64_t n = tfu_shape_count(&c->out->shape) - (FLAW == leaves_an_element ? 1 : 0);
    const int aliased = x == y;
    for (int64_t i = 0; i < n; i++) {
        y[i] = scale[i % channels] * x[i];
        if (FLAW == changes_in_place && aliased)
            y[i] += 1;
        if (c->n_in == 2)
            y[i] += FLAW == is_wrong_on_two_inputs ? x[i] : ((const double *)c->in[1].data)[i];
    }
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const double *x = c->in[0].data, *scale = c->param[0].data, *dy = c->grad_out->data;
    double *dx = c->grad_in[0].data, *dscale = c->grad_param[0].data;
    const int64_t channels = c->param[0].shape.dim[0], n = tfu_shape_count(&c->out->shape);
    if (dscale || FLAW == writes_what_nobody_wants)
        memset(dscale, 0, (size_t)channels * sizeof *dscale);
    for (int64_t i = 0; dscale && i < n; i++)
        dscale[i % channels] += dy[i] * x[i];
    if (c->n_in == 2 && c->grad_in[1].data)
        memcpy(c->grad_in[1].data, dy, (size_t)n * sizeof *dy);
    for (int64_t i = 0; dx && i < n; i++)
        dx[i] = scale[i % channels] * dy[i] * (FLAW == has_a_wrong_gradient ? 1.001 : 1);
    return TFU_OK;
}

static const struct tfu_layer_ops ops = {
    .struct_size = sizeof ops,
    .dtypes = TFU_TAKES_F64,
    .keeps = FLAW == reads_what_it_does_not_keep ? 0
             : FLAW == changes_in_place          ? TFU_KEEPS_INPUT | TFU_IN_PLACE
                                                 : TFU_KEEPS_INPUT,
    .min_inputs = 1,
    .max_inputs = 2,
    .attr_size = sizeof(struct tfu_attr_info),
    .infer = infer,
    .forward = forward,
    .backward = backward,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_LAYER), .name = "flawed",       .version = "1.0",
    .summary = "a layer for tests",    .ops_size = sizeof ops, .ops = &ops,
};
