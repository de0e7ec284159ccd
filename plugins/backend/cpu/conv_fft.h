/* SPDX-License-Identifier: MIT
 *
 * conv_fft.h - what the three directions of FFT convolution share: the tiling of the image, the
 * ranges that are worked on at a time, and the transform of the image.
 *
 * The output is cut into tiles that need tile_h x tile_w of the image each; the spectra of all
 * channels of these, times the spectra of the kernels, are a complex matrix product for each
 * frequency. It all goes in ranges of tiles and of output channels so that spectra stay in the
 * processor's last cache.
 *
 * Arrays of spectra, f frequencies, t tiles, kb blocks of L output channels (L: lanes):
 *     x  [f][t][3 planes][C padded to L]    left factor
 *     w  [f][kb][C][3 planes][L]            right factor: kernels, or
 *        [f][kb][t][3 planes][L]            right factor: output gradient
 *     y  [f][t][2 planes][K of the range]   product: output, or
 *        [f][kb][C][2 planes][L]            product: gradient of the kernels
 */
#ifndef TFU_CPU_CONV_FFT_H
#define TFU_CPU_CONV_FFT_H

#include "conv.h"
#include "fft_rows.h"
#include "tail.h"

struct tfu_cpu_fft {
    struct tfu_cpu_conv v;
    const struct tfu_cpu_fft_size *size;
    int64_t lanes;
    int64_t out_h, out_w;  /* outputs of a tile */
    int64_t rows, columns; /* of tiles in an image */
    int64_t tiles;         /* in all */
    int64_t c_padded;      /* C, a multiple of lanes */
    int64_t k_blocks;      /* of K */
    int64_t tile_ranges, k_ranges;
    int64_t tile_most, k_most; /* tiles and blocks in the largest range */
    const float *image;
    float *x, *w, *y;
    struct tfu_cpu_range tile, k; /* the ranges in work */
};

/* Sizes; ranges and arrays are the direction's own. */
struct tfu_cpu_fft tfu_cpu_fft_of(const struct tfu_cpu_conv *v, int size);

/* Can tiles of this size do it? */
int tfu_cpu_fft_supports(const struct tfu_cpu_conv *v, int size);

/* Cuts `count` into ranges of at most `most` (one at least), as even as it goes. */
int64_t tfu_cpu_fft_ranges(int64_t count, int64_t most, int64_t *largest);

/* Floats of an array over the largest ranges. */
int64_t tfu_cpu_fft_x_floats(const struct tfu_cpu_fft *f);

/* Where a tile lies. */
struct tfu_cpu_fft_place {
    int64_t n, p, q;       /* image, first output row and column */
    int64_t rows, columns; /* outputs */
};
struct tfu_cpu_fft_place tfu_cpu_fft_place(const struct tfu_cpu_fft *f, int64_t tile);

/* Spectra of the image in the tile range in work, to x. */
void tfu_cpu_fft_transform_image(const struct tfu_cpu_fft *f);

/* Predicted seconds: `transforms` of one block of channels of one tile each, and the products. */
double tfu_cpu_fft_seconds(const struct tfu_cpu_fft *f, double transforms);

/* The kernels of kernels.h for each size of tile, from functions that take its number. */
#define TFU_CPU_FFT_SIZED_ONE(direction, tile, number)                                             \
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
