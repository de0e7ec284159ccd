/* SPDX-License-Identifier: MIT
 *
 * rows.h - the inner loops. rows.c and tile.c are compiled once for each instruction set; a device
 * uses the table of one of them.
 *
 * Channels are innermost in memory, so a loop over channels is a loop over neighbours. Pointers may
 * be equal where a function's comment says "in place", else they do not overlap. None of the
 * results depends on how much of its work a caller does in one call, but for the double sums, which
 * are added to what is there in the order of the pixels.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_ROWS_H
#define TFU_PLUGINS_BACKEND_CPU_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* Per-channel constants of batchnorm's backward pass:
 *     grad_x = slope * (g - mean_g - (x - mean) * mean_gx) */
struct tfu_cpu_norm_back {
    const float *slope, *mean_g, *mean, *mean_gx;
};

/* What is done with the outputs of a convolution, channel by channel, in this order; what is NULL
 * or 0 is left out:
 *     y += bias; y = (y - mean) * slope + shift; y += add; y = y < 0 ? 0 : y
 * `mean`, `slope` and `shift` come together. */
struct tfu_cpu_finish {
    const float *bias, *mean, *slope, *shift;
    const float *add; /* pixels as far apart as those of y */
    int relu;
};

/* One output pixel of maxpool: the window's rows inside the image. */
struct tfu_cpu_window {
    const float *x;       /* its first pixel inside the image */
    size_t rows, columns; /* of it inside the image */
    size_t row_stride;    /* floats from one row of the image to the next */
    uint32_t tap;         /* number of the first pixel in the whole window */
    uint32_t tap_stride;  /* taps in a row of the whole window */
};

/* Part of an output row of a convolution, for one block of output channels:
 *     y[i * y_stride + k] = sum over j < runs, t < run of
 *                           x[i * pixel_stride + j * run_stride + t] * weight[j * run + t][k]
 * for i < pixels, k < channels. A weight has a whole block of channels in memory. */
struct tfu_cpu_conv_row {
    const float *x, *weight;
    float *y;
    size_t pixels, pixel_stride, y_stride;
    size_t runs, run, run_stride;
    size_t channels; /* at most the block */
    int add;         /* to what y holds; of whole blocks only */
    /* NULL, or what is done with the sums before they are written; of whole blocks only. Its `add`
     * belongs to the first pixel. */
    const struct tfu_cpu_finish *finish;
    /* Written past the caches? Then y and its pixels are aligned to lines of cache, and the caller
     * ends with stream_end(). */
    int stream;
    /* NULL, or memory that will be wanted soon: a line of cache of it is fetched with each step
     * over `run`, from ahead + i * pixel_stride on for the pixels from i on. */
    const float *ahead;
};

/* The gradient by the weights of one row of the kernel and one block of output channels:
 *     sum[t][k] += sum over i < rows, j < pixels of
 *                  x[i * row_stride + j * pixel_stride + t] * grad[i * pixels + j][k]
 * for t < run and all k of the block. */
struct tfu_cpu_conv_params {
    const float *x, *grad;
    float *sum;
    size_t rows, row_stride, pixels, pixel_stride, run;
    /* NULL, or memory that will be wanted soon: a line of cache of it is fetched with each pixel,
     * from ahead + t * pixels on for the taps from t on. */
    const float *ahead;
};

enum { TFU_CPU_BLOCK_MAX = 32 };

struct tfu_cpu_tiles {
    int64_t block; /* output channels that are computed side by side: at most TFU_CPU_BLOCK_MAX */
    int64_t rows;  /* pixels of conv_row that are computed side by side */
    void (*conv_row)(const struct tfu_cpu_conv_row *c);
    void (*conv_params)(const struct tfu_cpu_conv_params *c);
    /* From here on what this thread has written past the caches is there for others. */
    void (*stream_end)(void);
};

struct tfu_cpu_fft_tiles;
struct tfu_cpu_winograd_tiles;

struct tfu_cpu_rows {
    const char *isa;
    const struct tfu_cpu_tiles *tiles;
    const struct tfu_cpu_fft_tiles *fft;           /* fft_rows.h */
    const struct tfu_cpu_winograd_tiles *winograd; /* winograd_rows.h */

    void (*add)(float *y, const float *a, const float *b, size_t n); /* y = a + b */
    void (*add_scaled)(float *y, const float *x, float a, size_t n); /* y += a x */
    void (*scale)(float *y, const float *x, float a, size_t n);      /* y = a x, in place */
    void (*relu)(float *y, const float *x, size_t n);                /* in place */
    /* grad_x = y > 0 ? g : 0, in place with g */
    void (*relu_back)(float *grad_x, const float *y, const float *g, size_t n);
    /* y = kept ? a x : 0, in place. Element i is kept when word i % 4 of the Philox block
     * first + i / 4 is at least `threshold` in its upper 24 bits. */
    void (*dropout)(float *y, const float *x, float a, uint32_t threshold, uint64_t key,
                    uint64_t first, size_t n);
    /* y[pixel][c] += bias[c] */
    void (*bias)(float *y, const float *bias, size_t pixels, size_t channels);
    /* to[c * to_stride + r] = from[r * from_stride + c] */
    void (*transpose)(float *to, ptrdiff_t to_stride, const float *from, ptrdiff_t from_stride,
                      size_t rows, size_t columns);
    /* `stride`: floats from one pixel to the next */
    void (*finish)(float *y, const struct tfu_cpu_finish *f, size_t pixels, size_t channels,
                   size_t stride);

    /* sum[c] += x[pixel][c] */
    void (*sum)(double *sum, const float *x, size_t pixels, size_t channels);
    /* sum[c] += x, square[c] += x^2 */
    void (*moments)(double *sum, double *square, const float *x, size_t pixels, size_t channels);
    /* sum_g[c] += g, sum_gx[c] += g (x - mean[c]) */
    void (*norm_sums)(double *sum_g, double *sum_gx, const float *x, const float *g,
                      const double *mean, size_t pixels, size_t channels);
    /* y = what `f` makes of x, where mean, slope and shift are given and bias is not; in place */
    void (*norm)(float *y, const float *x, const struct tfu_cpu_finish *f, size_t pixels,
                 size_t channels);
    /* the same, past the caches: y and its pixels are aligned to lines of cache */
    void (*norm_stream)(float *y, const float *x, const struct tfu_cpu_finish *f, size_t pixels,
                        size_t channels);
    /* to = (x - mean[c]) slope[c] + shift[c] > 0 ? g : 0, in place with g */
    void (*norm_relu_back)(float *to, const float *x, const float *g,
                           const struct tfu_cpu_finish *f, size_t pixels, size_t channels);
    /* in place with g */
    void (*norm_back)(float *grad_x, const float *x, const float *g,
                      const struct tfu_cpu_norm_back *k, size_t pixels, size_t channels);

    /* y[c] = largest of the window; taken[c] = its tap, unless `taken` is NULL */
    void (*maximum)(float *y, uint8_t *taken, const struct tfu_cpu_window *w, size_t channels);
    /* grad_x[c] += taken[c] == tap ? g[c] : 0 */
    void (*maximum_back)(float *grad_x, const uint8_t *taken, const float *g, uint32_t tap,
                         size_t channels);
};

extern const struct tfu_cpu_tiles tfu_cpu_tiles_portable, tfu_cpu_tiles_avx2, tfu_cpu_tiles_avx512;
extern const struct tfu_cpu_rows tfu_cpu_rows_portable, tfu_cpu_rows_avx2, tfu_cpu_rows_avx512;

#endif
