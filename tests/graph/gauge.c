/* SPDX-License-Identifier: MIT */
#include "tests/graph/gauge.h"

#include <math.h>

/* parameters */
enum { WEIGHT, RUNNING_MEAN };
/* states: a copy of the weight, the sum of each row, a mark for each row, the first number */
enum { COPY, SUMS, MARKS, FIRST };

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    const int64_t N = in[0]->dim[0], C = in[0]->dim[in[0]->rank - 1];
    const struct tfu_shape channels = tfu_shape_make(1, C, 1, 1, 1, 1);
    const struct tfu_shape rows = tfu_shape_make(1, N, 1, 1, 1, 1);
    const struct tfu_shape marks = tfu_shape_make(2, N, 2, 1, 1, 1);
    const struct tfu_shape one = tfu_shape_make(1, 1, 1, 1, 1, 1);
    h->output(h, in[0]);
    h->param(h, "weight", TFU_ROLE_SCALE, &channels, 0, 0);
    h->param(h, "running_mean", TFU_ROLE_RUNNING_MEAN, &channels, 0, 0);
    h->state(h, TFU_F32, &channels, 0);
    h->state(h, TFU_F64, &rows, 1);
    h->state(h, TFU_U8, &marks, 1);
    h->state(h, TFU_F64, &one, 0);
    return TFU_OK;
}

static size_t workspace(const struct tfu_op_call *c)
{
    return (size_t)c->in[0]->shape.dim[0] * tfu_dtype_size(c->in[0]->dtype);
}

static int takes(uint32_t dtypes, const struct tfu_tensor *const *t, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (t[i]->shape.rank &&
            !(t[i]->dtype == TFU_F32 ? dtypes & TFU_TAKES_F32 : dtypes & TFU_TAKES_F64))
            return 0;
    return 1;
}

/* Types are as declared, and the scratch can be written. */
static int well_called(uint32_t dtypes, const struct tfu_op_call *c, int backward)
{
    const struct tfu_tensor *const *s = c->state;
    const int64_t N = c->in[0]->shape.dim[0];
    if (c->workspace_size < workspace(c) || (uintptr_t)c->workspace % 64)
        return 0;
    for (size_t i = 0; i < workspace(c); i++)
        ((unsigned char *)c->workspace)[i] = 0xee;
    if (c->out->shape.dim[0] != N || s[SUMS]->shape.dim[0] != N || s[MARKS]->shape.dim[0] != N ||
        s[FIRST]->shape.dim[0] != 1)
        return 0;
    if (s[SUMS]->dtype != TFU_F64 || s[MARKS]->dtype != TFU_U8 || s[FIRST]->dtype != TFU_F64 ||
        s[COPY]->dtype != c->param[WEIGHT]->dtype)
        return 0;
    return takes(dtypes, c->in, 1) && takes(dtypes, &c->out, 1) && takes(dtypes, c->param, 2) &&
           (!backward || (takes(dtypes, &c->grad_out, 1) && takes(dtypes, c->grad_in, 1) &&
                          takes(dtypes, c->grad_param, 2)));
}

static enum tfu_status forward(uint32_t dtypes, const struct tfu_op_call *c, struct tfu_host *h)
{
    const struct tfu_tensor *x = c->in[0], *w = c->param[WEIGHT], *mean = c->param[RUNNING_MEAN];
    const int64_t N = x->shape.dim[0], count = tfu_shape_count(&x->shape), C = w->shape.dim[0];
    if (!well_called(dtypes, c, 0))
        return h->fail(h, TFU_EINVAL, "the call of forward() is not as declared");
    const double first = tensor_get(x, 0);
    if (first == GAUGE_FAILS)
        return h->fail(h, TFU_ENUMERIC, "the first number is %g", first);
    if (first == GAUGE_FAILS_SILENTLY)
        return TFU_EIO;
    for (int64_t i = 0; i < count; i++)
        tensor_set(c->out, i, tensor_get(w, i % C) * tensor_get(x, i));
    if (!c->training)
        return c->state[COPY]->data ? h->fail(h, TFU_EINVAL, "inference has a state") : TFU_OK;
    for (int64_t i = 0; i < C; i++) {
        tensor_set(c->state[COPY], i, tensor_get(w, i));
        tensor_set(mean, i, tensor_get(mean, i) + 1);
    }
    tensor_set(c->state[FIRST], 0, first);
    for (int64_t n = 0; n < N; n++) {
        double sum = 0;
        for (int64_t i = n * (count / N); i < (n + 1) * (count / N); i++)
            sum += tensor_get(x, i);
        tensor_set(c->state[SUMS], n, sum);
        ((uint8_t *)c->state[MARKS]->data)[2 * n] = (uint8_t)(n + 1);
        ((uint8_t *)c->state[MARKS]->data)[2 * n + 1] = 77;
    }
    return TFU_OK;
}

/* Is everything that forward() left as it left it? */
static int states_intact(const struct tfu_op_call *c)
{
    const struct tfu_tensor *x = c->in[0], *w = c->param[WEIGHT];
    const int64_t N = x->shape.dim[0], count = tfu_shape_count(&x->shape);
    for (int64_t i = 0; i < w->shape.dim[0]; i++)
        if (tensor_get(c->state[COPY], i) != tensor_get(w, i))
            return 0;
    for (int64_t n = 0; n < N; n++) {
        double sum = 0;
        for (int64_t i = n * (count / N); i < (n + 1) * (count / N); i++)
            sum += tensor_get(x, i);
        const uint8_t *mark = (const uint8_t *)c->state[MARKS]->data + 2 * n;
        if (fabs(sum - tensor_get(c->state[SUMS], n)) > 1e-12 || mark[0] != n + 1 || mark[1] != 77)
            return 0;
    }
    return tensor_get(c->state[FIRST], 0) == tensor_get(x, 0);
}

static enum tfu_status backward(uint32_t dtypes, const struct tfu_op_call *c, struct tfu_host *h)
{
    const struct tfu_tensor *x = c->in[0], *w = c->param[WEIGHT];
    const int64_t count = tfu_shape_count(&x->shape), C = w->shape.dim[0];
    if (!well_called(dtypes, c, 1))
        return h->fail(h, TFU_EINVAL, "the call of backward() is not as declared");
    if (c->out->data)
        return h->fail(h, TFU_EINVAL, "backward() has an output that it did not ask for");
    if (!states_intact(c))
        return h->fail(h, TFU_EINVAL, "a state is not what forward() left");
    if (tensor_get(x, 0) == GAUGE_FAILS_BACKWARD)
        return h->fail(h, TFU_ENUMERIC, "the first number was %g", tensor_get(x, 0));
    if (c->grad_param[RUNNING_MEAN]->data || c->grad_param[RUNNING_MEAN]->shape.rank)
        return h->fail(h, TFU_EINVAL, "a running statistic has a gradient");
    for (int64_t i = 0; i < C && c->grad_param[WEIGHT]->data; i++) {
        double sum = 0;
        for (int64_t k = i; k < count; k += C)
            sum += tensor_get(c->grad_out, k) * tensor_get(x, k);
        tensor_set(c->grad_param[WEIGHT], i, sum);
    }
    for (int64_t i = 0; i < count && c->grad_in[0]->data; i++)
        tensor_set(c->grad_in[0], i, tensor_get(w, i % C) * tensor_get(c->grad_out, i));
    return TFU_OK;
}

#define GAUGE(name_, dtypes_)                                                                      \
    static enum tfu_status name_##_forward(const struct tfu_op_call *c, struct tfu_host *h)        \
    {                                                                                              \
        return forward(dtypes_, c, h);                                                             \
    }                                                                                              \
    static enum tfu_status name_##_backward(const struct tfu_op_call *c, struct tfu_host *h)       \
    {                                                                                              \
        return backward(dtypes_, c, h);                                                            \
    }                                                                                              \
    static const struct tfu_layer_ops name_##_ops = {.struct_size = sizeof(struct tfu_layer_ops),  \
                                                     .dtypes = (dtypes_),                          \
                                                     .keeps = TFU_KEEPS_INPUT,                     \
                                                     .min_inputs = 1,                              \
                                                     .max_inputs = 1,                              \
                                                     .attr_size = sizeof(struct tfu_attr_info),    \
                                                     .infer = infer,                               \
                                                     .workspace = workspace,                       \
                                                     .forward = name_##_forward,                   \
                                                     .backward = name_##_backward};                \
    static const struct tfu_plugin name_ = {TFU_PLUGIN_HEADER(TFU_KIND_LAYER), .name = #name_,     \
                                            .ops = &name_##_ops, .ops_size = sizeof name_##_ops};  \
    void sketch_##name_(struct tfu_builder *b)                                                     \
    {                                                                                              \
        draw_with(b, #name_);                                                                      \
    }

/* The layer on the image, and once more behind a relu. */
static void draw_with(struct tfu_builder *b, const char *op)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    x = b->op(b, op, "gauge", &x, 1, TFU_NO_ATTRS);
    x = tfu_relu(b, "relu", x);
    const tfu_value y = b->op(b, op, "again", &x, 1, TFU_NO_ATTRS);
    b->features(b, tfu_global_avgpool(b, "pool", tfu_add(b, "add", x, y)), "fc");
}

GAUGE(gauge_f32, TFU_TAKES_F32)
GAUGE(gauge_f64, TFU_TAKES_F64)
GAUGE(gauge_both, TFU_TAKES_F32 | TFU_TAKES_F64)

const struct tfu_plugin *const fake_layers[] = {&gauge_f32, &gauge_f64, &gauge_both, NULL};
