/* SPDX-License-Identifier: MIT
 *
 * batchnorm.c - batch normalisation (Ioffe and Szegedy 2015) over all dims but the last:
 *
 *     out = weight * (x - mean) / sqrt(var + eps) + bias        per channel
 *
 * In training with the batch's mean and (biased) variance, which also move the running ones; else,
 * or when frozen, with the running ones, which are constants to backward(). State: mean, and
 * 1 / sqrt(var + eps).
 */
#include <math.h>

#include "core/layer/layer.h"
#include "core/layer/size.h"

static const struct tfu_attr_info attrs[] = {
    {"eps", TFU_FLOAT, 0, 1e-5, 1e-300, 1, "added to the variance"},
    {"momentum", TFU_FLOAT, 0, 0.1, 0, 1, "weight of the newest batch in the running statistics"},
    {"frozen", TFU_INT, 0, 0, 0, 1, "1: running statistics also in training, never changed"},
};

enum { WEIGHT, BIAS, RUNNING_MEAN, RUNNING_VAR };

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    enum tfu_status st = tfu_size_check_rows(h, "batchnorm", in[0]);
    if (st == TFU_OK)
        st = tfu_size_output(h, *in[0]);
    if (st != TFU_OK)
        return st;
    const struct tfu_shape channels = tfu_shape_make(1, in[0]->dim[in[0]->rank - 1], 1, 1, 1, 1);
    h->param(h, "weight", TFU_ROLE_SCALE, &channels, 0, 0);
    h->param(h, "bias", TFU_ROLE_SHIFT, &channels, 0, 0);
    h->param(h, "running_mean", TFU_ROLE_RUNNING_MEAN, &channels, 0, 0);
    h->param(h, "running_var", TFU_ROLE_RUNNING_VAR, &channels, 0, 0);
    h->state(h, TFU_F64, &channels, 0);
    h->state(h, TFU_F64, &channels, 0);
    return TFU_OK;
}

/* The statistics that normalise one channel. */
struct statistics {
    double mean, var;
};

/* Of column `c` of x, rows x C; the variance divides by the rows. */
static struct statistics batch_statistics(const double *x, int64_t rows, int64_t C, int64_t c)
{
    struct statistics s = {0, 0};
    for (int64_t i = 0; i < rows; i++)
        s.mean += x[i * C + c];
    s.mean /= (double)rows;
    for (int64_t i = 0; i < rows; i++) {
        const double d = x[i * C + c] - s.mean;
        s.var += d * d;
    }
    s.var /= (double)rows;
    return s;
}

static void move(double *running, double momentum, double batch)
{
    *running = (1 - momentum) * *running + momentum * batch;
}

static enum tfu_status forward(const struct tfu_op_call *call, struct tfu_host *host)
{
    const int64_t C = call->param[WEIGHT]->shape.dim[0], rows = tfu_size_in(call) / C;
    const double eps = tfu_call_float(call, "eps"), momentum = tfu_call_float(call, "momentum");
    const int from_batch = call->training && !tfu_call_int(call, "frozen");
    const double *x = call->in[0]->data; /* rows x C */
    const double *weight = call->param[WEIGHT]->data, *bias = call->param[BIAS]->data;
    double *running_mean = call->param[RUNNING_MEAN]->data;
    double *running_var = call->param[RUNNING_VAR]->data;
    double *out = call->out->data; /* rows x C */
    double *mean = call->training ? call->state[0]->data : NULL;
    double *inverse = call->training ? call->state[1]->data : NULL;
    char text[TFU_SHAPE_TEXT];
    if (from_batch && rows < 2)
        return host->fail(host, TFU_ESHAPE,
                          "batchnorm has one value per channel (input %s), which has no variance; "
                          "train with larger batches or images, or freeze the layer",
                          tfu_shape_text(&call->in[0]->shape, text));
    for (int64_t c = 0; c < C; c++) {
        struct statistics s = {running_mean[c], running_var[c]};
        if (from_batch) {
            s = batch_statistics(x, rows, C, c);
            move(&running_mean[c], momentum, s.mean);
            move(&running_var[c], momentum, s.var * (double)rows / (double)(rows - 1));
        }
        const double scale = 1 / sqrt(s.var + eps);
        for (int64_t i = 0; i < rows; i++)
            out[i * C + c] = weight[c] * (x[i * C + c] - s.mean) * scale + bias[c];
        if (call->training) {
            mean[c] = s.mean;
            inverse[c] = scale;
        }
    }
    return TFU_OK;
}

/* With y = (x - mean) * inverse and g the gradient by out:
 *     by bias    sum g
 *     by weight  sum g * y
 *     by x       weight * inverse * (g - mean of g - y * mean of g * y)
 * where the two means come from mean and var depending on x, and fall away when frozen. */
static enum tfu_status backward(const struct tfu_op_call *call, struct tfu_host *host)
{
    (void)host;
    const int64_t C = call->param[WEIGHT]->shape.dim[0], rows = tfu_size_in(call) / C;
    const int frozen = tfu_call_int(call, "frozen") != 0;
    const double *x = call->in[0]->data, *g = call->grad_out->data; /* rows x C */
    const double *weight = call->param[WEIGHT]->data;
    const double *mean = call->state[0]->data, *inverse = call->state[1]->data;
    double *grad_x = call->grad_in[0]->data; /* rows x C */
    double *grad_weight = call->grad_param[WEIGHT]->data, *grad_bias = call->grad_param[BIAS]->data;
    for (int64_t c = 0; c < C; c++) {
        double sum_g = 0, sum_gy = 0;
        for (int64_t i = 0; i < rows; i++) {
            const double y = (x[i * C + c] - mean[c]) * inverse[c];
            sum_g += g[i * C + c];
            sum_gy += g[i * C + c] * y;
        }
        if (grad_weight)
            grad_weight[c] = sum_gy;
        if (grad_bias)
            grad_bias[c] = sum_g;
        const double mean_g = frozen ? 0 : sum_g / (double)rows;
        const double mean_gy = frozen ? 0 : sum_gy / (double)rows;
        for (int64_t i = 0; grad_x && i < rows; i++) {
            const double y = (x[i * C + c] - mean[c]) * inverse[c];
            grad_x[i * C + c] = weight[c] * inverse[c] * (g[i * C + c] - mean_g - y * mean_gy);
        }
    }
    return TFU_OK;
}

const struct tfu_layer_ops tfu_layer_batchnorm = {
    TFU_LAYER_HEADER,
    .keeps = TFU_KEEPS_INPUT,
    .min_inputs = 1,
    .max_inputs = 1,
    .attr_count = TFU_COUNT(attrs),
    .attrs = attrs,
    .infer = infer,
    .forward = forward,
    .backward = backward,
};
