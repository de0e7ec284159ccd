/* SPDX-License-Identifier: MIT
 *
 * conv_direct_data.c - direct convolution, backward to the data. With strides, the image's pixels
 * fall into stride_h x stride_w phases by what is left of their row and column, each counted from
 * the first of the padding. A pixel meets only those taps whose row and column have the same phase:
 * a phase is the convolution of the output's gradient at stride 1 with a kernel of those taps, and
 * without any it is 0.
 */
#include "conv_direct.h"
#include "kernels.h"

/* Taps of one axis whose number is `phase` more than a multiple of the stride. */
static int64_t taps_of(const struct tfu_cpu_axis *a, int64_t phase)
{
    return tfu_cpu_max(0, tfu_cpu_ceil_div(a->kernel - phase, a->stride));
}

/* Taps of all phases before one. */
static int64_t taps_before(const struct tfu_cpu_axis *a, int64_t phase)
{
    return a->kernel / a->stride * phase + tfu_cpu_min(phase, a->kernel % a->stride);
}

/* The phase of pixels `first`, `first` + stride, ... on one axis. */
static int64_t phase_of(const struct tfu_cpu_axis *a, int64_t first)
{
    return (first + a->pad) % a->stride;
}

/* What computes those pixels from the gradient by the output: tap j of its kernel is tap
 * phase + (taps - 1 - j) stride. */
static struct tfu_cpu_axis axis_of(const struct tfu_cpu_axis *a, int64_t first)
{
    const int64_t taps = taps_of(a, phase_of(a, first));
    return (struct tfu_cpu_axis){.size = a->out,
                                 .kernel = taps,
                                 .stride = 1,
                                 .pad = taps - 1 - (first + a->pad) / a->stride,
                                 .out = tfu_cpu_ceil_div(a->size - first, a->stride)};
}

struct work {
    struct tfu_cpu_conv v; /* the call's */
    int64_t block, blocks; /* of the channels of one group */
    const float *weight;   /* K,Cg,R,S */
    float *packed;         /* phase, G, blocks, taps of the phase, Kg, block */
    float *bands;          /* one for each worker */
    size_t bytes;
};

/* The pass that computes the pixels from first_h, first_w on, strides apart. */
static struct tfu_cpu_direct_pass pass_of(const struct work *w, int64_t first_h, int64_t first_w)
{
    const struct tfu_cpu_conv *v = &w->v;
    const struct tfu_cpu_conv phase =
        tfu_cpu_conv_backwards(v, axis_of(&v->h, first_h), axis_of(&v->w, first_w));
    struct tfu_cpu_direct_pass pass = tfu_cpu_direct_pass_of(&phase);
    pass.height = v->H;
    pass.width = v->W;
    pass.first_h = first_h;
    pass.first_w = first_w;
    pass.step_h = v->h.stride;
    pass.step_w = v->w.stride;
    return pass;
}

static struct work work_of(const struct tfu_cpu *dev, const struct tfu_op_call *c, void *workspace)
{
    struct work w = {.v = tfu_cpu_conv_of(dev, c), .block = dev->rows->tiles->block};
    const struct tfu_cpu_conv *v = &w.v;
    w.blocks = tfu_cpu_ceil_div(v->Cg, w.block);
    int64_t band = 0;
    for (int64_t i = 0; i < tfu_cpu_min(v->h.stride, v->H); i++)
        for (int64_t j = 0; j < tfu_cpu_min(v->w.stride, v->W); j++)
            band = tfu_cpu_max(band, pass_of(&w, i, j).band_one);
    struct tfu_cpu_scratch s = {workspace, 0};
    w.packed = tfu_cpu_take(&s, tfu_cpu_bytes(v->R * v->S * v->K * w.blocks * w.block));
    w.bands = tfu_cpu_take(&s, tfu_cpu_bytes(band * dev->host->threads));
    w.bytes = s.used;
    return w;
}

/* Where a phase's weights begin, in taps. */
static int64_t phase_at(const struct tfu_cpu_conv *v, int64_t phase_h, int64_t phase_w)
{
    return taps_before(&v->h, phase_h) * v->S +
           taps_of(&v->h, phase_h) * taps_before(&v->w, phase_w);
}

/* Weights of input channels `first`.. for one tap, from output channels k.first..k.end-1 of a
 * group, to blocks. Channels are neighbours in memory, R S floats apart. */
static void pack_tap(const struct work *w, int64_t index, int64_t h, int64_t x,
                     struct tfu_cpu_range k)
{
    const struct tfu_cpu_conv *v = &w->v;
    const int64_t block = w->block, RS = v->R * v->S;
    const int64_t group = index / w->blocks, first = index % w->blocks * block;
    const int64_t channels = tfu_cpu_min(block, v->Cg - first);
    const int64_t phase_h = h % v->h.stride, phase_w = x % v->w.stride;
    const int64_t rows = taps_of(&v->h, phase_h), columns = taps_of(&v->w, phase_w);
    const int64_t row = rows - 1 - h / v->h.stride, column = columns - 1 - x / v->w.stride;
    const int64_t tap =
        phase_at(v, phase_h, phase_w) * v->G * w->blocks + (index * rows + row) * columns + column;
    for (int64_t i = k.first; i < k.end; i++) {
        const float *from = w->weight + ((group * v->Kg + i) * v->Cg + first) * RS + h * v->S + x;
        float *to = w->packed + (tap * v->Kg + i) * block;
        for (int64_t c = 0; c < channels; c++)
            to[c] = from[c * RS];
        for (int64_t c = channels; c < block; c++)
            to[c] = 0;
    }
}

/* A task is a block of channels, all phases: weights are read once, some rows at a time that stay
 * in cache for all taps. */
static void pack_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    enum { ROWS = 16 };
    const struct work *w = arg;
    const struct tfu_cpu_conv *v = &w->v;
    for (int64_t k = 0; k < v->Kg; k += ROWS)
        for (int64_t h = 0; h < v->R; h++)
            for (int64_t x = 0; x < v->S; x++)
                pack_tap(w, index, h, x, (struct tfu_cpu_range){k, tfu_cpu_min(k + ROWS, v->Kg)});
}

double tfu_cpu_direct_data_cost(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_direct_seconds(&v, c, v.Cg);
}

size_t tfu_cpu_direct_data_workspace(void *dev, const struct tfu_op_call *c)
{
    return work_of(dev, c, NULL).bytes;
}

enum tfu_status tfu_cpu_direct_data_run(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c, c->workspace);
    const struct tfu_cpu_conv *v = &w.v;
    w.weight = c->param[0]->data;
    if (!c->grad_in[0]->data)
        return TFU_OK;
    tfu_cpu_parallel(dev, v->G * w.blocks, pack_task, &w);
    for (int64_t i = 0; i < tfu_cpu_min(v->h.stride, v->H); i++)
        for (int64_t j = 0; j < tfu_cpu_min(v->w.stride, v->W); j++) {
            struct tfu_cpu_direct_pass pass = pass_of(&w, i, j);
            const int64_t at = phase_at(v, phase_of(&v->h, i), phase_of(&v->w, j));
            pass.x = c->grad_out->data;
            pass.y = c->grad_in[0]->data;
            pass.packed = w.packed + at * v->G * w.blocks * v->Kg * w.block;
            pass.bands = w.bands;
            tfu_cpu_direct_run(&pass);
        }
    return TFU_OK;
}
