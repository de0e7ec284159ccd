/* SPDX-License-Identifier: MIT
 *
 * conv_direct.c - convolution without a matrix of patches. With channels innermost, a row of a
 * patch is one run of neighbours in memory, so that the register tiles of tile.c can read the image
 * as it lies. A task copies a band of image rows, with its zero padding, to scratch in the core's
 * own cache; weights are packed in blocks of output channels, a block side by side.
 */
#include <string.h>

#include "conv.h"
#include "kernels.h"
#include "sums.h"
#include "tail.h"

/* Floats of one band: with a block of weights it should fit a core's own cache. But a block of
 * large weights comes from memory again for each band, so that a band has some rows at least. */
enum { BAND_FLOATS = 64 * 1024, BAND_ROWS = 4 };

/* The output is cut into bands of rows, its channels into blocks. */
struct work {
    struct tfu_cpu_conv v;
    const struct tfu_cpu_tiles *tiles;
    int64_t bands;     /* of one image */
    int64_t band_rows; /* output rows of the largest */
    int64_t blocks;    /* of the output channels of one group */
    int64_t padded_w;  /* pixels in a row of a band */
    int64_t run;       /* S Cg: floats in a row of a patch */
    const float *x;
    float *y;              /* output, or its gradient */
    float *packed;         /* G, blocks, R, S, Cg, block */
    float *scratch;        /* for each worker: a band, then (params) its gradient in blocks */
    int64_t scratch_one;   /* floats of one */
    int64_t parts;         /* params: sums over parts of the bands; forward: of the blocks */
    int64_t packed_floats; /* of one part */
    void *bias_sums;
    struct tfu_cpu_tail tail;
    size_t bytes;
};

/* `grad_too`: a band holds its output gradient beside its input. */
static struct work work_of(const struct tfu_cpu_conv *v, int grad_too)
{
    struct work w = {.v = *v, .tiles = v->dev->rows->tiles};
    const int64_t block = w.tiles->block;
    w.blocks = tfu_cpu_ceil_div(v->Kg, block);
    w.run = v->S * v->Cg;
    w.padded_w = (v->Q - 1) * v->w.stride + v->S;
    const int64_t row = w.padded_w * v->Cg;
    int64_t rows = (tfu_cpu_max(BAND_FLOATS / row, v->R) - v->R) / v->h.stride + 1;
    if (grad_too)
        rows = tfu_cpu_min(rows, BAND_FLOATS / (v->Q * block));
    rows = tfu_cpu_max(rows, BAND_ROWS);
    w.bands = tfu_cpu_ceil_div(v->P, tfu_cpu_min(rows, v->P));
    w.band_rows = tfu_cpu_ceil_div(v->P, w.bands);
    w.packed_floats = v->G * w.blocks * block * v->taps;
    w.scratch_one = ((w.band_rows - 1) * v->h.stride + v->R) * row;
    if (grad_too)
        w.scratch_one += w.band_rows * v->Q * block;
    w.scratch_one = (int64_t)(tfu_cpu_bytes(w.scratch_one) / sizeof(float));
    return w;
}

/* Copies the image rows under output rows p.first..p.end-1, channels of one group, to `band`. */
static void fill_band(const struct work *w, int64_t n, int64_t group, struct tfu_cpu_range p,
                      float *band)
{
    const struct tfu_cpu_conv *v = &w->v;
    const int64_t Cg = v->Cg, row = w->padded_w * Cg;
    const int64_t rows = (p.end - p.first - 1) * v->h.stride + v->R;
    const int64_t left = tfu_cpu_min(v->w.pad, w->padded_w);
    const int64_t inside = tfu_cpu_min(v->W, w->padded_w - left);
    for (int64_t i = 0; i < rows; i++, band += row) {
        const int64_t y = p.first * v->h.stride - v->h.pad + i;
        if (y < 0 || y >= v->H) {
            memset(band, 0, (size_t)row * sizeof(float));
            continue;
        }
        const float *from = w->x + (n * v->H + y) * v->W * v->C + group * Cg;
        memset(band, 0, (size_t)(left * Cg) * sizeof(float));
        if (v->G == 1)
            memcpy(band + left * Cg, from, (size_t)(inside * Cg) * sizeof(float));
        for (int64_t j = 0; v->G > 1 && j < inside; j++)
            memcpy(band + (left + j) * Cg, from + j * v->C, (size_t)Cg * sizeof(float));
        memset(band + (left + inside) * Cg, 0,
               (size_t)(row - (left + inside) * Cg) * sizeof(float));
    }
}

/* Weights in memory are rows of taps (Cg, R, S); in blocks the channels of a block lie side by
 * side. Between the two goes a square of both that stays in cache: rows are often a power of two
 * apart, and walking across them directly would evict each line before its neighbours are used. */
enum { SQUARE_TAPS = 64, SQUARE_CHANNELS = TFU_CPU_BLOCK_MAX };

/* Where tap `i` of a row of taps lies in a block: R, S, Cg. */
static int64_t tap_in_block(const struct tfu_cpu_conv *v, int64_t i)
{
    const int64_t RS = v->R * v->S;
    return i % RS * v->Cg + i / RS;
}

struct packing {
    const struct work *w;
    const float *weight; /* K,Cg,R,S of the call's own convolution */
};

static void pack_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct packing *p = arg;
    const struct tfu_cpu_conv *v = &p->w->v;
    const int64_t block = p->w->tiles->block;
    const int64_t group = index / p->w->blocks, first = index % p->w->blocks * block;
    const int64_t channels = tfu_cpu_min(block, v->Kg - first);
    const float *from = p->weight + (group * v->Kg + first) * v->taps;
    float *to = p->w->packed + index * block * v->taps;
    float square[SQUARE_CHANNELS][SQUARE_TAPS];
    memset(square, 0, sizeof square);
    for (int64_t i = 0; i < v->taps; i += SQUARE_TAPS) {
        const int64_t count = tfu_cpu_min(SQUARE_TAPS, v->taps - i);
        for (int64_t k = 0; k < channels; k++)
            memcpy(square[k], from + k * v->taps + i, (size_t)count * sizeof(float));
        for (int64_t j = 0; j < count; j++) {
            float *target = to + tap_in_block(v, i + j) * block;
            for (int64_t k = 0; k < block; k++)
                target[k] = square[k][j];
        }
    }
}

/* The transposed convolution's output channels are the call's input channels: neighbours in memory,
 * R S floats apart. Its taps run backwards. */
static void pack_transposed_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct packing *p = arg;
    const struct tfu_cpu_conv *v = &p->w->v;
    const int64_t block = p->w->tiles->block, RS = v->R * v->S;
    const int64_t group = index / p->w->blocks, first = index % p->w->blocks * block;
    const int64_t channels = tfu_cpu_min(block, v->Kg - first);
    float *to = p->w->packed + index * block * v->taps;
    for (int64_t c = 0; c < v->Cg; c++) {
        const float *from = p->weight + ((group * v->Cg + c) * v->Kg + first) * RS;
        for (int64_t i = 0; i < RS; i++) {
            float *target = to + (i * v->Cg + c) * block;
            for (int64_t k = 0; k < channels; k++)
                target[k] = from[k * RS + RS - 1 - i];
            for (int64_t k = channels; k < block; k++)
                target[k] = 0;
        }
    }
}

/* A task is a band and a part of the blocks. */
static void forward_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_conv *v = &w->v;
    const int64_t block = w->tiles->block, part = index % w->parts, band = index / w->parts;
    const int64_t n = band / w->bands;
    const struct tfu_cpu_range p = tfu_cpu_part(v->P, w->bands, band % w->bands);
    const struct tfu_cpu_range blocks = tfu_cpu_part(w->blocks, w->parts, part);
    float *scratch = w->scratch + worker * w->scratch_one;
    struct tfu_cpu_conv_row c = {.pixels = (size_t)v->Q,
                                 .pixel_stride = (size_t)(v->w.stride * v->Cg),
                                 .y_stride = (size_t)v->K,
                                 .runs = (size_t)v->R,
                                 .run = (size_t)w->run,
                                 .run_stride = (size_t)(w->padded_w * v->Cg),
                                 .stream = tfu_cpu_streams(w->y, v->pixels * v->G, v->Kg)};
    for (int64_t g = 0; g < v->G; g++) {
        fill_band(w, n, g, p, scratch);
        for (int64_t b = blocks.first; b < blocks.end; b++) {
            const int64_t first = b * block;
            c.weight = w->packed + (g * w->blocks + b) * block * v->taps;
            c.channels = (size_t)tfu_cpu_min(block, v->Kg - first);
            for (int64_t i = p.first; i < p.end; i++) {
                c.x = scratch + (i - p.first) * v->h.stride * w->padded_w * v->Cg;
                c.y = w->y + (n * v->P + i) * v->Q * v->K + g * v->Kg + first;
                tfu_cpu_tail_conv_row(&w->tail, w->tiles, &c, (n * v->P + i) * v->Q,
                                      g * v->Kg + first);
            }
        }
    }
    if (c.stream)
        w->tiles->stream_end();
}

/* `c` is the call whose tail is to be done; NULL: there is none. */
static struct work forward_work(const struct tfu_cpu_conv *v, const struct tfu_op_call *c,
                                void *workspace)
{
    enum { TASKS = 12 }; /* wanted at least, to share out evenly */
    struct work w = work_of(v, 0);
    w.parts = tfu_cpu_min(w.blocks, tfu_cpu_ceil_div(TASKS, v->N * w.bands));
    struct tfu_cpu_scratch s = {workspace, 0};
    w.packed = tfu_cpu_take(&s, tfu_cpu_bytes(w.packed_floats));
    w.scratch = tfu_cpu_take(&s, (size_t)w.scratch_one * v->dev->host->threads * sizeof(float));
    if (c)
        w.tail = tfu_cpu_tail_of(v->dev, c, &s);
    w.bytes = s.used;
    return w;
}

static void run_forward(struct work *w, const float *weight,
                        void (*pack)(void *arg, uint32_t index, uint32_t worker))
{
    struct packing p = {w, weight};
    tfu_cpu_parallel(w->v.dev, w->v.G * w->blocks, pack, &p);
    tfu_cpu_parallel(w->v.dev, w->v.N * w->bands * w->parts, forward_task, w);
}

/* Channels that fill up the last block are computed as well. A 1x1 kernel has too little work for
 * each float of a band. Weights are packed, and come back from memory. */
static double cost(const struct tfu_cpu_conv *v, const struct tfu_op_call *c)
{
    const int64_t block = v->dev->rows->tiles->block;
    if (!tfu_cpu_takes(c))
        return -1;
    const double computed = (double)(tfu_cpu_ceil_div(v->Kg, block) * block) / (double)v->Kg;
    const double weights = (double)(v->K * v->taps) * sizeof(float);
    return tfu_cpu_seconds(v->dev, tfu_cpu_conv_work(v) * computed * (v->R * v->S == 1 ? 1.3 : 1),
                           v->dev->rows->rate, tfu_cpu_traffic(c) + 2 * weights);
}

double tfu_cpu_direct_forward_cost(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return cost(&v, c);
}

double tfu_cpu_direct_params_cost(void *dev, const struct tfu_op_call *c)
{
    return tfu_cpu_direct_forward_cost(dev, c);
}

double tfu_cpu_direct_data_cost(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c);
    if (!tfu_cpu_conv_transposable(&own))
        return -1;
    const struct tfu_cpu_conv v = tfu_cpu_conv_transpose(&own);
    return cost(&v, c);
}

size_t tfu_cpu_direct_forward_workspace(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return forward_work(&v, c, NULL).bytes;
}

enum tfu_status tfu_cpu_direct_forward_run(void *dev, const struct tfu_op_call *c,
                                           struct tfu_host *h)
{
    (void)h;
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = forward_work(&v, c, c->workspace);
    w.x = c->in[0].data;
    w.y = c->out->data;
    run_forward(&w, c->param[0].data, pack_task);
    return TFU_OK;
}

size_t tfu_cpu_direct_data_workspace(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c), v = tfu_cpu_conv_transpose(&own);
    return forward_work(&v, NULL, NULL).bytes;
}

enum tfu_status tfu_cpu_direct_data_run(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c), v = tfu_cpu_conv_transpose(&own);
    struct work w = forward_work(&v, NULL, c->workspace);
    w.x = c->grad_out->data;
    w.y = c->grad_in[0].data;
    if (!w.y)
        return TFU_OK;
    run_forward(&w, c->param[0].data, pack_transposed_task);
    return TFU_OK;
}

/* The output gradient of a band, one block of channels, as pixels x block. */
static void fill_grad(const struct work *w, int64_t n, int64_t first_k, int64_t channels,
                      struct tfu_cpu_range p, float *grad)
{
    const struct tfu_cpu_conv *v = &w->v;
    const int64_t block = w->tiles->block, pixels = (p.end - p.first) * v->Q;
    const float *from = w->y + (n * v->P + p.first) * v->Q * v->K + first_k;
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
    const struct tfu_cpu_conv *v = &w->v;
    const int64_t block = w->tiles->block, part = index % w->parts, column = index / w->parts;
    const int64_t g = column / w->blocks, first = column % w->blocks * block;
    const int64_t channels = tfu_cpu_min(block, v->Kg - first);
    const struct tfu_cpu_range bands = tfu_cpu_part(v->N * w->bands, w->parts, part);
    float *band = w->scratch + worker * w->scratch_one;
    const int64_t row = w->padded_w * v->Cg;
    float *grad = band + ((w->band_rows - 1) * v->h.stride + v->R) * row;
    float *sum = w->packed + part * w->packed_floats + column * block * v->taps;
    memset(sum, 0, (size_t)(block * v->taps) * sizeof(float));
    for (int64_t b = bands.first; b < bands.end; b++) {
        const int64_t n = b / w->bands;
        const struct tfu_cpu_range p = tfu_cpu_part(v->P, w->bands, b % w->bands);
        fill_band(w, n, g, p, band);
        fill_grad(w, n, g * v->Kg + first, channels, p, grad);
        for (int64_t r = 0; r < v->R; r++) {
            const struct tfu_cpu_conv_params c = {.x = band + r * row,
                                                  .grad = grad,
                                                  .sum = sum + r * w->run * block,
                                                  .rows = (size_t)(p.end - p.first),
                                                  .row_stride = (size_t)(v->h.stride * row),
                                                  .pixels = (size_t)v->Q,
                                                  .pixel_stride = (size_t)(v->w.stride * v->Cg),
                                                  .run = (size_t)w->run};
            w->tiles->conv_params(&c);
        }
    }
}

/* A block's taps, back to rows. */
struct unpacking {
    const struct work *w;
    float *grad_weight;
};

/* The sums of all parts, added in order. */
static void unpack_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct unpacking *u = arg;
    const struct work *w = u->w;
    const struct tfu_cpu_conv *v = &w->v;
    const int64_t block = w->tiles->block, all = w->packed_floats;
    const int64_t first = index % w->blocks * block, channels = tfu_cpu_min(block, v->Kg - first);
    const float *from = w->packed + index * block * v->taps;
    float *to = u->grad_weight + (index / w->blocks * v->Kg + first) * v->taps;
    float square[SQUARE_CHANNELS][SQUARE_TAPS];
    for (int64_t i = 0; i < v->taps; i += SQUARE_TAPS) {
        const int64_t count = tfu_cpu_min(SQUARE_TAPS, v->taps - i);
        for (int64_t j = 0; j < count; j++) {
            const float *source = from + tap_in_block(v, i + j) * block;
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

static struct work params_work(const struct tfu_cpu *dev, const struct tfu_op_call *c)
{
    enum { TASKS = 16 };
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, 1);
    w.parts = tfu_cpu_min(v.N * w.bands, tfu_cpu_ceil_div(TASKS, v.G * w.blocks));
    struct tfu_cpu_scratch s = {c->workspace, 0};
    w.packed = tfu_cpu_take(&s, tfu_cpu_bytes(w.parts * w.packed_floats));
    w.scratch = tfu_cpu_take(&s, (size_t)w.scratch_one * dev->host->threads * sizeof(float));
    w.bias_sums =
        tfu_cpu_take(&s, c->n_param > 1 ? tfu_cpu_column_sums_workspace(v.pixels, v.K) : 0);
    w.bytes = s.used;
    return w;
}

size_t tfu_cpu_direct_params_workspace(void *dev, const struct tfu_op_call *c)
{
    return params_work(dev, c).bytes;
}

enum tfu_status tfu_cpu_direct_params_run(void *dev, const struct tfu_op_call *c,
                                          struct tfu_host *h)
{
    (void)h;
    struct work w = params_work(dev, c);
    w.x = c->in[0].data;
    w.y = c->grad_out->data;
    if (c->grad_param[0].data) {
        struct unpacking u = {&w, c->grad_param[0].data};
        tfu_cpu_parallel(dev, w.v.G * w.blocks * w.parts, params_task, &w);
        tfu_cpu_parallel(dev, w.v.G * w.blocks, unpack_task, &u);
    }
    if (c->n_param > 1 && c->grad_param[1].data)
        tfu_cpu_column_sums(dev, w.y, w.v.pixels, w.v.K, w.bias_sums, c->grad_param[1].data);
    return TFU_OK;
}
