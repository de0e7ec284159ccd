/* SPDX-License-Identifier: MIT
 *
 * winograd_image.c - see conv_winograd.h.
 */
#include <string.h>

#include "conv_winograd.h"

/* Floats of a vector of channels of all points of a tile. */
enum { SQUARE = TFU_CPU_WINOGRAD_POINTS_MAX * TFU_CPU_WINOGRAD_LANES_MAX };

/* The form that an axis of a convolution needs, or of its way back to the data. */
static enum tfu_cpu_winograd_form form_of(const struct tfu_cpu_axis *a, int backwards)
{
    if (a->stride == 1)
        return TFU_CPU_WINOGRAD_UNIT;
    if (!backwards)
        return TFU_CPU_WINOGRAD_DOWN;
    return a->pad % 2 ? TFU_CPU_WINOGRAD_UP_ODD : TFU_CPU_WINOGRAD_UP_EVEN;
}

static const struct tfu_cpu_winograd_size *size_of(const struct tfu_cpu_winograd_tiles *tile,
                                                   enum tfu_cpu_winograd_form form, int64_t outputs,
                                                   int64_t taps)
{
    for (int i = 0; i < TFU_CPU_WINOGRAD_SIZES; i++)
        if (tile->size[i].form == form && tile->size[i].outputs == outputs &&
            tile->size[i].taps == taps)
            return &tile->size[i];
    return NULL;
}

int tfu_cpu_winograd_supports(const struct tfu_cpu_conv *v, int backwards, int outputs)
{
    const struct tfu_cpu_winograd_tiles *tile = v->dev->rows->winograd;
    const int unit = v->h.stride == 1 && v->w.stride == 1;
    const int twos = v->h.stride == 2 && v->w.stride == 2;
    const int line = v->R == 1 || v->S == 1, square = v->R == 3 && v->S == 3;
    if (v->G > 1 || !((unit && (line || square)) || (twos && square)))
        return 0;
    if (backwards && unit && !tfu_cpu_conv_transposable(v))
        return 0;
    return size_of(tile, form_of(&v->h, backwards), outputs, tfu_cpu_max(v->R, v->S)) != NULL;
}

/* The axis of the gradient by the output from which a tile of the image's gradient is computed;
 * `pad` is where the first tile begins. */
static struct tfu_cpu_axis up_axis(const struct tfu_cpu_axis *a)
{
    const int64_t pad = a->pad % 2 ? -(a->pad / 2) : 1 - a->pad / 2;
    return (struct tfu_cpu_axis){a->out, a->kernel, 1, pad, a->size};
}

static struct tfu_cpu_conv backwards_of(const struct tfu_cpu_conv *v)
{
    return v->h.stride == 1 ? tfu_cpu_conv_transpose(v)
                            : tfu_cpu_conv_backwards(v, up_axis(&v->h), up_axis(&v->w));
}

/* Floats from one row of an x piece to the next. Those of a full chunk lie side by side, where a
 * gap would cost a quarter more memory; others are an odd number of lines of cache apart. */
static int64_t row_length(int64_t channels)
{
    return channels == TFU_CPU_WINOGRAD_CHUNK ? channels : tfu_cpu_winograd_apart(channels);
}

struct tfu_cpu_winograd tfu_cpu_winograd_of(const struct tfu_cpu_conv *own, int backwards,
                                            int outputs, int64_t chunk_bytes, int64_t channels,
                                            int64_t tasks)
{
    const struct tfu_cpu_tiles *tiles = own->dev->rows->tiles;
    struct tfu_cpu_winograd f = {.v = backwards ? backwards_of(own) : *own,
                                 .tile = own->dev->rows->winograd,
                                 .points_h = 1,
                                 .points_w = 1,
                                 .weights_h = 1,
                                 .weights_w = 1,
                                 .step_h = 1,
                                 .step_w = 1};
    const struct tfu_cpu_conv *v = &f.v;
    int64_t out_h = 1, out_w = 1;
    if (v->R > 1) {
        f.h = size_of(f.tile, form_of(&own->h, backwards), outputs, v->R);
        f.points_h = f.h->points;
        f.weights_h = f.h->weights;
        f.step_h = f.h->step;
        out_h = f.h->transform[TFU_CPU_WINOGRAD_OUTPUT].to;
    }
    if (v->S > 1) {
        f.w = size_of(f.tile, form_of(&own->w, backwards), outputs, v->S);
        f.points_w = f.w->points;
        f.weights_w = f.w->weights;
        f.step_w = f.w->step;
        out_w = f.w->transform[TFU_CPU_WINOGRAD_OUTPUT].to;
    }
    f.points = f.points_h * f.points_w;
    f.tiling = tfu_cpu_conv_tiling(v, out_h, out_w);
    f.block = tiles->block;
    f.k_blocks = tfu_cpu_ceil_div(v->K, f.block);
    f.channels = tfu_cpu_min(channels, v->C);
    f.c_chunks = tfu_cpu_ceil_div(v->C, f.channels);
    f.x_row = row_length(f.channels);

    /* as many whole groups of rows as fit; half a one where it is much too large */
    const int64_t bytes = tiles->rows * f.points * (f.x_row + f.block) * (int64_t)sizeof(float);
    f.chunk_most = bytes > 2 * chunk_bytes ? tfu_cpu_ceil_div(tiles->rows, 2)
                                           : tfu_cpu_max(1, chunk_bytes / bytes) * tiles->rows;
    f.chunks = tfu_cpu_max(tfu_cpu_ceil_div(f.tiling.tiles, f.chunk_most),
                           tfu_cpu_min(tasks, tfu_cpu_ceil_div(f.tiling.tiles, tiles->rows)));
    f.chunk = tfu_cpu_ceil_div(f.tiling.tiles, f.chunks);
    f.x_point = tfu_cpu_winograd_apart(f.chunk * f.x_row);
    f.w_point = tfu_cpu_winograd_apart(f.channels * f.block);
    f.y_point = tfu_cpu_winograd_apart(f.chunk * f.block);
    f.x_piece = f.points * f.x_point;
    f.w_piece = f.weights_h * f.weights_w * f.w_point;
    f.y_piece = f.points * f.y_point;
    return f;
}

int64_t tfu_cpu_winograd_room(const struct tfu_cpu_winograd *f, int64_t row, int64_t pieces,
                              int64_t range_bytes)
{
    enum { GAP = 32 }; /* more than tfu_cpu_winograd_apart() adds */
    const int64_t all =
        f->points * pieces * ((f->tiling.tiles + f->chunks) * row + f->chunks * GAP);
    const int64_t largest = f->points * pieces * (f->chunk_most * row + GAP);
    return tfu_cpu_min(all, tfu_cpu_max(range_bytes / (int64_t)sizeof(float), largest));
}

void tfu_cpu_winograd_transform(const struct tfu_cpu_winograd *f, enum tfu_cpu_winograd_kind kind,
                                const struct tfu_cpu_winograd_square *s)
{
    float half[SQUARE];
    struct tfu_cpu_winograd_lines down = {.from = s->from,
                                          .to = half,
                                          .from_step = s->from_row,
                                          .from_line = s->from_column,
                                          .to_line = s->to_column,
                                          .lines = 1};
    struct tfu_cpu_winograd_lines along = {.from = s->from,
                                           .to = s->to,
                                           .from_step = s->from_column,
                                           .from_line = s->from_row,
                                           .to_step = s->to_column,
                                           .to_line = s->to_row,
                                           .lines = 1,
                                           .finish = s->finish,
                                           .stream = s->stream};
    if (!f->w) {
        down.to = s->to;
        down.to_step = s->to_row;
        down.finish = s->finish;
        down.stream = s->stream;
        f->h->transform[kind].run(&down);
        return;
    }
    if (f->h) {
        down.lines = f->w->transform[kind].from;
        down.to_step = down.lines * f->tile->lanes;
        down.to_line = f->tile->lanes;
        f->h->transform[kind].run(&down);
        along.from = half;
        along.from_step = down.to_line;
        along.from_line = down.to_step;
        along.lines = f->h->transform[kind].to;
    }
    f->w->transform[kind].run(&along);
}

/* An image or a gradient: N x H x W x C. */
struct source {
    const float *x;
    int64_t H, W, C;
};

/* Transforms channels c.. of the square of the source whose first pixel is `top`, `left`: it may
 * reach beyond all sides, where the source is 0. */
static void transform_square(const struct tfu_cpu_winograd *f, enum tfu_cpu_winograd_kind kind,
                             const struct source *x, int64_t n, int64_t top, int64_t left,
                             int64_t c, float *to, int64_t stride)
{
    const int64_t lanes = f->tile->lanes, channels = tfu_cpu_min(lanes, x->C - c);
    const int64_t rows = f->h ? f->h->transform[kind].from : 1;
    const int64_t columns = f->w ? f->w->transform[kind].from : 1;
    const struct tfu_cpu_range y = {tfu_cpu_max(0, -top), tfu_cpu_min(rows, x->H - top)};
    const struct tfu_cpu_range z = {tfu_cpu_max(0, -left), tfu_cpu_min(columns, x->W - left)};
    struct tfu_cpu_winograd_square s = {.from_row = x->W * x->C,
                                        .from_column = x->C,
                                        .to = to,
                                        .to_row = f->points_w * stride,
                                        .to_column = stride};
    const int64_t origin = ((n * x->H + top) * x->W + left) * x->C + c;
    if (channels == lanes && y.end - y.first == rows && z.end - z.first == columns) {
        s.from = x->x + origin;
        tfu_cpu_winograd_transform(f, kind, &s);
        return;
    }
    float square[SQUARE];
    memset(square, 0, (size_t)(rows * columns * lanes) * sizeof *square);
    if (y.first < y.end && z.first < z.end) {
        const struct tfu_cpu_winograd_lines inside = {
            .from = x->x + origin + y.first * s.from_row + z.first * s.from_column,
            .to = square + (y.first * columns + z.first) * lanes,
            .from_step = s.from_column,
            .from_line = s.from_row,
            .to_step = lanes,
            .to_line = columns * lanes,
            .lines = y.end - y.first};
        f->tile->copy(&inside, z.end - z.first, (size_t)channels);
    }
    s.from = square;
    s.from_row = columns * lanes;
    s.from_column = lanes;
    tfu_cpu_winograd_transform(f, kind, &s);
}

void tfu_cpu_winograd_transform_image(const struct tfu_cpu_winograd *f, const float *image,
                                      int64_t chunk, int64_t c_chunk, float *piece)
{
    const struct tfu_cpu_conv *v = &f->v;
    const struct source x = {image, v->H, v->W, v->C};
    const struct tfu_cpu_range tiles = tfu_cpu_winograd_tiles_of(f, chunk);
    const struct tfu_cpu_range channels = tfu_cpu_winograd_channels_of(f, c_chunk);
    for (int64_t t = tiles.first; t < tiles.end; t++, piece += f->x_row) {
        const struct tfu_cpu_place at = tfu_cpu_conv_place(v, &f->tiling, t);
        const int64_t top = at.p / f->tiling.out_h * f->step_h - v->h.pad;
        const int64_t left = at.q / f->tiling.out_w * f->step_w - v->w.pad;
        for (int64_t c = channels.first; c < channels.end; c += f->tile->lanes)
            transform_square(f, TFU_CPU_WINOGRAD_IMAGE, &x, at.n, top, left, c,
                             piece + c - channels.first, f->x_point);
    }
}

struct pieces {
    const struct tfu_cpu_winograd *f;
    const struct tfu_cpu_winograd_range *range;
};

/* A task is an x piece. */
static void piece_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct pieces *p = arg;
    const int64_t c_chunks = p->f->c_chunks;
    tfu_cpu_winograd_transform_image(p->f, p->range->image, p->range->first + index / c_chunks,
                                     index % c_chunks, p->range->x + index * p->f->x_piece);
}

void tfu_cpu_winograd_transform_range(const struct tfu_cpu_winograd *f,
                                      const struct tfu_cpu_winograd_range *r)
{
    struct pieces p = {f, r};
    tfu_cpu_parallel(f->v.dev, tfu_cpu_winograd_range_chunks(f, r) * f->c_chunks, piece_task, &p);
}

void tfu_cpu_winograd_transform_gradient(const struct tfu_cpu_winograd *f, const float *grad,
                                         int64_t chunk, int64_t block, float *piece)
{
    const struct tfu_cpu_conv *v = &f->v;
    const struct source g = {grad, v->P, v->Q, v->K};
    const struct tfu_cpu_range tiles = tfu_cpu_winograd_tiles_of(f, chunk);
    for (int64_t t = tiles.first; t < tiles.end; t++, piece += f->block) {
        const struct tfu_cpu_place at = tfu_cpu_conv_place(v, &f->tiling, t);
        for (int64_t k = 0; k < f->block; k += f->tile->lanes) {
            if (block * f->block + k < v->K)
                transform_square(f, TFU_CPU_WINOGRAD_GRADIENT, &g, at.n, at.p, at.q,
                                 block * f->block + k, piece + k, f->y_point);
            else
                for (int64_t i = 0; i < f->points; i++)
                    memset(piece + i * f->y_point + k, 0, (size_t)f->tile->lanes * sizeof(float));
        }
    }
}

double tfu_cpu_winograd_seconds(const struct tfu_cpu_winograd *f, const struct tfu_op_call *c,
                                double kernels)
{
    const struct tfu_cpu_rows *rows = f->v.dev->rows;
    const double lanes = (double)f->tile->lanes, columns = (double)(f->k_blocks * f->block);
    const double vectors = (double)tfu_cpu_ceil_div(f->v.C, f->tile->lanes) + columns / lanes;
    const double points = (double)f->points;
    const double weights = (double)(f->weights_h * f->weights_w);
    const double transforms =
        points * (double)f->tiling.tiles * vectors * tfu_cpu_costs.winograd_tile +
        weights * kernels * (double)f->v.C * columns / lanes * tfu_cpu_costs.winograd_kernel;
    /* groups of few rows leave a product waiting for its right factor */
    const double group = (double)f->tiling.tiles / (double)f->chunks;
    const double groups = (double)tfu_cpu_ceil_div(f->chunk, rows->tiles->rows);
    const double products =
        (double)f->tiling.tiles * (double)f->v.C * columns * (1 + 2 * groups / group);
    return tfu_cpu_seconds(f->v.dev, transforms * lanes + points * products, f->v.dev->rate,
                           tfu_cpu_traffic(c));
}

double tfu_cpu_winograd_products(const struct tfu_cpu_conv *v, int backwards, int outputs)
{
    const struct tfu_cpu_winograd f = tfu_cpu_winograd_of(v, backwards, outputs, 1, v->C, 1);
    return (double)f.points * (double)f.tiling.tiles * (double)v->C * (double)v->K;
}
