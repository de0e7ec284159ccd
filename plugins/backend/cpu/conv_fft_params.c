/* SPDX-License-Identifier: MIT
 *
 * conv_fft_params.c - the gradient by the kernels: the correlation of the image with the gradient
 * by the output. The tiles are those of the forward pass; the sum over tiles is the reduction of
 * the matrix products, so that one inverse transform is enough for each pair of channels.
 *     g piece [frequency][tile][2 planes][lane]      of a chunk of tiles and a block of K
 *     product [frequency][channel][2 planes][lane]   of a chunk of C and a block of K
 */
#include <string.h>

#include "conv_fft.h"
#include "kernels.h"

struct work {
    struct tfu_cpu_fft f;
    const float *grad;
    float *grad_weight;
    int64_t parts;  /* sums over parts of a range, each in an array of its own */
    float *partial; /* those, if there are several: K,C,R,S each */
    float *g;       /* pieces of a task, for each worker */
    int64_t g_one;  /* floats of those of one worker */
    float *product; /* a piece for each worker */
    void *bias_sums;
    size_t bytes;
};

static int64_t weight_floats(const struct tfu_cpu_fft *f)
{
    return f->v.K * f->v.taps;
}

static struct work work_of(const struct tfu_cpu_conv *v, int size, const struct tfu_op_call *c,
                           void *workspace)
{
    enum { TASKS = 8 }; /* wanted at least, to share out evenly */
    struct work w = {.f = tfu_cpu_fft_of(v, size)};
    struct tfu_cpu_fft *f = &w.f;
    const int64_t threads = v->dev->host->threads, chunks = f->range / f->chunk;
    w.parts = tfu_cpu_min(chunks, tfu_cpu_ceil_div(TASKS, f->k_blocks));
    w.g_one = tfu_cpu_ceil_div(chunks, w.parts) * f->y_piece;
    struct tfu_cpu_scratch s = {workspace, 0};
    f->x = tfu_cpu_take(&s, tfu_cpu_bytes(tfu_cpu_fft_x_floats(f)));
    w.g = tfu_cpu_take(&s, tfu_cpu_bytes(w.g_one * threads));
    w.product = tfu_cpu_take(&s, tfu_cpu_bytes(f->w_piece * threads));
    w.partial = tfu_cpu_take(&s, w.parts > 1 ? tfu_cpu_bytes(w.parts * weight_floats(f)) : 0);
    w.bias_sums = tfu_cpu_conv_take_bias(v, c, &s);
    w.bytes = s.used;
    return w;
}

/* The g piece of a chunk and a block of K. */
static void make_gradient_piece(const struct work *w, int64_t chunk, int64_t block, float *piece)
{
    const struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu_conv *v = &f->v;
    const struct tfu_cpu_range tiles = tfu_cpu_fft_chunk(f, chunk);
    const int64_t k = block * f->lanes;
    struct tfu_cpu_fft_image image = {.x = w->grad,
                                      .row_stride = v->Q * v->K,
                                      .pixel_stride = v->K,
                                      .channels = (size_t)tfu_cpu_min(f->lanes, v->K - k)};
    struct tfu_cpu_fft_spectrum s = {piece, (size_t)(f->chunk * 2 * f->lanes), (size_t)f->lanes};
    for (int64_t t = tiles.first; t < tiles.end; t++, s.data += 2 * f->lanes) {
        const struct tfu_cpu_place at = tfu_cpu_conv_place(v, &f->tiling, t);
        image.origin = ((at.n * v->P + at.p) * v->Q + at.q) * v->K + k;
        image.end_row = (int)at.rows;
        image.end_column = (int)at.columns;
        f->size->right(&image, &s);
    }
}

/* Adds the products over a chunk of tiles. */
static void multiply(const struct work *w, int64_t chunk, int64_t c_chunk, const float *g, int add,
                     float *product)
{
    const struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu_range tiles = tfu_cpu_fft_chunk(f, chunk);
    const struct tfu_cpu_range channels = tfu_cpu_fft_channels(f, c_chunk);
    struct tfu_cpu_fft_product p = {.left = tfu_cpu_fft_x_at(f, chunk, c_chunk),
                                    .right = g,
                                    .y = product,
                                    .rows = (size_t)(channels.end - channels.first),
                                    .depth = (size_t)(tiles.end - tiles.first),
                                    .row_stride = 1,
                                    .depth_stride = (size_t)(3 * f->channels),
                                    .plane_stride = (size_t)f->channels,
                                    .y_stride = (size_t)(2 * f->lanes),
                                    .y_plane = (size_t)f->lanes,
                                    .add = add};
    for (int64_t i = 0; i < f->size->frequencies; i++) {
        f->v.dev->rows->fft->product(&p);
        p.left += f->chunk * 3 * f->channels;
        p.right += f->chunk * 2 * f->lanes;
        p.y += f->channels * 2 * f->lanes;
    }
}

/* Kernels from one input channel to a block of K, [R][S][lane], to where weights lie. */
static void scatter_kernel(const struct work *w, int64_t c, int64_t block, const float *kernel,
                           float *weight)
{
    const struct tfu_cpu_conv *v = &w->f.v;
    const int64_t taps = v->R * v->S, lanes = w->f.lanes, first = block * lanes;
    const int64_t channels = tfu_cpu_min(lanes, v->K - first);
    const float scale = tfu_cpu_fft_scale(&w->f);
    float row[TFU_CPU_FFT_KERNEL_MAX];
    v->dev->rows->transpose(row, taps, kernel, lanes, (size_t)taps, (size_t)channels);
    for (int64_t l = 0; l < channels; l++) {
        float *to = weight + ((first + l) * v->C + c) * taps;
        if (w->f.first == 0)
            v->dev->rows->scale(to, row + l * taps, scale, (size_t)taps);
        else
            v->dev->rows->add_scaled(to, row + l * taps, scale, (size_t)taps);
    }
}

static void write_kernels(const struct work *w, int64_t c_chunk, int64_t block, float *product,
                          float *weight)
{
    const struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu_range channels = tfu_cpu_fft_channels(f, c_chunk);
    float kernel[TFU_CPU_FFT_KERNEL_MAX];
    const struct tfu_cpu_fft_target target = {.y = kernel,
                                              .row_stride = (size_t)(f->v.S * f->lanes),
                                              .pixel_stride = (size_t)f->lanes,
                                              .rows = (int)f->v.R,
                                              .columns = (int)f->v.S,
                                              .channels = (size_t)f->lanes};
    struct tfu_cpu_fft_spectrum s = {product, (size_t)(f->channels * 2 * f->lanes),
                                     (size_t)f->lanes};
    for (int64_t c = channels.first; c < channels.end; c++, s.data += 2 * f->lanes) {
        f->size->inverse(&s, &target);
        scatter_kernel(w, c, block, kernel, weight);
    }
}

/* A task is a block of K and a part of the range. */
static void gradient_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_fft *f = &w->f;
    const int64_t block = index / w->parts, part = index % w->parts;
    const struct tfu_cpu_range chunks = tfu_cpu_part(tfu_cpu_fft_chunks(f), w->parts, part);
    float *g = w->g + worker * w->g_one, *product = w->product + worker * f->w_piece;
    float *weight = w->parts > 1 ? w->partial + part * weight_floats(f) : w->grad_weight;
    for (int64_t i = chunks.first; i < chunks.end; i++)
        make_gradient_piece(w, i, block, g + (i - chunks.first) * f->y_piece);
    for (int64_t c = 0; c < f->c_chunks; c++) {
        if (chunks.first == chunks.end)
            memset(product, 0, (size_t)f->w_piece * sizeof(float));
        for (int64_t i = chunks.first; i < chunks.end; i++)
            multiply(w, i, c, g + (i - chunks.first) * f->y_piece, i > chunks.first, product);
        write_kernels(w, c, block, product, weight);
    }
}

static void run_params(struct work *w)
{
    struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu *dev = f->v.dev;
    for (f->first = 0; f->first < f->tiling.tiles; f->first += f->range) {
        tfu_cpu_fft_transform_image(f);
        tfu_cpu_parallel(dev, f->k_blocks * w->parts, gradient_task, w);
    }
    if (w->parts > 1)
        tfu_cpu_conv_add_parts(&f->v, w->partial, w->parts, w->grad_weight);
}

static double params_cost(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    if (!tfu_cpu_takes(c) || !tfu_cpu_fft_supports(&v, size))
        return -1;
    const struct work w = work_of(&v, size, c, NULL);
    const double ranges = (double)tfu_cpu_ceil_div(w.f.tiling.tiles, w.f.range);
    const double kernels = (double)v.C * (double)w.f.k_blocks * ranges * (double)w.parts;
    const double vectors = (double)tfu_cpu_ceil_div(v.C, w.f.lanes) + (double)w.f.k_blocks;
    return tfu_cpu_fft_seconds(&w.f, c, kernels + (double)w.f.tiling.tiles * vectors);
}

static size_t params_workspace(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return work_of(&v, size, c, NULL).bytes;
}

static enum tfu_status params_run(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, size, c, c->workspace);
    w.f.image = c->in[0]->data;
    w.grad = c->grad_out->data;
    w.grad_weight = c->grad_param[0]->data;
    if (w.grad_weight)
        run_params(&w);
    tfu_cpu_conv_bias_gradient(&v, c, w.bias_sums);
    return TFU_OK;
}

static double params_work(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_fft_products(&v, size);
}

TFU_CPU_FFT_SIZED(params)
