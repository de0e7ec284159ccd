/* SPDX-License-Identifier: MIT
 *
 * A layer: x where x is positive, slope * x elsewhere (leaky ReLU; Maas, Hannun, Ng, "Rectifier
 * nonlinearities improve neural network acoustic models", ICML 2013).
 *
 * These loops are its definition, in double; float32 networks convert around the call.
 */
#include <transfuse/layer.h>

static const struct tfu_attr_info attrs[] = {
    {.name = "slope",
     .type = TFU_FLOAT,
     .def = 0.01,
     .min = 0,
     .max = 1,
     .help = "factor of values below 0"},
};

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    return TFU_OK;
}

static enum tfu_status forward(const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const double slope = tfu_call_float(c, "slope");
    const double *x = c->in[0]->data;
    double *out = c->out->data;
    const int64_t n = tfu_shape_count(&c->out->shape);
    for (int64_t i = 0; i < n; i++)
        out[i] = x[i] > 0 ? x[i] : slope * x[i];
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const double slope = tfu_call_float(c, "slope");
    const double *x = c->in[0]->data, *grad_out = c->grad_out->data;
    double *grad_x = c->grad_in[0]->data;
    const int64_t n = tfu_shape_count(&c->out->shape);
    if (!grad_x) /* nobody wants it */
        return TFU_OK;
    for (int64_t i = 0; i < n; i++)
        grad_x[i] = x[i] > 0 ? grad_out[i] : slope * grad_out[i];
    return TFU_OK;
}

static const struct tfu_layer_ops ops = {
    .struct_size = sizeof ops,
    .dtypes = TFU_TAKES_F64,
    .keeps = TFU_KEEPS_INPUT,
    .min_inputs = 1,
    .max_inputs = 1,
    .attr_count = TFU_COUNT(attrs),
    .attr_size = sizeof attrs[0],
    .attrs = attrs,
    .infer = infer,
    .forward = forward,
    .backward = backward,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_LAYER),
    .name = "@NAME@",
    .version = "0.1",
    .summary = "leaky ReLU: x where it is positive, slope * x elsewhere",
    .ops_size = sizeof ops,
    .ops = &ops,
};
