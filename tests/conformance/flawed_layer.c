/* SPDX-License-Identifier: MIT
 *
 * y = scale[c] * x, with the flaw that -DFLAW= names.
 */
#include <string.h>

#include <transfuse/layer.h>

enum flaw {
    none,
    hides_unknown_sizes,
    has_parameters_of_the_batch,
    is_wrong_on_two_inputs,
    adds_as_tasks_finish,
    writes_states_in_inference
};

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    for (uint32_t i = 0; FLAW != hides_unknown_sizes && i < in[0]->rank; i++)
        if (in[0]->dim[i] < 1)
            return h->fail(h, TFU_ESHAPE, "dim %u of the input is %lld", i,
                           (long long)in[0]->dim[i]);
    const int64_t channels = in[0]->dim[FLAW == has_parameters_of_the_batch ? 0 : in[0]->rank - 1];
    struct tfu_shape out = *in[0];
    for (uint32_t i = 0; i < out.rank; i++)
        out.dim[i] = out.dim[i] < 1 ? 1 : out.dim[i];
    h->output(h, &out);
    const struct tfu_shape scale = tfu_shape_make(1, channels, 1, 1, 1, 1);
    h->param(h, "scale", TFU_ROLE_SCALE, &scale, 0, 0);
    if (FLAW == writes_states_in_inference)
        h->state(h, TFU_F64, &scale, 0);
    return TFU_OK;
}

static enum tfu_status forward(const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const double *x = c->in[0]->data, *scale = c->param[0]->data;
    double *y = c->out->data;
    const int64_t channels = c->param[0]->shape.dim[0];
    const int64_t n = tfu_shape_count(&c->out->shape);
    if (FLAW == writes_states_in_inference)
        memcpy(c->state[0]->data, scale, (size_t)channels * sizeof *scale);
    for (int64_t i = 0; i < n; i++) {
        y[i] = scale[i % channels] * x[i];
        if (c->n_in == 2)
            y[i] += FLAW == is_wrong_on_two_inputs ? x[i] : ((const double *)c->in[1]->data)[i];
    }
    return TFU_OK;
}

/* What the tasks of row `index` add to. */
struct sums {
    const double *x, *dy;
    double *to;
    int64_t channels;
};

static void add_row(void *arg, uint32_t index, uint32_t worker)
{
    const struct sums *s = arg;
    const int64_t first = (int64_t)index * s->channels;
    (void)worker;
    for (int64_t k = 0; k < s->channels; k++)
        s->to[k] += s->dy[first + k] * s->x[first + k];
}

static enum tfu_status backward(const struct tfu_op_call *c, struct tfu_host *h)
{
    const double *x = c->in[0]->data, *scale = c->param[0]->data, *dy = c->grad_out->data;
    double *dx = c->grad_in[0]->data, *dscale = c->grad_param[0]->data;
    const int64_t channels = c->param[0]->shape.dim[0], n = tfu_shape_count(&c->out->shape);
    if (dscale)
        memset(dscale, 0, (size_t)channels * sizeof *dscale);
    struct sums s = {x, dy, dscale, channels};
    if (dscale && FLAW == adds_as_tasks_finish)
        h->parallel(h, (uint32_t)(n / channels), add_row, &s);
    for (int64_t i = 0; dscale && FLAW != adds_as_tasks_finish && i < n; i++)
        dscale[i % channels] += dy[i] * x[i];
    if (c->n_in == 2 && c->grad_in[1]->data)
        memcpy(c->grad_in[1]->data, dy, (size_t)n * sizeof *dy);
    for (int64_t i = 0; dx && i < n; i++)
        dx[i] = scale[i % channels] * dy[i];
    return TFU_OK;
}

static const struct tfu_layer_ops ops = {
    .struct_size = sizeof ops,
    .dtypes = TFU_TAKES_F64,
    .keeps = TFU_KEEPS_INPUT,
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
