/* SPDX-License-Identifier: MIT
 *
 * Layers that are right and take float32 alone, where differences are coarse: the one that -DLAYER=
 * names, over the last dimension.
 */
#include <math.h>

#include <transfuse/layer.h>

enum layer { softmax, normalise, gelu, hardswish };

static const float pi = 3.14159265358979f, eps = 1e-5f;

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    return TFU_OK;
}

static void forward_row(const float *x, float *y, int64_t n)
{
    float sum = 0, most = x[0], mean = 0, square = 0;
    for (int64_t i = 0; i < n; i++) {
        most = fmaxf(most, x[i]);
        mean += x[i] / (float)n;
    }
    for (int64_t i = 0; i < n; i++) {
        sum += expf(x[i] - most);
        square += (x[i] - mean) * (x[i] - mean) / (float)n;
    }
    for (int64_t i = 0; i < n; i++) {
        if (LAYER == softmax)
            y[i] = expf(x[i] - most) / sum;
        else if (LAYER == normalise)
            y[i] = (x[i] - mean) / sqrtf(square + eps);
        else if (LAYER == gelu)
            y[i] = x[i] * 0.5f * erfcf(-x[i] / sqrtf(2));
        else
            y[i] = x[i] <= -3 ? 0 : x[i] >= 3 ? x[i] : x[i] * (x[i] + 3) / 6;
    }
}

static void backward_row(const float *x, const float *y, const float *dy, float *dx, int64_t n)
{
    float dot = 0, mean_dy = 0, mean = 0, square = 0;
    for (int64_t i = 0; i < n; i++) {
        dot += dy[i] * y[i];
        mean_dy += dy[i] / (float)n;
        mean += x[i] / (float)n;
    }
    for (int64_t i = 0; i < n; i++)
        square += (x[i] - mean) * (x[i] - mean) / (float)n;
    for (int64_t i = 0; i < n; i++) {
        if (LAYER == softmax)
            dx[i] = y[i] * (dy[i] - dot);
        else if (LAYER == normalise)
            dx[i] = (dy[i] - mean_dy - y[i] * dot / (float)n) / sqrtf(square + eps);
        else if (LAYER == gelu)
            dx[i] = dy[i] * (0.5f * erfcf(-x[i] / sqrtf(2)) +
                             x[i] * expf(-x[i] * x[i] / 2) / sqrtf(2 * pi));
        else
            dx[i] = x[i] <= -3 ? 0 : x[i] >= 3 ? dy[i] : dy[i] * (2 * x[i] + 3) / 6;
    }
}

static int64_t row_of(const struct tfu_op_call *c)
{
    return c->out->shape.dim[c->out->shape.rank - 1];
}

static enum tfu_status forward(const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const int64_t n = row_of(c), count = tfu_shape_count(&c->out->shape);
    for (int64_t at = 0; at < count; at += n)
        forward_row((const float *)c->in[0]->data + at, (float *)c->out->data + at, n);
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const int64_t n = row_of(c), count = tfu_shape_count(&c->out->shape);
    for (int64_t at = 0; c->grad_in[0]->data && at < count; at += n)
        backward_row((const float *)c->in[0]->data + at, (const float *)c->out->data + at,
                     (const float *)c->grad_out->data + at, (float *)c->grad_in[0]->data + at, n);
    return TFU_OK;
}

static const struct tfu_layer_ops ops = {
    .struct_size = sizeof ops,
    .dtypes = TFU_TAKES_F32,
    .keeps = TFU_KEEPS_INPUT | TFU_KEEPS_OUTPUT,
    .min_inputs = 1,
    .max_inputs = 1,
    .attr_size = sizeof(struct tfu_attr_info),
    .infer = infer,
    .forward = forward,
    .backward = backward,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_LAYER), .name = "honest",       .version = "1.0",
    .summary = "a layer for tests",    .ops_size = sizeof ops, .ops = &ops,
};
