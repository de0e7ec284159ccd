/* SPDX-License-Identifier: MIT
 *
 * conv_direct_params.c - direct convolution, backward to the parameters: a task has a block of
 * output channels, and sums over a part of the bands.
 */
#include <string.h>

#include "conv_direct.h"
#include "kernels.h"

struct work {
    struct tfu_cpu_direct d;
    int64_t parts; /* of the bands, with sums of their own */
    const float *x, *grad;
    float *sums;      /* part, weights in blocks */
    float *bands;     /* for each worker: one of the image, then one of the gradient */
    int64_t band_one; /* floats of both */
    void *bias_sums;
    float *grad_weight;
    size_t bytes;
};

/* The output gradient of a band, one block of channels, as pixels x block. */
static void fill_grad(const struct work *w, int64_t n, int64_t first_k, int64_t channels,
                      struct tfu_cpu_range p, float *grad)
{
    const struct tfu_cpu_conv *v = &w->d.v;
    const int64_t block = w->d.tiles->block, pixels = (p.end - p.first) * v->Q;
    const float *from = w->grad + (n * v->P + p.first) * v->Q * v->K + first_k;
    for (int64_t i = 0; i < pixels; i++) {
        memcpy(grad + i * block, from + i * v->K, (size_t)channels * sizeof(float));
        if (channels < block)
            memset(grad + i * block + channels, 0, (size_t)(block - channels) * sizeof(float));
    }
}

/* A task is a block of channels of a group, and a part of all bands. */
static void params_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_conv *v = &w->d.v;
    const int64_t block = w->d.tiles->block, part = index % w->parts, column = index / w->parts;
    const int64_t g = column / w->d.blocks, first = column % w->d.blocks * block;
    const int64_t channels = tfu_cpu_min(block, v->Kg - first);
    const struct tfu_cpu_range bands = tfu_cpu_part(v->N * w->d.bands, w->parts, part);
    float *band = w->bands + worker * w->band_one;
    const int64_t row = w->d.padded_w * v->Cg;
    float *grad = band + w->d.band_floats;
    float *sum = w->sums + part * w->d.weights + column * block * v->taps;
    memset(sum, 0, (size_t)(block * v->taps) * sizeof(float));
    for (int64_t b = bands.first; b < bands.end; b++) {
        const int64_t n = b / w->d.bands;
        const struct tfu_cpu_range p = tfu_cpu_part(v->P, w->d.bands, b % w->d.bands);
        tfu_cpu_direct_fill_band(&w->d, w->x, n, g, p, band);
        fill_grad(w, n, g * v->Kg + first, channels, p, grad);
        for (int64_t r = 0; r < v->R; r++) {
            const struct tfu_cpu_conv_params c = {.x = band + r * row,
                                                  .grad = grad,
                                                  .sum = sum + r * w->d.run * block,
                                                  .rows = (size_t)(p.end - p.first),
                                                  .row_stride = (size_t)(v->h.stride * row),
                                                  .pixels = (size_t)v->Q,
                                                  .pixel_stride = (size_t)(v->w.stride * v->Cg),
                                                  .run = (size_t)w->d.run};
            w->d.tiles->conv_params(&c);
        }
    }
}

/* The sums of all parts, added in order, from a block back to rows of taps. */
static void unpack_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_conv *v = &w->d.v;
    const int64_t block = w->d.tiles->block, all = w->d.weights;
    const int64_t first = index % w->d.blocks * block, channels = tfu_cpu_min(block, v->Kg - first);
    const float *from = w->sums + index * block * v->taps;
    float *to = w->grad_weight + (index / w->d.blocks * v->Kg + first) * v->taps;
    float square[TFU_CPU_BLOCK_MAX][TFU_CPU_DIRECT_SQUARE];
    for (int64_t i = 0; i < v->taps; i += TFU_CPU_DIRECT_SQUARE) {
        const int64_t count = tfu_cpu_min(TFU_CPU_DIRECT_SQUARE, v->taps - i);
        for (int64_t j = 0; j < count; j++) {
            const float *source = from + tfu_cpu_direct_tap(v, i + j) * block;
            for (int64_t k = 0; k < channels; k++) {
                float sum = 0;
                for (int64_t part = 0; part < w->parts; part++)
                    sum += source[part * all + k];
                square[k][j] = sum;
            }
        }
        for (int64_t k = 0; k < channels; k++)
            memcpy(to + k * v->taps + i, square[k], (size_t)count * sizeof(float));
    }
}

static struct work work_of(const struct tfu_cpu *dev, const struct tfu_op_call *c, void *workspace)
{
    enum { TASKS = 16 };
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    const int64_t block = dev->rows->tiles->block;
    struct work w = {.d = tfu_cpu_direct_of(&v, block)};
    w.parts = tfu_cpu_min(v.N * w.d.bands, tfu_cpu_ceil_div(TASKS, v.G * w.d.blocks));
    w.band_one = w.d.band_floats + w.d.band_rows * v.Q * block;
    w.band_one = (int64_t)(tfu_cpu_bytes(w.band_one) / sizeof(float));
    struct tfu_cpu_scratch s = {workspace, 0};
    w.sums = tfu_cpu_take(&s, tfu_cpu_bytes(w.parts * w.d.weights));
    w.bands = tfu_cpu_take(&s, tfu_cpu_bytes(w.band_one * dev->host->threads));
    w.bias_sums = tfu_cpu_conv_take_bias(&v, c, &s);
    w.bytes = s.used;
    return w;
}

double tfu_cpu_direct_params_cost(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_direct_seconds(&v, c, v.Kg);
}

size_t tfu_cpu_direct_params_workspace(void *dev, const struct tfu_op_call *c)
{
    return work_of(dev, c, NULL).bytes;
}

enum tfu_status tfu_cpu_direct_params_run(void *dev, const struct tfu_op_call *c,
                                          struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c, c->workspace);
    const struct tfu_cpu_conv *v = &w.d.v;
    w.x = c->in[0]->data;
    w.grad = c->grad_out->data;
    w.grad_weight = c->grad_param[0]->data;
    if (w.grad_weight) {
        tfu_cpu_parallel(dev, v->G * w.d.blocks * w.parts, params_task, &w);
        tfu_cpu_parallel(dev, v->G * w.d.blocks, unpack_task, &w);
    }
    tfu_cpu_conv_bias_gradient(v, c, w.bias_sums);
    return TFU_OK;
}
