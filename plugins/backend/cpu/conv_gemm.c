/* SPDX-License-Identifier: MIT
 *
 * conv_gemm.c - 1x1 convolution as a matrix product straight on N,H,W,C: forward,
 *     y (pixels x K) = x (pixels x C) w (C x K),
 * and backward to the data, with the transposed weights. The register tiles of tile.c read the
 * pixels as they lie; the weights are packed in panels of as many columns as a tile has. A task
 * takes some lines of pixels through all panels, so that they stay in the core's own cache.
 */
#include <string.h>

#include "conv_gemm.h"
#include "kernels.h"
#include "tail.h"

int tfu_cpu_gemm_supports(const struct tfu_cpu_conv *v, const struct tfu_op_call *c)
{
    return tfu_cpu_takes(c) && v->R == 1 && v->S == 1 && v->G == 1 && v->h.pad == 0 &&
           v->w.pad == 0;
}

int64_t tfu_cpu_gemm_row(int64_t channels, int64_t apart, int64_t far)
{
    enum { GAP = 16 };
    return apart < far ? channels : channels + GAP;
}

struct tfu_cpu_gemm_lines tfu_cpu_gemm_lines_of(const struct tfu_cpu_conv *v, int rows)
{
    enum { LINE = 112 };
    const int64_t pixels = rows ? v->Q : tfu_cpu_min(LINE, v->pixels);
    return (struct tfu_cpu_gemm_lines){rows, pixels, tfu_cpu_ceil_div(v->pixels, pixels)};
}

int tfu_cpu_gemm_strided(const struct tfu_cpu_conv *v)
{
    return v->h.stride > 1 || v->w.stride > 1;
}

int64_t tfu_cpu_gemm_pixel(const struct tfu_cpu_conv *v, int64_t out)
{
    const int64_t n = out / (v->P * v->Q), p = out / v->Q % v->P, q = out % v->Q;
    return (n * v->H + p * v->h.stride) * v->W + q * v->w.stride;
}

struct tfu_cpu_gemm_line tfu_cpu_gemm_line(const struct tfu_cpu_conv *v,
                                           const struct tfu_cpu_gemm_lines *l, int64_t i)
{
    const int64_t first = i * l->pixels;
    return (struct tfu_cpu_gemm_line){tfu_cpu_gemm_pixel(v, first), first,
                                      tfu_cpu_min(l->pixels, v->pixels - first)};
}

double tfu_cpu_gemm_seconds(const struct tfu_cpu_conv *v, const struct tfu_op_call *c,
                            int64_t columns)
{
    const int64_t block = v->dev->rows->tiles->block;
    const double computed = (double)(tfu_cpu_ceil_div(columns, block) * block) / (double)columns;
    return tfu_cpu_seconds(v->dev, tfu_cpu_conv_work(v) * computed, v->dev->rate,
                           tfu_cpu_traffic(c) * tfu_cpu_costs.gemm_traffic);
}

/* y (pixels x columns) = x (pixels x depth) times panels; forward, and backward to the data. */
struct work {
    struct tfu_cpu_conv v;
    struct tfu_cpu_gemm_lines lines;
    int64_t depth, columns; /* C and K, or K and C */
    int64_t panels, each;   /* lines of a task */
    int64_t row;            /* floats from one pixel to the next in scratch */
    int64_t panel_parts;    /* tasks that share the panels of the same lines */
    int64_t group;          /* pixels that go through all panels before the next */
    int to_data;
    int stream; /* are outputs written past the caches? */
    const float *weight;
    const float *x;
    float *y;
    float *packed;      /* panel, depth, block: where weights are packed */
    const float *panel; /* where they are */
    float *scratch;     /* lines of a task, for each worker */
    int64_t scratch_one;
    struct tfu_cpu_tail tail;
    size_t packed_bytes, bytes;
};

static struct work work_of(const struct tfu_cpu_conv *v, int to_data, const struct tfu_op_call *c,
                           void *workspace)
{
    enum { LINES_BYTES = 256 << 10, OWN_BYTES = 512 << 10, TASKS = 16, GROUP = 28, FAR = 1024 };
    struct work w = {.v = *v, .to_data = to_data};
    w.lines = tfu_cpu_gemm_lines_of(v, tfu_cpu_gemm_strided(v));
    w.depth = to_data ? v->K : v->C;
    w.columns = to_data ? v->C : v->K;
    w.panels = tfu_cpu_ceil_div(w.columns, v->dev->rows->tiles->block);
    w.row = tfu_cpu_gemm_row(w.depth, w.depth * (to_data ? 1 : v->w.stride), FAR);
    const int64_t line = w.lines.pixels * w.row * (int64_t)sizeof(float);
    w.each = tfu_cpu_max(1, tfu_cpu_min(LINES_BYTES / line, w.lines.count / TASKS));
    const int64_t groups = tfu_cpu_ceil_div(w.lines.count, w.each);
    w.panel_parts = tfu_cpu_min(w.panels, tfu_cpu_ceil_div(TASKS, groups));
    /* where all weights stay in the core's own cache, few pixels at a time: outputs are then
     * written in the order of memory */
    const int64_t packed = w.panels * w.depth * v->dev->rows->tiles->block;
    const int own = packed * (int64_t)sizeof(float) <= OWN_BYTES;
    w.group = own ? tfu_cpu_min(GROUP, w.lines.pixels) : w.lines.pixels;
    struct tfu_cpu_scratch s = {workspace, 0};
    w.packed_bytes = tfu_cpu_bytes(packed);
    w.packed = tfu_cpu_take(&s, w.packed_bytes);
    w.scratch_one = w.row > w.depth ? w.lines.pixels * w.row : 0;
    w.scratch = tfu_cpu_take(&s, tfu_cpu_bytes(w.scratch_one * v->dev->host->threads));
    if (c && !to_data)
        w.tail = tfu_cpu_tail_of(v->dev, c, &s);
    w.bytes = s.used;
    return w;
}

/* A task is a panel: columns side by side. Weights are K x C in memory. */
static void pack_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const int64_t block = w->v.dev->rows->tiles->block, first = index * block;
    const int64_t columns = tfu_cpu_min(block, w->columns - first), C = w->v.C;
    float *to = w->packed + index * w->depth * block;
    if (columns < block)
        memset(to, 0, (size_t)(w->depth * block) * sizeof(float));
    if (w->to_data)
        for (int64_t j = 0; j < w->depth; j++)
            memcpy(to + j * block, w->weight + j * C + first, (size_t)columns * sizeof(float));
    else
        w->v.dev->rows->transpose(to, block, w->weight + first * C, C, (size_t)columns,
                                  (size_t)w->depth);
}

/* Some pixels, from output pixel `first` on, times some panels; `row` is for the first column of
 * all. */
static void multiply_group(const struct work *w, const struct tfu_cpu_conv_row *row,
                           struct tfu_cpu_range panels, int64_t first)
{
    const struct tfu_cpu_tiles *tiles = w->v.dev->rows->tiles;
    const int64_t block = tiles->block;
    struct tfu_cpu_conv_row one = *row;
    for (int64_t p = panels.first; p < panels.end; p++) {
        one.channels = (size_t)tfu_cpu_min(block, w->columns - p * block);
        one.weight = w->panel + p * w->depth * block;
        one.y = row->y + p * block;
        tfu_cpu_tail_conv_row(&w->tail, tiles, &one, first, p * block);
        one.ahead = NULL;
    }
}

/* Pixels that lie far apart in memory fall into few lines of the cache: they are copied. */
static void product_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_range panels =
        tfu_cpu_part(w->panels, w->panel_parts, index % w->panel_parts);
    const int64_t from = index / w->panel_parts * w->each;
    const int64_t end = tfu_cpu_min(from + w->each, w->lines.count);
    float *scratch = w->scratch + worker * w->scratch_one;
    /* pixels of a row of the image under those of the output */
    const int64_t apart = w->v.w.stride;
    struct tfu_cpu_conv_row row = {.y_stride = (size_t)(w->columns * (w->to_data ? apart : 1)),
                                   .runs = 1,
                                   .run = (size_t)w->depth,
                                   .stream = w->stream};
    for (int64_t i = from; i < end; i++) {
        const struct tfu_cpu_gemm_line line = tfu_cpu_gemm_line(&w->v, &w->lines, i);
        row.x = w->x + (w->to_data ? line.out : line.in) * w->depth;
        row.pixel_stride = (size_t)(w->depth * (w->to_data ? 1 : apart));
        if (w->scratch_one) {
            for (int64_t p = 0; p < line.pixels; p++)
                memcpy(scratch + p * w->row, row.x + (size_t)p * row.pixel_stride,
                       (size_t)w->depth * sizeof(float));
            row.x = scratch;
            row.pixel_stride = (size_t)w->row;
        }
        row.y = w->y + (w->to_data ? line.in : line.out) * w->columns;
        for (int64_t p = 0; p < line.pixels; p += w->group) {
            row.pixels = (size_t)tfu_cpu_min(w->group, line.pixels - p);
            row.ahead = w->scratch_one ? NULL : row.x + (size_t)w->group * row.pixel_stride;
            multiply_group(w, &row, panels, line.out + p);
            row.x += row.pixels * row.pixel_stride;
            row.y += row.pixels * row.y_stride;
        }
    }
    if (w->stream)
        w->v.dev->rows->tiles->stream_end();
}

/* `packed`: NULL, or the panels. */
static void run(struct work *w, const float *packed)
{
    const struct tfu_cpu *dev = w->v.dev;
    w->stream = tfu_cpu_streams(w->y, w->v.pixels, w->columns);
    w->panel = packed ? packed : w->packed;
    if (!packed)
        tfu_cpu_parallel(dev, w->panels, pack_task, w);
    tfu_cpu_parallel(dev, tfu_cpu_ceil_div(w->lines.count, w->each) * w->panel_parts, product_task,
                     w);
}

double tfu_cpu_gemm_forward_cost(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_gemm_supports(&v, c) ? tfu_cpu_gemm_seconds(&v, c, v.K) : -1;
}

size_t tfu_cpu_gemm_forward_workspace(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return work_of(&v, 0, c, NULL).bytes;
}

size_t tfu_cpu_gemm_forward_packed_size(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_conv_keeps_weights(&v) ? work_of(&v, 0, NULL, NULL).packed_bytes : 0;
}

enum tfu_status tfu_cpu_gemm_forward_pack(void *dev, const struct tfu_op_call *c, void *packed,
                                          struct tfu_host *h)
{
    (void)h;
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, 0, NULL, NULL);
    w.weight = c->param[0]->data;
    w.packed = packed;
    tfu_cpu_parallel(dev, w.panels, pack_task, &w);
    return TFU_OK;
}

enum tfu_status tfu_cpu_gemm_forward_run(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, 0, c, c->workspace);
    w.weight = c->param[0]->data;
    w.x = c->in[0]->data;
    w.y = c->out->data;
    run(&w, c->packed);
    return TFU_OK;
}

double tfu_cpu_gemm_data_cost(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_gemm_supports(&v, c) ? tfu_cpu_gemm_seconds(&v, c, v.C) : -1;
}

size_t tfu_cpu_gemm_data_workspace(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return work_of(&v, 1, NULL, NULL).bytes;
}

/* Strides leave pixels of the image out: their gradient is 0. */
static void clear_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const size_t line = (size_t)(w->v.W * w->v.C);
    memset(w->y + index * line, 0, line * sizeof(float));
}

enum tfu_status tfu_cpu_gemm_data_run(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, 1, NULL, c->workspace);
    w.weight = c->param[0]->data;
    w.x = c->grad_out->data;
    w.y = c->grad_in[0]->data;
    if (!w.y)
        return TFU_OK;
    if (tfu_cpu_gemm_strided(&v))
        tfu_cpu_parallel(dev, v.N * v.H, clear_task, &w);
    run(&w, NULL);
    return TFU_OK;
}
