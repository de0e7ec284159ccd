/* SPDX-License-Identifier: MIT
 *
 * fft_rows.h - Fourier transforms of square tiles of an image, and the products of their spectra:
 * the inner loops of FFT convolution. fft_tile.c is compiled once for each instruction set.
 *
 * A real tile of T x T has a spectrum of T^2/2 + 2 complex frequencies: the columns 1..T/2-1 whole,
 * of the columns 0 and T/2, which have the symmetry of a real sequence, the rows 0..T/2. Forward
 * transforms come out twice as large as the definition, which saves multiplications.
 *
 * A complex product takes three real ones (Gauss): of a + ib and c + id
 *     p = (a + b) c, q = a (d - c), r = b (c + d): real part p - r, imaginary part p + q.
 * A left factor has three planes, a, b and a + b, since its elements are many and spread to
 * vectors one at a time; a right one has two.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_FFT_ROWS_H
#define TFU_PLUGINS_BACKEND_CPU_FFT_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* A tile in an image, `lanes` channels or fewer. Pixels outside of the given ranges are 0. */
struct tfu_cpu_fft_image {
    const float *x;
    ptrdiff_t origin; /* pixel 0, 0 of the tile; may lie outside of the image */
    ptrdiff_t row_stride, pixel_stride;
    int first_row, end_row, first_column, end_column;
    size_t channels;
};

/* Where its spectrum goes: frequency f, plane p, lane l at f * frequency_stride + p * plane_stride
 * + l. */
struct tfu_cpu_fft_spectrum {
    float *data;
    size_t frequency_stride, plane_stride;
};

/* Rows 0..rows-1 and columns 0..columns-1 of a tile, to be written. */
struct tfu_cpu_fft_target {
    float *y;
    size_t row_stride, pixel_stride;
    int rows, columns;
    size_t channels;
};

/* One block of `lanes` columns of a product of complex matrices, split into planes:
 *     y[i][k] (+)= sum over j < depth of left[i][j] right[j][k],    i < rows
 * left:  element i, j of plane p at i * row_stride + j * depth_stride + p * plane_stride
 * right: row j has 2 planes of `lanes`
 * y:     row i at i * y_stride, its imaginary plane y_plane behind */
struct tfu_cpu_fft_product {
    const float *left, *right;
    float *y;
    size_t rows, depth, row_stride, depth_stride, plane_stride, y_stride, y_plane;
    int add; /* to what y holds */
};

struct tfu_cpu_fft_size {
    int64_t tile, frequencies;
    void (*left)(const struct tfu_cpu_fft_image *x, const struct tfu_cpu_fft_spectrum *s);
    /* the complex conjugate */
    void (*right)(const struct tfu_cpu_fft_image *x, const struct tfu_cpu_fft_spectrum *s);
    /* of two planes, without the factor 1 / T^2 */
    void (*inverse)(const struct tfu_cpu_fft_spectrum *s, const struct tfu_cpu_fft_target *y);
};

/* Tiles of 12, 16, 18, 20, 24, 32. */
enum { TFU_CPU_FFT_SIZES = 6, TFU_CPU_FFT_SIDE_MAX = 32, TFU_CPU_FFT_LANES_MAX = 16 };

struct tfu_cpu_fft_tiles {
    int64_t lanes; /* channels that a transform takes, columns of a product */
    int64_t rows;  /* of a product that are computed side by side */
    void (*product)(const struct tfu_cpu_fft_product *p);
    struct tfu_cpu_fft_size size[TFU_CPU_FFT_SIZES];
};

extern const struct tfu_cpu_fft_tiles tfu_cpu_fft_tiles_portable, tfu_cpu_fft_tiles_avx2,
    tfu_cpu_fft_tiles_avx512;

#endif
