/* SPDX-License-Identifier: MIT
 *
 * conv_direct.c - convolution without a matrix of patches, forward; and what the other directions
 * share of it, see conv_direct.h.
 */
#include "conv_direct.h"

#include <string.h>

#include "kernels.h"

struct tfu_cpu_direct tfu_cpu_direct_of(const struct tfu_cpu_conv *v, int64_t beside)
{
    /* With a block of weights a band should fit a core's own cache. But a block of large weights
     * comes from memory again for each band, so that a band has some rows at least. */
    enum { BAND_FLOATS = 64 * 1024, BAND_ROWS = 4 };
    struct tfu_cpu_direct d = {.v = *v, .tiles = v->dev->rows->tiles};
    const int64_t block = d.tiles->block;
    d.blocks = tfu_cpu_ceil_div(v->Kg, block);
    d.run = v->S * v->Cg;
    d.padded_w = (v->Q - 1) * v->w.stride + v->S;
    d.weights = v->G * d.blocks * block * v->taps;
    const int64_t row = tfu_cpu_max(1, d.padded_w * v->Cg);
    int64_t rows = (tfu_cpu_max(BAND_FLOATS / row, v->R) - v->R) / v->h.stride + 1;
    if (beside)
        rows = tfu_cpu_min(rows, BAND_FLOATS / (v->Q * beside));
    rows = tfu_cpu_max(rows, BAND_ROWS);
    d.bands = tfu_cpu_ceil_div(v->P, tfu_cpu_min(rows, v->P));
    d.band_rows = tfu_cpu_ceil_div(v->P, d.bands);
    d.band_floats = ((d.band_rows - 1) * v->h.stride + v->R) * row;
    return d;
}

void tfu_cpu_direct_fill_band(const struct tfu_cpu_direct *d, const float *x, int64_t n,
                              int64_t group, struct tfu_cpu_range p, float *band)
{
    const struct tfu_cpu_conv *v = &d->v;
    const int64_t Cg = v->Cg, row = d->padded_w * Cg;
    const int64_t rows = (p.end - p.first - 1) * v->h.stride + v->R;
    /* where the first pixel of the image is that is wanted: in a row of the band, of the image */
    const int64_t left = tfu_cpu_min(tfu_cpu_max(v->w.pad, 0), d->padded_w);
    const int64_t skip = tfu_cpu_min(tfu_cpu_max(-v->w.pad, 0), v->W);
    const int64_t inside = tfu_cpu_min(v->W - skip, d->padded_w - left);
    for (int64_t i = 0; i < rows; i++, band += row) {
        const int64_t y = p.first * v->h.stride - v->h.pad + i;
        if (y < 0 || y >= v->H) {
            memset(band, 0, (size_t)row * sizeof(float));
            continue;
        }
        const float *from = x + ((n * v->H + y) * v->W + skip) * v->C + group * Cg;
        memset(band, 0, (size_t)(left * Cg) * sizeof(float));
        if (v->G == 1)
            memcpy(band + left * Cg, from, (size_t)(inside * Cg) * sizeof(float));
        for (int64_t j = 0; v->G > 1 && j < inside; j++)
            memcpy(band + (left + j) * Cg, from + j * v->C, (size_t)Cg * sizeof(float));
        memset(band + (left + inside) * Cg, 0,
               (size_t)(row - (left + inside) * Cg) * sizeof(float));
    }
}

static void pass_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct tfu_cpu_direct_pass *w = arg;
    const struct tfu_cpu_direct *d = &w->d;
    const struct tfu_cpu_conv *v = &d->v;
    const int64_t block = d->tiles->block, part = index % w->parts, band = index / w->parts;
    const int64_t n = band / d->bands;
    const struct tfu_cpu_range p = tfu_cpu_part(v->P, d->bands, band % d->bands);
    const struct tfu_cpu_range blocks = tfu_cpu_part(d->blocks, w->parts, part);
    float *rows = w->bands + worker * w->band_one;
    struct tfu_cpu_conv_row c = {
        .pixels = (size_t)v->Q,
        .pixel_stride = (size_t)(v->w.stride * v->Cg),
        .y_stride = (size_t)(w->step_w * v->K),
        .runs = (size_t)v->R,
        .run = (size_t)d->run,
        .run_stride = (size_t)(d->padded_w * v->Cg),
        .stream = tfu_cpu_streams(w->y, v->N * w->height * w->width * v->G, v->Kg)};
    for (int64_t g = 0; g < v->G; g++) {
        if (v->taps)
            tfu_cpu_direct_fill_band(d, w->x, n, g, p, rows);
        for (int64_t b = blocks.first; b < blocks.end; b++) {
            const int64_t k = g * v->Kg + b * block;
            c.weight = w->packed + (g * d->blocks + b) * block * v->taps;
            c.channels = (size_t)tfu_cpu_min(block, v->Kg - b * block);
            for (int64_t i = p.first; i < p.end; i++) {
                const int64_t pixel =
                    (n * w->height + w->first_h + i * w->step_h) * w->width + w->first_w;
                c.x = rows + (i - p.first) * v->h.stride * d->padded_w * v->Cg;
                c.y = w->y + pixel * v->K + k;
                tfu_cpu_tail_conv_row(&w->tail, d->tiles, &c, pixel, k);
            }
        }
    }
    if (c.stream)
        d->tiles->stream_end();
}

struct tfu_cpu_direct_pass tfu_cpu_direct_pass_of(const struct tfu_cpu_conv *v)
{
    enum { TASKS = 12 }; /* wanted at least, to share out evenly */
    struct tfu_cpu_direct_pass w = {
        .d = tfu_cpu_direct_of(v, 0), .height = v->P, .width = v->Q, .step_h = 1, .step_w = 1};
    w.parts = tfu_cpu_min(w.d.blocks, tfu_cpu_ceil_div(TASKS, v->N * w.d.bands));
    w.band_one = (int64_t)(tfu_cpu_bytes(w.d.band_floats) / sizeof(float));
    return w;
}

void tfu_cpu_direct_run(struct tfu_cpu_direct_pass *w)
{
    tfu_cpu_parallel(w->d.v.dev, w->d.v.N * w->d.bands * w->parts, pass_task, w);
}

/* Channels that fill up the last block are computed as well. A 1x1 kernel has too little work for
 * each float of a band. Weights are packed, and come back from memory. */
double tfu_cpu_direct_seconds(const struct tfu_cpu_conv *v, const struct tfu_op_call *c,
                              int64_t channels)
{
    const int64_t block = v->dev->rows->tiles->block;
    if (!tfu_cpu_takes(c))
        return -1;
    const double computed = (double)(tfu_cpu_ceil_div(channels, block) * block) / (double)channels;
    const double weights = (double)(v->K * v->taps) * sizeof(float);
    return tfu_cpu_seconds(v->dev,
                           tfu_cpu_conv_work(v) * computed *
                               (v->R * v->S == 1 ? tfu_cpu_costs.direct_pointwise : 1),
                           v->dev->rate, tfu_cpu_traffic(c) + 2 * weights);
}

struct forward {
    struct tfu_cpu_direct_pass pass;
    const float *weight; /* K,Cg,R,S */
    float *packed;
    size_t bytes;
};

static struct forward forward_of(const struct tfu_cpu *dev, const struct tfu_op_call *c,
                                 void *workspace)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct forward f = {.pass = tfu_cpu_direct_pass_of(&v)};
    struct tfu_cpu_scratch s = {workspace, 0};
    f.packed = tfu_cpu_take(&s, tfu_cpu_bytes(f.pass.d.weights));
    f.pass.packed = f.packed;
    f.pass.bands = tfu_cpu_take(&s, tfu_cpu_bytes(f.pass.band_one * dev->host->threads));
    f.pass.tail = tfu_cpu_tail_of(dev, c, &s);
    f.bytes = s.used;
    return f;
}

static void pack_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct forward *f = arg;
    const struct tfu_cpu_direct *d = &f->pass.d;
    const struct tfu_cpu_conv *v = &d->v;
    const int64_t block = d->tiles->block;
    const int64_t group = index / d->blocks, first = index % d->blocks * block;
    const int64_t channels = tfu_cpu_min(block, v->Kg - first);
    const float *from = f->weight + (group * v->Kg + first) * v->taps;
    float *to = f->packed + index * block * v->taps;
    float square[TFU_CPU_BLOCK_MAX][TFU_CPU_DIRECT_SQUARE];
    memset(square, 0, sizeof square);
    for (int64_t i = 0; i < v->taps; i += TFU_CPU_DIRECT_SQUARE) {
        const int64_t count = tfu_cpu_min(TFU_CPU_DIRECT_SQUARE, v->taps - i);
        for (int64_t k = 0; k < channels; k++)
            memcpy(square[k], from + k * v->taps + i, (size_t)count * sizeof(float));
        for (int64_t j = 0; j < count; j++) {
            float *target = to + tfu_cpu_direct_tap(v, i + j) * block;
            for (int64_t k = 0; k < block; k++)
                target[k] = square[k][j];
        }
    }
}

double tfu_cpu_direct_forward_cost(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_direct_seconds(&v, c, v.Kg);
}

size_t tfu_cpu_direct_forward_workspace(void *dev, const struct tfu_op_call *c)
{
    return forward_of(dev, c, NULL).bytes;
}

size_t tfu_cpu_direct_forward_packed_size(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_conv_keeps_weights(&v) ? tfu_cpu_bytes(tfu_cpu_direct_of(&v, 0).weights) : 0;
}

static void pack(struct forward *f)
{
    const struct tfu_cpu_direct *d = &f->pass.d;
    tfu_cpu_parallel(d->v.dev, d->v.G * d->blocks, pack_task, f);
}

enum tfu_status tfu_cpu_direct_forward_pack(void *dev, const struct tfu_op_call *c, void *packed,
                                            struct tfu_host *h)
{
    (void)h;
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct forward f = {.pass = tfu_cpu_direct_pass_of(&v)};
    f.weight = c->param[0]->data;
    f.packed = packed;
    pack(&f);
    return TFU_OK;
}

enum tfu_status tfu_cpu_direct_forward_run(void *dev, const struct tfu_op_call *c,
                                           struct tfu_host *h)
{
    (void)h;
    struct forward f = forward_of(dev, c, c->workspace);
    f.weight = c->param[0]->data;
    f.pass.x = c->in[0]->data;
    f.pass.y = c->out->data;
    if (c->packed)
        f.pass.packed = c->packed;
    else
        pack(&f);
    tfu_cpu_direct_run(&f.pass);
    return TFU_OK;
}
