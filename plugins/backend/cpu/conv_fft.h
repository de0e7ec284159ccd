/* SPDX-License-Identifier: MIT
 *
 * conv_fft.h - what the three directions of FFT convolution share: the tiling of the image, and the
 * transform of the image.
 *
 * The output is cut into tiles; each needs a square of the image, whose side is the transform's.
 * For each frequency, the spectra of the tiles are a matrix of tiles x C, those of the kernels one
 * of C x K, and their product has the spectra of the output. Everything goes in pieces that fit a
 * core's own cache: chunks of tiles, chunks of C, blocks of K (the lanes of a vector):
 *     x piece [frequency][tile][3 planes][channel]   of a chunk of tiles and a chunk of C
 *     w piece [frequency][channel][2 planes][lane]   of a chunk of C and a block of K
 *     y piece [frequency][tile][2 planes][lane]      of a chunk of tiles and a block of K
 * The x pieces of a range of tiles are made first, and shared by all blocks of K.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_CONV_FFT_H
#define TFU_PLUGINS_BACKEND_CPU_CONV_FFT_H

#include "conv.h"
#include "fft_rows.h"

struct tfu_cpu_fft {
    struct tfu_cpu_conv v;
    const struct tfu_cpu_fft_size *size;
    int64_t lanes;
    struct tfu_cpu_tiling tiling;
    int64_t chunk, range;       /* tiles in a chunk; in a range, a multiple of that */
    int64_t channels, c_chunks; /* channels in a chunk of C: a multiple of lanes */
    int64_t k_blocks;
    int64_t x_piece, w_piece, y_piece; /* floats of a piece */
    const float *image;
    float *x;
    int64_t first; /* tile of the range in work */
};

/* Can tiles of this size (a number in the table of sizes) do it? */
int tfu_cpu_fft_supports(const struct tfu_cpu_conv *v, int size);
struct tfu_cpu_fft tfu_cpu_fft_of(const struct tfu_cpu_conv *v, int size);

/* Floats of the x pieces of a range. */
int64_t tfu_cpu_fft_x_floats(const struct tfu_cpu_fft *f);
/* Chunks of tiles in the range in work. */
int64_t tfu_cpu_fft_chunks(const struct tfu_cpu_fft *f);
/* Tiles of a chunk of the range in work. */
struct tfu_cpu_range tfu_cpu_fft_chunk(const struct tfu_cpu_fft *f, int64_t chunk);
/* Channels of a chunk of C. */
struct tfu_cpu_range tfu_cpu_fft_channels(const struct tfu_cpu_fft *f, int64_t c_chunk);
static inline float *tfu_cpu_fft_x_at(const struct tfu_cpu_fft *f, int64_t chunk, int64_t c_chunk)
{
    return f->x + (chunk * f->c_chunks + c_chunk) * f->x_piece;
}

/* Makes the x pieces of the range in work. */
void tfu_cpu_fft_transform_image(const struct tfu_cpu_fft *f);

/* What transforms leave out: each is twice too large, and the inverse needs 1 / T^2. */
float tfu_cpu_fft_scale(const struct tfu_cpu_fft *f);

/* Floats of the kernels from one input channel to a block of output channels. */
enum {
    TFU_CPU_FFT_KERNEL_MAX = TFU_CPU_FFT_SIDE_MAX * TFU_CPU_FFT_SIDE_MAX * TFU_CPU_FFT_LANES_MAX
};

/* Predicted seconds: the products, and `transforms` of a tile of one vector of channels. */
double tfu_cpu_fft_seconds(const struct tfu_cpu_fft *f, const struct tfu_op_call *c,
                           double transforms);

/* Multiply-adds of the products; the transforms are additions for the most part. */
double tfu_cpu_fft_products(const struct tfu_cpu_conv *v, int size);

/* The kernels of kernels.h for each size of tile, from functions that take its number. */
#define TFU_CPU_FFT_SIZED_ONE(direction, tile, number)                                             \
    double tfu_cpu_fft##tile##_##direction##_work(void *dev, const struct tfu_op_call *c)          \
    {                                                                                              \
        return direction##_work(dev, c, number);                                                   \
    }                                                                                              \
    double tfu_cpu_fft##tile##_##direction##_cost(void *dev, const struct tfu_op_call *c)          \
    {                                                                                              \
        return direction##_cost(dev, c, number);                                                   \
    }                                                                                              \
    size_t tfu_cpu_fft##tile##_##direction##_workspace(void *dev, const struct tfu_op_call *c)     \
    {                                                                                              \
        return direction##_workspace(dev, c, number);                                              \
    }                                                                                              \
    enum tfu_status tfu_cpu_fft##tile##_##direction##_run(void *dev, const struct tfu_op_call *c,  \
                                                          struct tfu_host *h)                      \
    {                                                                                              \
        (void)h;                                                                                   \
        return direction##_run(dev, c, number);                                                    \
    }
#define TFU_CPU_FFT_SIZED(direction)                                                               \
    TFU_CPU_FFT_SIZED_ONE(direction, 12, 0)                                                        \
    TFU_CPU_FFT_SIZED_ONE(direction, 16, 1)                                                        \
    TFU_CPU_FFT_SIZED_ONE(direction, 18, 2)                                                        \
    TFU_CPU_FFT_SIZED_ONE(direction, 20, 3)                                                        \
    TFU_CPU_FFT_SIZED_ONE(direction, 24, 4)                                                        \
    TFU_CPU_FFT_SIZED_ONE(direction, 32, 5)

#endif
