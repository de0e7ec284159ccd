/* SPDX-License-Identifier: MIT
 *
 * conv_winograd_params.c - the gradient by the kernels: that of the forward pass, transposed. The
 * sum over tiles is the reduction of the matrix products, so that one transform back is enough for
 * each pair of channels.
 *     g piece [point][tile][column]       of a chunk of tiles and a block of K
 *     product [weight][channel][column]   of a chunk of C and a block of K
 */
#include <string.h>

#include "conv_winograd.h"
#include "kernels.h"

struct work {
    struct tfu_cpu_winograd f;
    const float *grad;
    float *grad_weight;
    struct tfu_cpu_winograd_range range;
    int64_t parts;  /* sums over parts of a range, each in an array of its own */
    float *partial; /* those, if there are several: K,C,R,S each */
    float *g;       /* a piece for each worker */
    float *product; /* of all chunks of C, for each worker */
    int64_t product_one;
    void *bias_sums;
    size_t bytes;
};

static int64_t weight_floats(const struct tfu_cpu_winograd *f)
{
    return f->v.K * f->v.taps;
}

static struct work work_of(const struct tfu_cpu_conv *v, int outputs, const struct tfu_op_call *c,
                           void *workspace)
{
    enum { CHUNK = 1 << 20, RANGE_X = 8 << 20, TASKS = 8 };
    const int64_t parts_most =
        tfu_cpu_ceil_div(TASKS, tfu_cpu_ceil_div(v->K, v->dev->rows->tiles->block));
    const int64_t each = (int64_t)sizeof(float), threads = v->dev->host->threads;
    struct work w = {
        .f = tfu_cpu_winograd_of(v, 0, outputs, CHUNK, TFU_CPU_WINOGRAD_CHUNK, parts_most)};
    struct tfu_cpu_winograd *f = &w.f;
    const int64_t most = RANGE_X / (f->c_chunks * f->x_piece * each);
    w.range.most = tfu_cpu_max(1, tfu_cpu_min(most, f->chunks));
    w.parts = tfu_cpu_min(w.range.most, parts_most);
    const int64_t partial = tfu_cpu_min(f->chunks, parts_most); /* of any smaller batch, too */
    w.product_one = f->c_chunks * f->w_piece;
    struct tfu_cpu_scratch s = {workspace, 0};
    w.range.x =
        tfu_cpu_take(&s, tfu_cpu_bytes(tfu_cpu_winograd_room(f, f->x_row, f->c_chunks, RANGE_X)));
    w.g = tfu_cpu_take(&s, tfu_cpu_bytes(tfu_cpu_winograd_room(f, f->block, 1, 0) * threads));
    w.product = tfu_cpu_take(&s, tfu_cpu_bytes(w.product_one * threads));
    w.partial = tfu_cpu_take(&s, partial > 1 ? tfu_cpu_bytes(partial * weight_floats(f)) : 0);
    w.bias_sums = tfu_cpu_conv_take_bias(v, c, &s);
    w.bytes = s.used;
    return w;
}

/* Adds the products over a chunk of tiles to a product piece. */
static void multiply(const struct work *w, int64_t chunk, int64_t c_chunk, const float *x,
                     const float *g, float *product)
{
    const struct tfu_cpu_winograd *f = &w->f;
    const struct tfu_cpu_range tiles = tfu_cpu_winograd_tiles_of(f, chunk);
    const struct tfu_cpu_range channels = tfu_cpu_winograd_channels_of(f, c_chunk);
    struct tfu_cpu_conv_params p = {.x = x + c_chunk * f->x_piece,
                                    .grad = g,
                                    .rows = 1,
                                    .pixels = (size_t)(tiles.end - tiles.first),
                                    .pixel_stride = (size_t)f->x_row,
                                    .run = (size_t)(channels.end - channels.first)};
    for (int64_t i = 0; i < f->points; i++) {
        p.sum = product + tfu_cpu_winograd_weight(f, i) * f->w_point;
        f->v.dev->rows->tiles->conv_params(&p);
        p.x += f->x_point;
        p.grad += f->y_point;
    }
}

/* Kernels [channel][tap][column] from channels c..c+count-1 to a block of K, to where weights lie.
 */
static void scatter_kernels(const struct work *w, int64_t c, int64_t count, int64_t block,
                            const float *kernel, float *weight)
{
    enum { RUN_MAX = 72 };
    const struct tfu_cpu_conv *v = &w->f.v;
    const struct tfu_cpu_rows *rows = v->dev->rows;
    const int64_t run = count * v->R * v->S, first = block * w->f.block;
    const int64_t columns = tfu_cpu_min(w->f.block, v->K - first);
    float *to = weight + (first * v->C + c) * v->R * v->S;
    if (w->range.first == 0) {
        rows->transpose(to, v->taps, kernel, w->f.block, (size_t)run, (size_t)columns);
        return;
    }
    float row[TFU_CPU_BLOCK_MAX * RUN_MAX];
    rows->transpose(row, run, kernel, w->f.block, (size_t)run, (size_t)columns);
    for (int64_t k = 0; k < columns; k++, to += v->taps)
        rows->add(to, to, row + k * run, (size_t)run);
}

static void write_kernels(const struct work *w, int64_t c_chunk, int64_t block,
                          const float *product, float *weight)
{
    enum { GROUP = 8, TAPS_MAX = 9 };
    const struct tfu_cpu_winograd *f = &w->f;
    const struct tfu_cpu_range channels = tfu_cpu_winograd_channels_of(f, c_chunk);
    const int64_t taps = f->v.R * f->v.S;
    float kernel[GROUP * TAPS_MAX * TFU_CPU_BLOCK_MAX];
    struct tfu_cpu_winograd_square s = {.from_row = f->weights_w * f->w_point,
                                        .from_column = f->w_point,
                                        .to_row = f->v.S * f->block,
                                        .to_column = f->block};
    for (int64_t first = channels.first; first < channels.end; first += GROUP) {
        const int64_t count = tfu_cpu_min(GROUP, channels.end - first);
        for (int64_t i = 0; i < count; i++)
            for (int64_t k = 0; k < f->block; k += f->tile->lanes) {
                s.from = product + (first - channels.first + i) * f->block + k;
                s.to = kernel + i * taps * f->block + k;
                tfu_cpu_winograd_transform(f, TFU_CPU_WINOGRAD_KERNEL_GRADIENT, &s);
            }
        scatter_kernels(w, first, count, block, kernel, weight);
    }
}

/* A task is a block of K and a part of the range. */
static void gradient_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_winograd *f = &w->f;
    const int64_t block = index / w->parts, part = index % w->parts;
    const struct tfu_cpu_range chunks =
        tfu_cpu_part(tfu_cpu_winograd_range_chunks(f, &w->range), w->parts, part);
    float *g = w->g + worker * f->y_piece, *product = w->product + worker * w->product_one;
    float *weight = w->parts > 1 ? w->partial + part * weight_floats(f) : w->grad_weight;
    memset(product, 0, (size_t)w->product_one * sizeof *product);
    for (int64_t i = chunks.first; i < chunks.end; i++) {
        tfu_cpu_winograd_transform_gradient(f, w->grad, w->range.first + i, block, g);
        for (int64_t c = 0; c < f->c_chunks; c++)
            multiply(w, w->range.first + i, c, tfu_cpu_winograd_range_x(f, &w->range, i), g,
                     product + c * f->w_piece);
    }
    for (int64_t c = 0; c < f->c_chunks; c++)
        write_kernels(w, c, block, product + c * f->w_piece, weight);
}

static void run_params(struct work *w)
{
    const struct tfu_cpu_winograd *f = &w->f;
    const struct tfu_cpu *dev = f->v.dev;
    for (w->range.first = 0; w->range.first < f->chunks; w->range.first += w->range.most) {
        tfu_cpu_winograd_transform_range(f, &w->range);
        tfu_cpu_parallel(dev, f->k_blocks * w->parts, gradient_task, w);
    }
    if (w->parts > 1)
        tfu_cpu_conv_add_parts(&f->v, w->partial, w->parts, w->grad_weight);
}

static double params_cost(void *dev, const struct tfu_op_call *c, int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    if (!tfu_cpu_takes(c) || !tfu_cpu_winograd_supports(&v, 0, outputs))
        return -1;
    const struct work w = work_of(&v, outputs, c, NULL);
    const double ranges = (double)tfu_cpu_ceil_div(w.f.chunks, w.range.most);
    return tfu_cpu_winograd_seconds(&w.f, c, ranges * (double)w.parts);
}

static size_t params_workspace(void *dev, const struct tfu_op_call *c, int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return work_of(&v, outputs, c, NULL).bytes;
}

static enum tfu_status params_run(void *dev, const struct tfu_op_call *c, int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, outputs, c, c->workspace);
    w.range.image = c->in[0]->data;
    w.grad = c->grad_out->data;
    w.grad_weight = c->grad_param[0]->data;
    if (w.grad_weight)
        run_params(&w);
    tfu_cpu_conv_bias_gradient(&v, c, w.bias_sums);
    return TFU_OK;
}

static double params_work(void *dev, const struct tfu_op_call *c, int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_winograd_products(&v, 0, outputs);
}

TFU_CPU_WINOGRAD_SIZED(params)
