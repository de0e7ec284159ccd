/* SPDX-License-Identifier: MIT
 *
 * conv_winograd.c - convolution by Winograd's minimal filters: forward, and backward to the data,
 * which is the forward pass of the transposed convolution. See conv_winograd.h.
 *
 * Lavin, Gray: Fast Algorithms for Convolutional Neural Networks, 2015.
 */
#include <string.h>

#include "conv_winograd.h"
#include "kernels.h"
#include "tail.h"

struct work {
    struct tfu_cpu_winograd f;
    const float *weight;
    int backwards; /* `weight` is that of the call, C,K,R,S */
    /* Small weights are transformed once, and shared by tasks that take a chunk of tiles through
     * everything. Of large ones each task makes a block of K for all tiles of a range. */
    int shared;
    struct tfu_cpu_winograd_range range; /* where they are not shared; else x has a piece for each
                                            worker, and `most` is 1 */
    float *w;                            /* all, or a piece for each worker */
    const float *kernels;                /* all, where they are shared */
    float *y;                            /* pieces of a task, for each worker */
    float *out;
    int stream; /* is that written past the caches? */
    struct tfu_cpu_tail tail;
    size_t bytes;
};

/* `own` is the call's convolution; `c` is the call whose tail is to be done, NULL: there is none.
 */
static struct work work_of(const struct tfu_cpu_conv *own, int backwards, int outputs,
                           const struct tfu_op_call *c, void *workspace)
{
    enum { SHARED = 6 << 20, MANY = 64, SHARED_BY_MANY = 16 << 20 };
    enum { CHUNK = 640 << 10, RANGE_X = 8 << 20, RANGE_Y = 2 << 20, TASKS = 8 };
    const int64_t each = (int64_t)sizeof(float), threads = own->dev->host->threads;
    const int64_t all = backwards ? own->K : own->C;
    struct work w = {.f = tfu_cpu_winograd_of(own, backwards, outputs, CHUNK, all, TASKS),
                     .backwards = backwards,
                     .range = {.most = 1}};
    struct tfu_cpu_winograd *f = &w.f;
    const int64_t weights = f->k_blocks * f->w_piece;
    w.shared =
        weights * each <= (f->tiling.rows * f->tiling.columns < MANY ? SHARED : SHARED_BY_MANY);
    if (!w.shared) {
        *f = tfu_cpu_winograd_of(own, backwards, outputs, CHUNK, TFU_CPU_WINOGRAD_CHUNK, 1);
        const int64_t most =
            tfu_cpu_min(RANGE_X / (f->c_chunks * f->x_piece * each), RANGE_Y / (f->y_piece * each));
        w.range.most = tfu_cpu_max(1, tfu_cpu_min(most, f->chunks));
    }
    struct tfu_cpu_scratch s = {workspace, 0};
    w.w = tfu_cpu_take(&s, tfu_cpu_bytes(w.shared ? weights : f->w_piece * threads));
    const int64_t x = tfu_cpu_winograd_room(f, f->x_row, f->c_chunks, w.shared ? 0 : RANGE_X);
    const int64_t y = tfu_cpu_winograd_room(f, f->block, 1, w.shared ? 0 : RANGE_Y);
    w.range.x = tfu_cpu_take(&s, tfu_cpu_bytes(x * (w.shared ? threads : 1)));
    w.y = tfu_cpu_take(&s, tfu_cpu_bytes(y * threads));
    if (c)
        w.tail = tfu_cpu_tail_of(own->dev, c, &s);
    w.bytes = s.used;
    return w;
}

/* The kernels from channels c..c+count-1 to a block of K: [channel][tap][column]. */
static void gather_kernels(const struct work *w, int64_t c, int64_t count, int64_t block,
                           float *kernel)
{
    const struct tfu_cpu_conv *v = &w->f.v;
    const struct tfu_cpu_rows *rows = v->dev->rows;
    const int64_t taps = v->R * v->S, width = w->f.block, first = block * width;
    const size_t columns = (size_t)tfu_cpu_min(width, v->K - first);
    if (columns < (size_t)width)
        memset(kernel, 0, (size_t)(count * taps * width) * sizeof *kernel);
    if (!w->backwards)
        rows->transpose(kernel, width, w->weight + (first * v->C + c) * taps, v->taps, columns,
                        (size_t)(count * taps));
    for (int64_t i = 0; i < count && w->backwards; i++) /* backwards */
        rows->transpose(kernel + ((i + 1) * taps - 1) * width, -width,
                        w->weight + ((c + i) * v->K + first) * taps, taps, columns, (size_t)taps);
}

static void make_kernel_piece(const struct work *w, int64_t block, int64_t c_chunk, float *piece)
{
    enum { GROUP = 8, TAPS_MAX = 9 };
    const struct tfu_cpu_winograd *f = &w->f;
    const struct tfu_cpu_range channels = tfu_cpu_winograd_channels_of(f, c_chunk);
    const int64_t taps = f->v.R * f->v.S;
    float kernel[GROUP * TAPS_MAX * TFU_CPU_BLOCK_MAX];
    struct tfu_cpu_winograd_square s = {.from_row = f->v.S * f->block,
                                        .from_column = f->block,
                                        .to_row = f->weights_w * f->w_point,
                                        .to_column = f->w_point};
    for (int64_t c = channels.first; c < channels.end; c++, piece += f->block) {
        const int64_t i = (c - channels.first) % GROUP;
        if (i == 0)
            gather_kernels(w, c, tfu_cpu_min(GROUP, channels.end - c), block, kernel);
        for (int64_t k = 0; k < f->block; k += f->tile->lanes) {
            s.from = kernel + i * taps * f->block + k;
            s.to = piece + k;
            tfu_cpu_winograd_transform(f, TFU_CPU_WINOGRAD_KERNEL, &s);
        }
    }
}

/* Adds the products of a chunk of tiles and a chunk of C to a y piece. */
static void multiply(const struct work *w, int64_t chunk, int64_t c_chunk, const float *x,
                     const float *kernels, float *y)
{
    const struct tfu_cpu_winograd *f = &w->f;
    const struct tfu_cpu_range tiles = tfu_cpu_winograd_tiles_of(f, chunk);
    const struct tfu_cpu_range channels = tfu_cpu_winograd_channels_of(f, c_chunk);
    struct tfu_cpu_conv_row row = {.x = x + c_chunk * f->x_piece,
                                   .y = y,
                                   .pixels = (size_t)(tiles.end - tiles.first),
                                   .pixel_stride = (size_t)f->x_row,
                                   .y_stride = (size_t)f->block,
                                   .runs = 1,
                                   .run = (size_t)(channels.end - channels.first),
                                   .channels = (size_t)f->block,
                                   .add = c_chunk > 0};
    for (int64_t i = 0; i < f->points; i++) {
        row.weight = kernels + tfu_cpu_winograd_weight(f, i) * f->w_point;
        f->v.dev->rows->tiles->conv_row(&row);
        row.x += f->x_point;
        row.y += f->y_point;
    }
}

/* A vector of a tile of the output from a y piece, from output pixel `pixel` and channel k on. At
 * the lower and right edge, and where K ends in a part of a vector, it is computed aside. */
static void write_square(const struct work *w, const struct tfu_cpu_place *at, int64_t pixel,
                         int64_t k, const float *y)
{
    const struct tfu_cpu_winograd *f = &w->f;
    const int64_t K = f->v.K, lanes = f->tile->lanes, stride = f->y_point;
    const int64_t channels = tfu_cpu_min(lanes, K - k);
    float *to = w->out + pixel * K + k;
    struct tfu_cpu_winograd_square s = {.from = y,
                                        .from_row = f->points_w * stride,
                                        .from_column = stride,
                                        .to = to,
                                        .to_row = f->v.Q * K,
                                        .to_column = K};
    if (at->rows == f->tiling.out_h && at->columns == f->tiling.out_w && channels == lanes) {
        const struct tfu_cpu_finish finish = tfu_cpu_tail_at(&w->tail, pixel, k);
        s.finish = w->tail.any ? &finish : NULL;
        s.stream = w->stream;
        tfu_cpu_winograd_transform(f, TFU_CPU_WINOGRAD_OUTPUT, &s);
        return;
    }
    float square[TFU_CPU_WINOGRAD_POINTS_MAX * TFU_CPU_WINOGRAD_LANES_MAX];
    const struct tfu_cpu_winograd_lines inside = {.from = square,
                                                  .to = to,
                                                  .from_step = lanes,
                                                  .from_line = f->tiling.out_w * lanes,
                                                  .to_step = s.to_column,
                                                  .to_line = s.to_row,
                                                  .lines = at->rows};
    s.to = square;
    s.to_row = inside.from_line;
    s.to_column = lanes;
    tfu_cpu_winograd_transform(f, TFU_CPU_WINOGRAD_OUTPUT, &s);
    f->tile->copy(&inside, at->columns, (size_t)channels);
    for (int64_t p = 0; p < at->rows; p++)
        tfu_cpu_tail_apply(&w->tail, w->out, pixel + p * f->v.Q, at->columns, k, channels);
}

static void write_outputs(const struct work *w, int64_t chunk, int64_t block, const float *y)
{
    const struct tfu_cpu_winograd *f = &w->f;
    const struct tfu_cpu_conv *v = &f->v;
    const struct tfu_cpu_range tiles = tfu_cpu_winograd_tiles_of(f, chunk);
    const int64_t first = block * f->block, columns = tfu_cpu_min(f->block, v->K - first);
    for (int64_t t = tiles.first; t < tiles.end; t++, y += f->block) {
        const struct tfu_cpu_place at = tfu_cpu_conv_place(v, &f->tiling, t);
        const int64_t pixel = (at.n * v->P + at.p) * v->Q + at.q;
        for (int64_t k = 0; k < columns; k += f->tile->lanes)
            write_square(w, &at, pixel, first + k, y + k);
    }
    if (w->stream)
        v->dev->rows->tiles->stream_end();
}

static void kernel_task(void *arg, uint32_t block, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    make_kernel_piece(w, block, 0, w->w + block * w->f.w_piece);
}

static void chunk_task(void *arg, uint32_t chunk, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_winograd *f = &w->f;
    float *x = w->range.x + worker * f->x_piece, *y = w->y + worker * f->y_piece;
    tfu_cpu_winograd_transform_image(f, w->range.image, chunk, 0, x);
    for (int64_t block = 0; block < f->k_blocks; block++) {
        multiply(w, chunk, 0, x, w->kernels + block * f->w_piece, y);
        write_outputs(w, chunk, block, y);
    }
}

static void block_task(void *arg, uint32_t block, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_winograd *f = &w->f;
    const int64_t chunks = tfu_cpu_winograd_range_chunks(f, &w->range);
    float *kernels = w->w + worker * f->w_piece, *y = w->y + worker * w->range.most * f->y_piece;
    for (int64_t c = 0; c < f->c_chunks; c++) {
        make_kernel_piece(w, block, c, kernels);
        for (int64_t i = 0; i < chunks; i++)
            multiply(w, w->range.first + i, c, tfu_cpu_winograd_range_x(f, &w->range, i), kernels,
                     y + i * f->y_piece);
    }
    for (int64_t i = 0; i < chunks; i++)
        write_outputs(w, w->range.first + i, block, y + i * f->y_piece);
}

/* `packed`: NULL, or all kernels, which are shared then. */
static void run_forward(struct work *w, const float *packed)
{
    const struct tfu_cpu_winograd *f = &w->f;
    const struct tfu_cpu *dev = f->v.dev;
    const int64_t chunks = f->chunks, blocks = f->k_blocks;
    /* a vector must be a line of cache: others come too late to be written with it */
    w->stream = f->tile->lanes * (int64_t)sizeof(float) == TFU_CPU_LINE &&
                tfu_cpu_streams(w->out, f->v.pixels, f->v.K);
    if (w->shared) {
        w->kernels = packed ? packed : w->w;
        if (!packed)
            tfu_cpu_parallel(dev, blocks, kernel_task, w);
        tfu_cpu_parallel(dev, chunks, chunk_task, w);
        return;
    }
    for (w->range.first = 0; w->range.first < chunks; w->range.first += w->range.most) {
        tfu_cpu_winograd_transform_range(f, &w->range);
        tfu_cpu_parallel(dev, blocks, block_task, w);
    }
}

static double cost(void *dev, const struct tfu_op_call *c, int backwards, int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    if (!tfu_cpu_takes(c) || !tfu_cpu_winograd_supports(&v, backwards, outputs))
        return -1;
    const struct work w = work_of(&v, backwards, outputs, NULL, NULL);
    return tfu_cpu_winograd_seconds(
        &w.f, c, w.shared ? 1 : (double)tfu_cpu_ceil_div(w.f.chunks, w.range.most));
}

static double forward_cost(void *dev, const struct tfu_op_call *c, int outputs)
{
    return cost(dev, c, 0, outputs);
}

static size_t forward_workspace(void *dev, const struct tfu_op_call *c, int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return work_of(&v, 0, outputs, c, NULL).bytes;
}

static enum tfu_status forward_run(void *dev, const struct tfu_op_call *c, int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, 0, outputs, c, c->workspace);
    w.range.image = c->in[0]->data;
    w.weight = c->param[0]->data;
    w.out = c->out->data;
    run_forward(&w, c->packed);
    return TFU_OK;
}

static size_t forward_packed_size(void *dev, const struct tfu_op_call *c, int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    const struct work w = work_of(&v, 0, outputs, NULL, NULL);
    return w.shared && tfu_cpu_conv_keeps_weights(&v) ? tfu_cpu_bytes(w.f.k_blocks * w.f.w_piece)
                                                      : 0;
}

static enum tfu_status forward_pack(void *dev, const struct tfu_op_call *c, void *packed,
                                    int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, 0, outputs, NULL, NULL);
    w.weight = c->param[0]->data;
    w.w = packed;
    tfu_cpu_parallel(dev, w.f.k_blocks, kernel_task, &w);
    return TFU_OK;
}

static double data_cost(void *dev, const struct tfu_op_call *c, int outputs)
{
    return cost(dev, c, 1, outputs);
}

static size_t data_workspace(void *dev, const struct tfu_op_call *c, int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return work_of(&v, 1, outputs, NULL, NULL).bytes;
}

static enum tfu_status data_run(void *dev, const struct tfu_op_call *c, int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    if (!c->grad_in[0]->data)
        return TFU_OK;
    struct work w = work_of(&v, 1, outputs, NULL, c->workspace);
    w.range.image = c->grad_out->data;
    w.weight = c->param[0]->data;
    w.out = c->grad_in[0]->data;
    run_forward(&w, NULL);
    return TFU_OK;
}

static double forward_work(void *dev, const struct tfu_op_call *c, int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_winograd_products(&v, 0, outputs);
}

static double data_work(void *dev, const struct tfu_op_call *c, int outputs)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_winograd_products(&v, 1, outputs);
}

TFU_CPU_WINOGRAD_SIZED(forward)
TFU_CPU_PACK_SIZED(tfu_cpu_winograd2_forward, 2)
TFU_CPU_PACK_SIZED(tfu_cpu_winograd4_forward, 4)
TFU_CPU_PACK_SIZED(tfu_cpu_winograd6_forward, 6)
TFU_CPU_PACK_SIZED(tfu_cpu_winograd7_forward, 7)
TFU_CPU_WINOGRAD_SIZED(data)
