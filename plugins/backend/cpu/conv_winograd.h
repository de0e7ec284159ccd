/* SPDX-License-Identifier: MIT
 *
 * conv_winograd.h - what the three directions of Winograd convolution share: the tiling of the
 * image, and the transforms of tiles along both axes.
 *
 * The output is cut into tiles. At each point, the values of the tiles are a matrix of tiles x C,
 * those of the kernels one of C x K, and their product has the values of the output. Everything
 * goes in pieces that fit a core's caches: chunks of tiles, blocks of K (the columns of a register
 * tile), and where weights are large, chunks of C:
 *     x piece [point][tile][channel]      of a chunk of tiles and a chunk of C
 *     w piece [weight][channel][column]   of a chunk of C and a block of K
 *     y piece [point][tile][column]       of a chunk of tiles and a block of K
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_CONV_WINOGRAD_H
#define TFU_PLUGINS_BACKEND_CPU_CONV_WINOGRAD_H

#include "conv.h"
#include "winograd_rows.h"

struct tfu_cpu_winograd {
    struct tfu_cpu_conv v;
    const struct tfu_cpu_winograd_tiles *tile;
    const struct tfu_cpu_winograd_size *h, *w; /* NULL: the kernel has one tap on that axis */
    int64_t points_h, points_w, points;
    int64_t weights_h, weights_w; /* values of a kernel; some points share one */
    int64_t step_h, step_w;       /* pixels of the image from one tile to the next */
    struct tfu_cpu_tiling tiling;
    int64_t chunks, chunk, chunk_most; /* of tiles; tiles in a chunk: here, and ever */
    int64_t block, k_blocks;           /* columns side by side */
    int64_t channels, c_chunks;        /* channels in a chunk of C: a multiple of lanes, or all */
    int64_t x_row;                     /* floats from one tile to the next in an x piece */
    int64_t x_point, w_point, y_point; /* floats from one point to the next in a piece */
    int64_t x_piece, w_piece, y_piece; /* floats of a piece */
};

/* At least so many floats, as an odd number of lines of cache: what is so far apart, like the
 * values of a tile at all points, falls into different places of a cache. */
static inline int64_t tfu_cpu_winograd_apart(int64_t floats)
{
    enum { LINE = 16 };
    return (tfu_cpu_ceil_div(floats, LINE) | 1) * LINE;
}

/* Channels of a full chunk of C. */
enum { TFU_CPU_WINOGRAD_CHUNK = 64 };

/* The weight that belongs to a point. */
static inline int64_t tfu_cpu_winograd_weight(const struct tfu_cpu_winograd *f, int64_t point)
{
    return tfu_cpu_min(point / f->points_w, f->weights_h - 1) * f->weights_w +
           tfu_cpu_min(point % f->points_w, f->weights_w - 1);
}

/* Is there a size for `outputs` outputs of this kernel? `backwards`, here and below: for the way
 * back to its data. */
int tfu_cpu_winograd_supports(const struct tfu_cpu_conv *v, int backwards, int outputs);
/* `chunk_bytes`: what the pieces of a chunk of tiles may take; `channels` in a chunk of C; `tasks`:
 * chunks wanted at least. */
struct tfu_cpu_winograd tfu_cpu_winograd_of(const struct tfu_cpu_conv *v, int backwards,
                                            int outputs, int64_t chunk_bytes, int64_t channels,
                                            int64_t tasks);

/* Floats that are enough for x or y pieces, `pieces` for each chunk of tiles, of rows of so many
 * floats: of all chunks, or a range of those that takes so many bytes, or a single one. For smaller
 * batches as well, whose chunks may be of other sizes. */
int64_t tfu_cpu_winograd_room(const struct tfu_cpu_winograd *f, int64_t row, int64_t pieces,
                              int64_t range_bytes);

/* Tiles of a chunk. */
static inline struct tfu_cpu_range tfu_cpu_winograd_tiles_of(const struct tfu_cpu_winograd *f,
                                                             int64_t chunk)
{
    return tfu_cpu_part(f->tiling.tiles, f->chunks, chunk);
}
/* Channels of a chunk of C. */
static inline struct tfu_cpu_range tfu_cpu_winograd_channels_of(const struct tfu_cpu_winograd *f,
                                                                int64_t c_chunk)
{
    const int64_t first = c_chunk * f->channels;
    return (struct tfu_cpu_range){first, tfu_cpu_min(first + f->channels, f->v.C)};
}

/* A vector of channels of a tile, from one place to another: floats from one row or column of
 * pixels, taps or points to the next. */
struct tfu_cpu_winograd_square {
    const float *from;
    ptrdiff_t from_row, from_column;
    float *to;
    ptrdiff_t to_row, to_column;
    const struct tfu_cpu_finish *finish; /* as in struct tfu_cpu_winograd_lines */
    int stream;
};
/* Transforms along both axes. */
void tfu_cpu_winograd_transform(const struct tfu_cpu_winograd *f, enum tfu_cpu_winograd_kind kind,
                                const struct tfu_cpu_winograd_square *s);

/* Makes the x piece of a chunk of tiles and a chunk of C. */
void tfu_cpu_winograd_transform_image(const struct tfu_cpu_winograd *f, const float *image,
                                      int64_t chunk, int64_t c_chunk, float *piece);
/* Chunks of tiles whose x pieces are made first, to be shared by all blocks of K. */
struct tfu_cpu_winograd_range {
    const float *image;
    float *x;      /* pieces, for each chunk of tiles those of all chunks of C */
    int64_t most;  /* chunks in a range */
    int64_t first; /* chunk of the range in work */
};
/* Chunks of the range in work. */
static inline int64_t tfu_cpu_winograd_range_chunks(const struct tfu_cpu_winograd *f,
                                                    const struct tfu_cpu_winograd_range *r)
{
    return tfu_cpu_min(r->most, f->chunks - r->first);
}
/* The x pieces of chunk i of the range in work. */
static inline float *tfu_cpu_winograd_range_x(const struct tfu_cpu_winograd *f,
                                              const struct tfu_cpu_winograd_range *r, int64_t i)
{
    return r->x + i * f->c_chunks * f->x_piece;
}
void tfu_cpu_winograd_transform_range(const struct tfu_cpu_winograd *f,
                                      const struct tfu_cpu_winograd_range *r);

/* Makes the piece [point][tile][column] of the gradient by the output, for a block of K. */
void tfu_cpu_winograd_transform_gradient(const struct tfu_cpu_winograd *f, const float *grad,
                                         int64_t chunk, int64_t block, float *piece);

/* Predicted seconds: the products, the transforms of all tiles, and `kernels` transforms of all
 * weights. */
double tfu_cpu_winograd_seconds(const struct tfu_cpu_winograd *f, const struct tfu_op_call *c,
                                double kernels);

/* Multiply-adds of the products; the transforms are additions for the most part. */
double tfu_cpu_winograd_products(const struct tfu_cpu_conv *v, int backwards, int outputs);

/* The kernels of kernels.h for each number of outputs, from functions that take it. */
#define TFU_CPU_WINOGRAD_SIZED_ONE(direction, outputs)                                             \
    double tfu_cpu_winograd##outputs##_##direction##_work(void *dev, const struct tfu_op_call *c)  \
    {                                                                                              \
        return direction##_work(dev, c, outputs);                                                  \
    }                                                                                              \
    double tfu_cpu_winograd##outputs##_##direction##_cost(void *dev, const struct tfu_op_call *c)  \
    {                                                                                              \
        return direction##_cost(dev, c, outputs);                                                  \
    }                                                                                              \
    size_t tfu_cpu_winograd##outputs##_##direction##_workspace(void *dev,                          \
                                                               const struct tfu_op_call *c)        \
    {                                                                                              \
        return direction##_workspace(dev, c, outputs);                                             \
    }                                                                                              \
    enum tfu_status tfu_cpu_winograd##outputs##_##direction##_run(                                 \
        void *dev, const struct tfu_op_call *c, struct tfu_host *h)                                \
    {                                                                                              \
        (void)h;                                                                                   \
        return direction##_run(dev, c, outputs);                                                   \
    }
#define TFU_CPU_WINOGRAD_SIZED(direction)                                                          \
    TFU_CPU_WINOGRAD_SIZED_ONE(direction, 2)                                                       \
    TFU_CPU_WINOGRAD_SIZED_ONE(direction, 4)                                                       \
    TFU_CPU_WINOGRAD_SIZED_ONE(direction, 6)                                                       \
    TFU_CPU_WINOGRAD_SIZED_ONE(direction, 7)

#endif
