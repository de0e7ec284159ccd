/* SPDX-License-Identifier: MIT
 *
 * fft_image.c - see conv_fft.h.
 */
#include "conv_fft.h"

/* Pieces are about so large; the x pieces of a range are together, and no range has more tiles than
 * give so many bytes of y pieces. */
enum { PIECE = 512 << 10, RANGE_X = 12 << 20, RANGE_Y = 4 << 20, CHANNELS = 32 };

/* Does one tile of this size have all outputs of an image? */
static int covers(const struct tfu_cpu_conv *v, int size)
{
    const int64_t side = v->dev->rows->fft->size[size].tile;
    return v->P <= side - v->R + 1 && v->Q <= side - v->S + 1;
}

/* A tile that is larger than the image needs is never faster. */
int tfu_cpu_fft_supports(const struct tfu_cpu_conv *v, int size)
{
    const int64_t side = v->dev->rows->fft->size[size].tile;
    return v->G == 1 && v->h.stride == 1 && v->w.stride == 1 && v->R <= side && v->S <= side &&
           v->R * v->S > 1 && (size == 0 || !covers(v, size - 1));
}

struct tfu_cpu_fft tfu_cpu_fft_of(const struct tfu_cpu_conv *v, int size)
{
    const struct tfu_cpu_fft_tiles *tiles = v->dev->rows->fft;
    struct tfu_cpu_fft f = {.v = *v, .size = &tiles->size[size], .lanes = tiles->lanes};
    f.tiling = tfu_cpu_conv_tiling(v, f.size->tile - v->R + 1, f.size->tile - v->S + 1);
    f.k_blocks = tfu_cpu_ceil_div(v->K, f.lanes);
    f.channels = tfu_cpu_min(CHANNELS, tfu_cpu_ceil_div(v->C, f.lanes) * f.lanes);
    f.c_chunks = tfu_cpu_ceil_div(v->C, f.channels);

    const int64_t bytes = f.size->frequencies * (int64_t)sizeof(float); /* of a plane and channel */
    const int64_t groups = PIECE / (bytes * 2 * f.lanes * tiles->rows);
    f.chunk = tfu_cpu_min(f.tiling.tiles, tfu_cpu_max(groups, 1) * tiles->rows);
    const int64_t most = tfu_cpu_min(RANGE_X / (bytes * 3 * f.channels * f.c_chunks),
                                     RANGE_Y / (bytes * 2 * f.lanes));
    f.range = tfu_cpu_max(most / f.chunk, 1) * f.chunk;
    f.range = tfu_cpu_min(f.range, tfu_cpu_ceil_div(f.tiling.tiles, f.chunk) * f.chunk);
    f.x_piece = f.size->frequencies * f.chunk * 3 * f.channels;
    f.w_piece = f.size->frequencies * f.channels * 2 * f.lanes;
    f.y_piece = f.size->frequencies * f.chunk * 2 * f.lanes;
    return f;
}

int64_t tfu_cpu_fft_x_floats(const struct tfu_cpu_fft *f)
{
    return f->range / f->chunk * f->c_chunks * f->x_piece;
}

int64_t tfu_cpu_fft_chunks(const struct tfu_cpu_fft *f)
{
    return tfu_cpu_ceil_div(tfu_cpu_min(f->range, f->tiling.tiles - f->first), f->chunk);
}

struct tfu_cpu_range tfu_cpu_fft_chunk(const struct tfu_cpu_fft *f, int64_t chunk)
{
    const int64_t first = f->first + chunk * f->chunk;
    return (struct tfu_cpu_range){first, tfu_cpu_min(first + f->chunk, f->tiling.tiles)};
}

struct tfu_cpu_range tfu_cpu_fft_channels(const struct tfu_cpu_fft *f, int64_t c_chunk)
{
    const int64_t first = c_chunk * f->channels;
    return (struct tfu_cpu_range){first, tfu_cpu_min(first + f->channels, f->v.C)};
}

/* A task is a piece. */
static void image_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct tfu_cpu_fft *f = arg;
    const struct tfu_cpu_conv *v = &f->v;
    const int64_t chunk = index / f->c_chunks, c_chunk = index % f->c_chunks;
    const struct tfu_cpu_range tiles = tfu_cpu_fft_chunk(f, chunk);
    const struct tfu_cpu_range channels = tfu_cpu_fft_channels(f, c_chunk);
    struct tfu_cpu_fft_image image = {
        .x = f->image, .row_stride = v->W * v->C, .pixel_stride = v->C};
    struct tfu_cpu_fft_spectrum s = {.frequency_stride = (size_t)(f->chunk * 3 * f->channels),
                                     .plane_stride = (size_t)f->channels};
    for (int64_t t = tiles.first; t < tiles.end; t++) {
        const struct tfu_cpu_place at = tfu_cpu_conv_place(v, &f->tiling, t);
        const int64_t top = at.p - v->h.pad, left = at.q - v->w.pad, side = f->size->tile;
        image.first_row = (int)tfu_cpu_max(0, -top);
        image.end_row = (int)tfu_cpu_min(side, v->H - top);
        image.first_column = (int)tfu_cpu_max(0, -left);
        image.end_column = (int)tfu_cpu_min(side, v->W - left);
        s.data = tfu_cpu_fft_x_at(f, chunk, c_chunk) + (t - tiles.first) * 3 * f->channels;
        for (int64_t c = channels.first; c < channels.end; c += f->lanes, s.data += f->lanes) {
            image.origin = ((at.n * v->H + top) * v->W + left) * v->C + c;
            image.channels = (size_t)tfu_cpu_min(f->lanes, channels.end - c);
            f->size->left(&image, &s);
        }
    }
}

void tfu_cpu_fft_transform_image(const struct tfu_cpu_fft *f)
{
    tfu_cpu_parallel(f->v.dev, tfu_cpu_fft_chunks(f) * f->c_chunks, image_task, (void *)f);
}

float tfu_cpu_fft_scale(const struct tfu_cpu_fft *f)
{
    return 0.25f / (float)(f->size->tile * f->size->tile);
}

double tfu_cpu_fft_seconds(const struct tfu_cpu_fft *f, const struct tfu_op_call *c,
                           double transforms)
{
    const double side = (double)f->size->tile, lanes = (double)f->lanes;
    const double rows = (double)f->v.dev->rows->fft->rows, chunk = (double)f->chunk;
    /* groups of few rows leave a product waiting for its right factor */
    const double groups = (double)tfu_cpu_ceil_div(f->chunk, (int64_t)rows);
    const double computed = (chunk + groups) / chunk;
    const double products = (double)f->size->frequencies * (double)f->tiling.tiles *
                            ((double)f->v.C + tfu_cpu_costs.fft_sums) * (double)f->k_blocks *
                            lanes * 3 * computed;
    return tfu_cpu_seconds(
        f->v.dev, transforms * side * side * lanes * tfu_cpu_costs.fft_transform + products,
        f->v.dev->rate, tfu_cpu_traffic(c));
}

double tfu_cpu_fft_products(const struct tfu_cpu_conv *v, int size)
{
    const struct tfu_cpu_fft f = tfu_cpu_fft_of(v, size);
    return 3 * (double)f.size->frequencies * (double)f.tiling.tiles * (double)v->C * (double)v->K;
}
