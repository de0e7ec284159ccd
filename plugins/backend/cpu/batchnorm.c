/* SPDX-License-Identifier: MIT
 *
 * batchnorm.c - sums over fixed chunks of pixels in double, added in order; then one pass over the
 * elements.
 */
#include <math.h>
#include <string.h>

#include "cpu.h"
#include "kernels.h"
#include "norm.h"

enum { MAX_CHUNKS = 128 };

/* The call's sizes, and its workspace cut up. */
struct work {
    const struct tfu_cpu *dev;
    const struct tfu_op_call *call;
    int64_t pixels, C, chunks;
    double *partial;    /* chunks x 2 x C: the two sums of each chunk */
    float *constant[4]; /* C each: what the elementwise pass needs */
    size_t bytes;       /* of all that */
};

static struct work work_of(const struct tfu_cpu *dev, const struct tfu_op_call *c)
{
    const struct tfu_shape *in = &c->in[0].shape;
    const int64_t count = tfu_shape_count(in), C = in->dim[in->rank - 1];
    const int64_t chunks = tfu_cpu_ceil_div(count, TFU_CPU_CHUNK);
    struct work w = {.dev = dev, .call = c, .C = C, .pixels = count / C};
    w.chunks = tfu_cpu_min(tfu_cpu_min(chunks, MAX_CHUNKS), w.pixels);
    struct tfu_cpu_scratch s = {c->workspace, 0};
    w.partial = tfu_cpu_take(&s, (size_t)(w.chunks * 2 * C) * sizeof(double));
    for (int i = 0; i < 4; i++)
        w.constant[i] = tfu_cpu_take(&s, tfu_cpu_bytes(C));
    w.bytes = s.used;
    return w;
}

size_t tfu_cpu_batchnorm_workspace(void *dev, const struct tfu_op_call *c)
{
    return work_of(dev, c).bytes;
}

static double *chunk_sums(const struct work *w, uint32_t index)
{
    double *sums = w->partial + (int64_t)index * 2 * w->C;
    memset(sums, 0, (size_t)(2 * w->C) * sizeof(double));
    return sums;
}

/* Adds the sums of all chunks to those of the first. */
static void add_chunks(const struct work *w)
{
    for (int64_t i = 1; i < w->chunks; i++)
        for (int64_t c = 0; c < 2 * w->C; c++)
            w->partial[c] += w->partial[i * 2 * w->C + c];
}

static void moments_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_range r = tfu_cpu_part(w->pixels, w->chunks, index);
    double *sums = chunk_sums(w, index);
    w->dev->rows->moments(sums, sums + w->C, (const float *)w->call->in[0].data + r.first * w->C,
                          (size_t)(r.end - r.first), (size_t)w->C);
}

static void norm_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_range r = tfu_cpu_part(w->pixels, w->chunks, index);
    w->dev->rows->norm((float *)w->call->out->data + r.first * w->C,
                       (const float *)w->call->in[0].data + r.first * w->C, w->constant[0],
                       w->constant[1], w->constant[2], (size_t)(r.end - r.first), (size_t)w->C);
}

static void move(float *running, double momentum, double batch)
{
    *running = (float)((1 - momentum) * (double)*running + momentum * batch);
}

enum tfu_status tfu_cpu_batchnorm_forward_run(void *dev, const struct tfu_op_call *c,
                                              struct tfu_host *h)
{
    struct work w = work_of(dev, c);
    const double eps = tfu_call_float(c, "eps"), momentum = tfu_call_float(c, "momentum");
    const int from_batch = tfu_cpu_norm_from_batch(c);
    const float *weight = c->param[TFU_CPU_NORM_WEIGHT].data;
    const float *bias = c->param[TFU_CPU_NORM_BIAS].data;
    float *running_mean = c->param[TFU_CPU_NORM_RUNNING_MEAN].data;
    float *running_var = c->param[TFU_CPU_NORM_RUNNING_VAR].data;
    if (from_batch && w.pixels < 2)
        return h->fail(h, TFU_ESHAPE,
                       "batchnorm has one value per channel, which has no variance; train with "
                       "larger batches or images, or freeze the layer");
    if (from_batch) {
        tfu_cpu_parallel(w.dev, w.chunks, moments_task, &w);
        add_chunks(&w);
    }
    const double n = (double)w.pixels;
    for (int64_t i = 0; i < w.C; i++) {
        double mean = (double)running_mean[i], var = (double)running_var[i];
        if (from_batch) {
            mean = w.partial[i] / n;
            var = fmax(w.partial[w.C + i] / n - mean * mean, 0);
            move(&running_mean[i], momentum, mean);
            move(&running_var[i], momentum, var * n / (n - 1));
        }
        const double inverse = 1 / sqrt(var + eps);
        tfu_cpu_norm_constants(mean, inverse, (double)weight[i], (double)bias[i], &w.constant[0][i],
                               &w.constant[1][i], &w.constant[2][i]);
        if (c->training) {
            ((double *)c->state[0].data)[i] = mean;
            ((double *)c->state[1].data)[i] = inverse;
        }
    }
    tfu_cpu_parallel(w.dev, w.chunks, norm_task, &w);
    return TFU_OK;
}

static void back_sums_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_range r = tfu_cpu_part(w->pixels, w->chunks, index);
    double *sums = chunk_sums(w, index);
    w->dev->rows->norm_sums(sums, sums + w->C, (const float *)w->call->in[0].data + r.first * w->C,
                            (const float *)w->call->grad_out->data + r.first * w->C,
                            w->call->state[0].data, (size_t)(r.end - r.first), (size_t)w->C);
}

static void back_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_range r = tfu_cpu_part(w->pixels, w->chunks, index);
    const struct tfu_cpu_norm_back k = {w->constant[0], w->constant[1], w->constant[2],
                                        w->constant[3]};
    w->dev->rows->norm_back((float *)w->call->grad_in[0].data + r.first * w->C,
                            (const float *)w->call->in[0].data + r.first * w->C,
                            (const float *)w->call->grad_out->data + r.first * w->C, &k,
                            (size_t)(r.end - r.first), (size_t)w->C);
}

enum tfu_status tfu_cpu_batchnorm_backward_run(void *dev, const struct tfu_op_call *c,
                                               struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    const int frozen = tfu_call_int(c, "frozen") != 0;
    const float *weight = c->param[TFU_CPU_NORM_WEIGHT].data;
    const double *mean = c->state[0].data, *inverse = c->state[1].data;
    float *grad_weight = c->grad_param[TFU_CPU_NORM_WEIGHT].data;
    float *grad_bias = c->grad_param[TFU_CPU_NORM_BIAS].data;
    tfu_cpu_parallel(w.dev, w.chunks, back_sums_task, &w);
    add_chunks(&w);
    const double n = (double)w.pixels;
    for (int64_t i = 0; i < w.C; i++) {
        const double sum_g = w.partial[i], sum_gx = w.partial[w.C + i];
        if (grad_weight)
            grad_weight[i] = (float)(sum_gx * inverse[i]);
        if (grad_bias)
            grad_bias[i] = (float)sum_g;
        w.constant[0][i] = (float)((double)weight[i] * inverse[i]);
        const double mean_gx = frozen ? 0 : sum_gx * inverse[i] * inverse[i] / n;
        const double mean_g = frozen ? 0 : sum_g / n;
        w.constant[1][i] = (float)(mean_g - tfu_cpu_norm_rest(mean[i]) * mean_gx);
        w.constant[2][i] = (float)mean[i];
        w.constant[3][i] = (float)mean_gx;
    }
    if (c->grad_in[0].data)
        tfu_cpu_parallel(w.dev, w.chunks, back_task, &w);
    return TFU_OK;
}
