/* SPDX-License-Identifier: MIT
 *
 * conv_fft.c - convolution by Fourier transforms of tiles: forward, and backward to the data, which
 * is the forward pass of the transposed convolution. See conv_fft.h.
 *
 * Zlateski, Jia, Li, Durand: FFT convolutions are faster than Winograd on modern CPUs, here is why,
 * 2018.
 */
#include <string.h>

#include "conv_fft.h"
#include "kernels.h"
#include "tail.h"

struct work {
    struct tfu_cpu_fft f;
    const float *weight;
    int transposed; /* `weight` is that of the transposed convolution, C,K,R,S */
    int shared;     /* are all w pieces made once, and shared? Else each task makes its own. */
    float *w;       /* shared pieces [block of K][chunk of C], or one for each worker */
    const float *kernels; /* all of these pieces; NULL: they are not shared */
    float *y;             /* pieces of a task, for each worker */
    int64_t y_one;        /* floats of those of one worker */
    float *out;
    struct tfu_cpu_tail tail;
    size_t bytes;
};

/* To make the kernels' spectra once pays where they have to be made for many ranges or parts of a
 * range otherwise, and are not so large that they have to come from memory again and again. */
enum { SHARED_BYTES = 14 << 20, OWN_CHUNKS = 3 };

static int sharing_pays(const struct tfu_cpu_fft *f)
{
    const int64_t bytes = f->k_blocks * f->c_chunks * f->w_piece * (int64_t)sizeof(float);
    return bytes <= SHARED_BYTES && f->tiling.tiles > OWN_CHUNKS * f->chunk;
}

static struct work work_of(const struct tfu_cpu_conv *v, int size, const struct tfu_op_call *c,
                           void *workspace)
{
    struct work w = {.f = tfu_cpu_fft_of(v, size)};
    struct tfu_cpu_fft *f = &w.f;
    const int64_t threads = v->dev->host->threads;
    w.shared = sharing_pays(f);
    /* a smaller batch, which may not share, has to do with the same scratch */
    const int64_t chunks = f->range / f->chunk;
    const int64_t pieces = w.shared ? tfu_cpu_max(f->k_blocks * f->c_chunks, threads) : threads;
    w.y_one = f->y_piece * (w.shared ? tfu_cpu_min(OWN_CHUNKS, chunks) : chunks);
    struct tfu_cpu_scratch s = {workspace, 0};
    f->x = tfu_cpu_take(&s, tfu_cpu_bytes(tfu_cpu_fft_x_floats(f)));
    w.w = tfu_cpu_take(&s, tfu_cpu_bytes(f->w_piece * pieces));
    w.y = tfu_cpu_take(&s, tfu_cpu_bytes(w.y_one * threads));
    if (c)
        w.tail = tfu_cpu_tail_of(v->dev, c, &s);
    w.bytes = s.used;
    return w;
}

/* The kernels from channel c to a block of K, [R][S][lane]. */
static void gather_kernel(const struct work *w, int64_t c, int64_t block, float *kernel)
{
    const struct tfu_cpu_conv *v = &w->f.v;
    const int64_t taps = v->R * v->S, lanes = w->f.lanes;
    const float scale = tfu_cpu_fft_scale(&w->f);
    const struct tfu_cpu_rows *rows = v->dev->rows;
    const int64_t first = block * lanes, channels = tfu_cpu_min(lanes, v->K - first);
    if (channels < lanes)
        memset(kernel, 0, (size_t)(taps * lanes) * sizeof(float));
    if (w->transposed) /* backwards */
        rows->transpose(kernel + (taps - 1) * lanes, -lanes, w->weight + (c * v->K + first) * taps,
                        taps, (size_t)channels, (size_t)taps);
    else
        rows->transpose(kernel, lanes, w->weight + (first * v->C + c) * taps, v->taps,
                        (size_t)channels, (size_t)taps);
    rows->scale(kernel, kernel, scale, (size_t)(taps * lanes));
}

static void make_kernel_piece(const struct work *w, int64_t block, int64_t c_chunk, float *piece)
{
    const struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu_range channels = tfu_cpu_fft_channels(f, c_chunk);
    float kernel[TFU_CPU_FFT_KERNEL_MAX];
    const struct tfu_cpu_fft_image image = {.x = kernel,
                                            .row_stride = f->v.S * f->lanes,
                                            .pixel_stride = f->lanes,
                                            .end_row = (int)f->v.R,
                                            .end_column = (int)f->v.S,
                                            .channels = (size_t)f->lanes};
    struct tfu_cpu_fft_spectrum s = {piece, (size_t)(f->channels * 2 * f->lanes), (size_t)f->lanes};
    for (int64_t c = channels.first; c < channels.end; c++, s.data += 2 * f->lanes) {
        gather_kernel(w, c, block, kernel);
        f->size->right(&image, &s);
    }
}

static void kernel_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    make_kernel_piece(w, index / w->f.c_chunks, index % w->f.c_chunks, w->w + index * w->f.w_piece);
}

/* Adds the products of a chunk of tiles and a chunk of C to a y piece. */
static void multiply(const struct work *w, int64_t chunk, int64_t c_chunk, const float *kernels,
                     float *y)
{
    const struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu_range tiles = tfu_cpu_fft_chunk(f, chunk);
    const struct tfu_cpu_range channels = tfu_cpu_fft_channels(f, c_chunk);
    struct tfu_cpu_fft_product p = {.left = tfu_cpu_fft_x_at(f, chunk, c_chunk),
                                    .right = kernels,
                                    .y = y,
                                    .rows = (size_t)(tiles.end - tiles.first),
                                    .depth = (size_t)(channels.end - channels.first),
                                    .row_stride = (size_t)(3 * f->channels),
                                    .depth_stride = 1,
                                    .plane_stride = (size_t)f->channels,
                                    .y_stride = (size_t)(2 * f->lanes),
                                    .y_plane = (size_t)f->lanes,
                                    .add = c_chunk > 0};
    for (int64_t i = 0; i < f->size->frequencies; i++) {
        f->v.dev->rows->fft->product(&p);
        p.left += f->chunk * 3 * f->channels;
        p.right += f->channels * 2 * f->lanes;
        p.y += f->chunk * 2 * f->lanes;
    }
}

/* A y piece back to the image. */
static void write_outputs(const struct work *w, int64_t chunk, int64_t block, float *y)
{
    const struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu_conv *v = &f->v;
    const struct tfu_cpu_range tiles = tfu_cpu_fft_chunk(f, chunk);
    const int64_t k = block * f->lanes, channels = tfu_cpu_min(f->lanes, v->K - k);
    struct tfu_cpu_fft_spectrum s = {y, (size_t)(f->chunk * 2 * f->lanes), (size_t)f->lanes};
    for (int64_t t = tiles.first; t < tiles.end; t++, s.data += 2 * f->lanes) {
        const struct tfu_cpu_place at = tfu_cpu_conv_place(v, &f->tiling, t);
        const int64_t pixel = (at.n * v->P + at.p) * v->Q + at.q;
        const struct tfu_cpu_fft_target target = {.y = w->out + pixel * v->K + k,
                                                  .row_stride = (size_t)(v->Q * v->K),
                                                  .pixel_stride = (size_t)v->K,
                                                  .rows = (int)at.rows,
                                                  .columns = (int)at.columns,
                                                  .channels = (size_t)channels};
        f->size->inverse(&s, &target);
        for (int64_t p = 0; p < at.rows; p++)
            tfu_cpu_tail_apply(&w->tail, w->out, pixel + p * v->Q, at.columns, k, channels);
    }
}

/* A task is a block of K, and a chunk of the range where kernels are shared, else all of it. */
static void output_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_fft *f = &w->f;
    const int64_t chunks = tfu_cpu_fft_chunks(f), parts = w->shared ? chunks : 1;
    const int64_t block = index / parts;
    const struct tfu_cpu_range part = tfu_cpu_part(chunks, parts, index % parts);
    float *y = w->y + worker * w->y_one, *own = w->w + worker * f->w_piece;
    for (int64_t c = 0; c < f->c_chunks; c++) {
        const float *kernels =
            w->kernels ? w->kernels + (block * f->c_chunks + c) * f->w_piece : own;
        if (!w->kernels)
            make_kernel_piece(w, block, c, own);
        for (int64_t i = part.first; i < part.end; i++)
            multiply(w, i, c, kernels, y + (i - part.first) * f->y_piece);
    }
    for (int64_t i = part.first; i < part.end; i++)
        write_outputs(w, i, block, y + (i - part.first) * f->y_piece);
}

static void make_kernels(struct work *w)
{
    tfu_cpu_parallel(w->f.v.dev, w->f.k_blocks * w->f.c_chunks, kernel_task, w);
}

/* `packed`: NULL, or all pieces of the kernels. */
static void run_forward(struct work *w, const float *packed)
{
    struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu *dev = f->v.dev;
    w->kernels = packed ? packed : w->shared ? w->w : NULL;
    if (w->shared && !packed)
        make_kernels(w);
    for (f->first = 0; f->first < f->tiling.tiles; f->first += f->range) {
        tfu_cpu_fft_transform_image(f);
        const int64_t parts = w->shared ? tfu_cpu_fft_chunks(f) : 1;
        tfu_cpu_parallel(dev, f->k_blocks * parts, output_task, w);
    }
}

static double cost(const struct tfu_cpu_conv *v, const struct tfu_op_call *c, int size)
{
    if (!tfu_cpu_takes(c) || !tfu_cpu_fft_supports(v, size))
        return -1;
    const struct tfu_cpu_fft f = tfu_cpu_fft_of(v, size);
    const int64_t ranges = sharing_pays(&f) ? 1 : tfu_cpu_ceil_div(f.tiling.tiles, f.range);
    const double kernels = (double)v->C * (double)f.k_blocks * (double)ranges;
    const double vectors = (double)tfu_cpu_ceil_div(v->C, f.lanes) + (double)f.k_blocks;
    return tfu_cpu_fft_seconds(&f, c, kernels + (double)f.tiling.tiles * vectors);
}

static double forward_cost(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return cost(&v, c, size);
}

static size_t forward_workspace(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return work_of(&v, size, c, NULL).bytes;
}

static enum tfu_status forward_run(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, size, c, c->workspace);
    w.f.image = c->in[0]->data;
    w.weight = c->param[0]->data;
    w.out = c->out->data;
    run_forward(&w, c->packed);
    return TFU_OK;
}

static size_t forward_packed_size(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    const struct tfu_cpu_fft f = tfu_cpu_fft_of(&v, size);
    return sharing_pays(&f) && tfu_cpu_conv_keeps_weights(&v)
               ? tfu_cpu_bytes(f.k_blocks * f.c_chunks * f.w_piece)
               : 0;
}

static enum tfu_status forward_pack(void *dev, const struct tfu_op_call *c, void *packed, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, size, NULL, NULL);
    w.weight = c->param[0]->data;
    w.w = packed;
    make_kernels(&w);
    return TFU_OK;
}

static double data_cost(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c);
    if (!tfu_cpu_conv_transposable(&own))
        return -1;
    const struct tfu_cpu_conv v = tfu_cpu_conv_transpose(&own);
    return cost(&v, c, size);
}

static size_t data_workspace(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c), v = tfu_cpu_conv_transpose(&own);
    return work_of(&v, size, NULL, NULL).bytes;
}

static enum tfu_status data_run(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c), v = tfu_cpu_conv_transpose(&own);
    if (!c->grad_in[0]->data)
        return TFU_OK;
    struct work w = work_of(&v, size, NULL, c->workspace);
    w.f.image = c->grad_out->data;
    w.weight = c->param[0]->data;
    w.transposed = 1;
    w.out = c->grad_in[0]->data;
    run_forward(&w, NULL);
    return TFU_OK;
}

static double forward_work(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_fft_products(&v, size);
}

static double data_work(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c), v = tfu_cpu_conv_transpose(&own);
    return tfu_cpu_fft_products(&v, size);
}

TFU_CPU_FFT_SIZED(forward)
TFU_CPU_PACK_SIZED(tfu_cpu_fft12_forward, 0)
TFU_CPU_PACK_SIZED(tfu_cpu_fft16_forward, 1)
TFU_CPU_PACK_SIZED(tfu_cpu_fft18_forward, 2)
TFU_CPU_PACK_SIZED(tfu_cpu_fft20_forward, 3)
TFU_CPU_PACK_SIZED(tfu_cpu_fft24_forward, 4)
TFU_CPU_PACK_SIZED(tfu_cpu_fft32_forward, 5)
TFU_CPU_FFT_SIZED(data)
