/* SPDX-License-Identifier: MIT
 *
 * rows.c - the inner loops in plain C, for the compiler to vectorise. Compiled once for each
 * instruction set with -DTFU_CPU_ISA=<its name>.
 */
#include "rows.h"

#include "fft_rows.h"
#include "winograd_rows.h"

#include <string.h>

#include <transfuse/random.h>

#include "finish.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)
#define TEXT_(a)    #a
#define TEXT(a)     TEXT_(a)

static void add(float *y, const float *a, const float *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] + b[i];
}

static void add_scaled(float *restrict y, const float *restrict x, float a, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += a * x[i];
}

static void scale(float *y, const float *x, float a, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a * x[i];
}

/* Not-a-number stays what it is. */
static void relu(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] < 0 ? 0 : x[i];
}

static void relu_back(float *grad_x, const float *y, const float *g, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const float gradient = g[i]; /* loaded in any case: a select, not a branch */
        grad_x[i] = y[i] <= 0 ? 0 : gradient;
    }
}

enum { BLOCKS = 16 }; /* Philox blocks drawn at a time */

/* BLOCKS blocks of tfu_philox() side by side, so that each step is a loop over lanes. */
static void philox_lanes(uint64_t key, uint64_t first, uint32_t word[4][BLOCKS])
{
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (uint32_t i = 0; i < BLOCKS; i++) {
        word[0][i] = (uint32_t)(first + i);
        word[1][i] = (uint32_t)((first + i) >> 32);
        word[2][i] = word[3][i] = 0;
    }
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < BLOCKS; i++) {
            const uint64_t p0 = (uint64_t)0xD2511F53u * word[0][i];
            const uint64_t p1 = (uint64_t)0xCD9E8D57u * word[2][i];
            word[0][i] = (uint32_t)(p1 >> 32) ^ word[1][i] ^ k0;
            word[2][i] = (uint32_t)(p0 >> 32) ^ word[3][i] ^ k1;
            word[1][i] = (uint32_t)p1;
            word[3][i] = (uint32_t)p0;
        }
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

static void dropout(float *y, const float *x, float a, uint32_t threshold, uint64_t key,
                    uint64_t first, size_t n)
{
    uint32_t word[4][BLOCKS], in_order[4 * BLOCKS];
    for (size_t done = 0; done < n; done += 4 * BLOCKS, first += BLOCKS) {
        philox_lanes(key, first, word);
        for (int i = 0; i < BLOCKS; i++)
            for (int j = 0; j < 4; j++)
                in_order[4 * i + j] = word[j][i] >> 8;
        const size_t count = n - done < 4 * BLOCKS ? n - done : 4 * BLOCKS;
        for (size_t i = 0; i < count; i++)
            y[done + i] = in_order[i] >= threshold ? a * x[done + i] : 0;
    }
}

static void bias(float *restrict y, const float *restrict b, size_t pixels, size_t channels)
{
    for (size_t i = 0; i < pixels; i++, y += channels)
        for (size_t c = 0; c < channels; c++)
            y[c] += b[c];
}

/* The first halves of two vectors, element by element in turn, and the second ones. */
#if defined(__AVX512F__)
#define FIRST_HALVES  0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define SECOND_HALVES 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif defined(__AVX2__)
#define FIRST_HALVES  0, 8, 1, 9, 2, 10, 3, 11
#define SECOND_HALVES 4, 12, 5, 13, 6, 14, 7, 15
#else
#define FIRST_HALVES  0, 4, 1, 5
#define SECOND_HALVES 2, 6, 3, 7
#endif

/* A square of as many rows as a vector is long: each round deals the rows of its two halves like
 * two halves of a deck of cards, and after as many rounds as the length has bits all are columns.
 */
static inline void transpose_square(float *to, ptrdiff_t to_stride, const float *from,
                                    ptrdiff_t from_stride)
{
    vector row[LANES], dealt[LANES];
    UNROLL
    for (int i = 0; i < LANES; i++)
        row[i] = *(const vector *)(from + i * from_stride);
    UNROLL
    for (int round = 1; round < LANES; round *= 2) {
        UNROLL
        for (int i = 0; i < LANES / 2; i++) {
            dealt[2 * i] = __builtin_shufflevector(row[i], row[i + LANES / 2], FIRST_HALVES);
            dealt[2 * i + 1] = __builtin_shufflevector(row[i], row[i + LANES / 2], SECOND_HALVES);
        }
        UNROLL
        for (int i = 0; i < LANES; i++)
            row[i] = dealt[i];
    }
    UNROLL
    for (int i = 0; i < LANES; i++)
        *(vector *)(to + i * to_stride) = row[i];
}

typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));

static inline void transpose_quads(float *to, ptrdiff_t to_stride, const float *from,
                                   ptrdiff_t from_stride)
{
    const quad a = *(const quad *)from, b = *(const quad *)(from + from_stride);
    const quad c = *(const quad *)(from + 2 * from_stride),
               d = *(const quad *)(from + 3 * from_stride);
    const quad ac = __builtin_shufflevector(a, c, 0, 4, 1, 5);
    const quad bd = __builtin_shufflevector(b, d, 0, 4, 1, 5);
    const quad ac_high = __builtin_shufflevector(a, c, 2, 6, 3, 7);
    const quad bd_high = __builtin_shufflevector(b, d, 2, 6, 3, 7);
    *(quad *)to = __builtin_shufflevector(ac, bd, 0, 4, 1, 5);
    *(quad *)(to + to_stride) = __builtin_shufflevector(ac, bd, 2, 6, 3, 7);
    *(quad *)(to + 2 * to_stride) = __builtin_shufflevector(ac_high, bd_high, 0, 4, 1, 5);
    *(quad *)(to + 3 * to_stride) = __builtin_shufflevector(ac_high, bd_high, 2, 6, 3, 7);
}

/* Fewer columns, or rows, than a vector has. */
static void transpose_rest(float *to, ptrdiff_t to_stride, const float *from, ptrdiff_t from_stride,
                           size_t rows, size_t columns)
{
    size_t r = 0;
    for (; r + 4 <= rows; r += 4, from += 4 * from_stride, to += 4) {
        size_t c = 0;
        for (; c + 4 <= columns; c += 4)
            transpose_quads(to + (ptrdiff_t)c * to_stride, to_stride, from + c, from_stride);
        for (; c < columns; c++)
            for (ptrdiff_t i = 0; i < 4; i++)
                to[(ptrdiff_t)c * to_stride + i] = from[i * from_stride + (ptrdiff_t)c];
    }
    for (; r < rows; r++, from += from_stride, to++)
        for (size_t c = 0; c < columns; c++)
            to[(ptrdiff_t)c * to_stride] = from[c];
}

/* In strips of a vector of columns: rows may be so far apart that few of them are in cache. */
static void transpose(float *restrict to, ptrdiff_t to_stride, const float *restrict from,
                      ptrdiff_t from_stride, size_t rows, size_t columns)
{
    for (; columns >= LANES; columns -= LANES, from += LANES, to += LANES * to_stride) {
        size_t r = 0;
        for (; r + LANES <= rows; r += LANES)
            transpose_square(to + r, to_stride, from + (ptrdiff_t)r * from_stride, from_stride);
        transpose_rest(to + r, to_stride, from + (ptrdiff_t)r * from_stride, from_stride, rows - r,
                       LANES);
    }
    transpose_rest(to, to_stride, from, from_stride, rows, columns);
}

/* Inlined with constant flags, so that each combination is one loop. */
static inline __attribute__((always_inline)) void
finish_pixels(float *y, const float *x, const struct tfu_cpu_finish *f, size_t pixels,
              size_t channels, size_t stride, const int biased, const int normed, const int added,
              const int relu)
{
    const float *restrict b = f->bias, *restrict mean = f->mean, *restrict slope = f->slope,
                          *restrict shift = f->shift, *restrict other = f->add;
    for (size_t i = 0; i < pixels; i++, x += stride, y += stride) {
        for (size_t c = 0; c < channels; c++) {
            float v = x[c];
            if (biased)
                v += b[c];
            if (normed)
                v = (v - mean[c]) * slope[c] + shift[c];
            if (added)
                v += other[c];
            if (relu)
                v = v < 0 ? 0 : v;
            y[c] = v;
        }
        if (added)
            other += stride;
    }
}

static void finish(float *y, const struct tfu_cpu_finish *f, size_t pixels, size_t channels,
                   size_t stride)
{
#define FINISH(biased, normed, added, relu)                                                        \
    case (biased)*8 + (normed)*4 + (added)*2 + (relu):                                             \
        finish_pixels(y, y, f, pixels, channels, stride, biased, normed, added, relu);             \
        break;
    switch ((f->bias != NULL) * 8 + (f->mean != NULL) * 4 + (f->add != NULL) * 2 + (f->relu != 0)) {
        FINISH(0, 0, 0, 1)
        FINISH(0, 0, 1, 0)
        FINISH(0, 0, 1, 1)
        FINISH(0, 1, 0, 0)
        FINISH(0, 1, 0, 1)
        FINISH(0, 1, 1, 0)
        FINISH(0, 1, 1, 1)
        FINISH(1, 0, 0, 0)
        FINISH(1, 0, 0, 1)
        FINISH(1, 0, 1, 0)
        FINISH(1, 0, 1, 1)
        FINISH(1, 1, 0, 0)
        FINISH(1, 1, 0, 1)
        FINISH(1, 1, 1, 0)
        FINISH(1, 1, 1, 1)
    default:
        break;
    }
#undef FINISH
}

static void sum(double *restrict total, const float *restrict x, size_t pixels, size_t channels)
{
    for (size_t i = 0; i < pixels; i++, x += channels)
        for (size_t c = 0; c < channels; c++)
            total[c] += (double)x[c];
}

static void moments(double *restrict total, double *restrict square, const float *restrict x,
                    size_t pixels, size_t channels)
{
    for (size_t i = 0; i < pixels; i++, x += channels)
        for (size_t c = 0; c < channels; c++) {
            const double d = (double)x[c];
            total[c] += d;
            square[c] += d * d;
        }
}

static void norm_sums(double *restrict sum_g, double *restrict sum_gx, const float *restrict x,
                      const float *restrict g, const double *restrict mean, size_t pixels,
                      size_t channels)
{
    for (size_t i = 0; i < pixels; i++, x += channels, g += channels)
        for (size_t c = 0; c < channels; c++) {
            sum_g[c] += (double)g[c];
            sum_gx[c] += (double)g[c] * ((double)x[c] - mean[c]);
        }
}

static void norm(float *y, const float *x, const struct tfu_cpu_finish *f, size_t pixels,
                 size_t channels)
{
    if (f->add && f->relu)
        finish_pixels(y, x, f, pixels, channels, channels, 0, 1, 1, 1);
    else if (f->add)
        finish_pixels(y, x, f, pixels, channels, channels, 0, 1, 1, 0);
    else if (f->relu)
        finish_pixels(y, x, f, pixels, channels, channels, 0, 1, 0, 1);
    else
        finish_pixels(y, x, f, pixels, channels, channels, 0, 1, 0, 0);
}

static void norm_stream(float *y, const float *x, const struct tfu_cpu_finish *f, size_t pixels,
                        size_t channels)
{
    for (size_t i = 0; i < pixels; i++)
        for (size_t c = 0; c < channels; c += LANES) {
            const size_t at = i * channels + c;
            const struct vector_finish finish = vector_finish_of(f, c);
            vector v = *(const vector *)(x + at);
            vector_finish(&v, 1, &finish, finish.added ? f->add + at : x, 0);
            vector_stream(y + at, v);
        }
    vector_stream_end();
}

static void norm_relu_back(float *to, const float *x, const float *g,
                           const struct tfu_cpu_finish *f, size_t pixels, size_t channels)
{
    const float *restrict mean = f->mean, *restrict slope = f->slope, *restrict shift = f->shift;
    for (size_t i = 0; i < pixels; i++, x += channels, g += channels, to += channels)
        for (size_t c = 0; c < channels; c++) {
            const float gradient = g[c];
            to[c] = (x[c] - mean[c]) * slope[c] + shift[c] <= 0 ? 0 : gradient;
        }
}

static void norm_back(float *grad_x, const float *x, const float *g,
                      const struct tfu_cpu_norm_back *k, size_t pixels, size_t channels)
{
    const float *restrict slope = k->slope, *restrict mean_g = k->mean_g, *restrict mean = k->mean,
                          *restrict mean_gx = k->mean_gx;
    for (size_t i = 0; i < pixels; i++, x += channels, g += channels, grad_x += channels)
        for (size_t c = 0; c < channels; c++)
            grad_x[c] = slope[c] * (g[c] - mean_g[c] - (x[c] - mean[c]) * mean_gx[c]);
}

enum { GROUP = 32 }; /* channels that a maximum handles at a time */

/* `n` channels; inlined with a constant, so that the whole block stays in registers. Of equal ones
 * the first wins; a not-a-number wins over all before it. */
static inline __attribute__((always_inline)) void
maximum_group(float *restrict y, uint8_t *restrict taken, const struct tfu_cpu_window *w,
              size_t channels, size_t first, size_t n)
{
    float largest[GROUP];
    uint32_t tap[GROUP];
    for (size_t c = 0; c < n; c++) {
        largest[c] = w->x[first + c];
        tap[c] = w->tap;
    }
    for (size_t r = 0; r < w->rows; r++)
        for (size_t s = 0; s < w->columns; s++) {
            const float *restrict x = w->x + r * w->row_stride + s * channels + first;
            const uint32_t here = w->tap + (uint32_t)r * w->tap_stride + (uint32_t)s;
            for (size_t c = 0; c < n; c++) {
                const int better = (x[c] > largest[c]) | (x[c] != x[c]);
                largest[c] = better ? x[c] : largest[c];
                tap[c] = better ? here : tap[c];
            }
        }
    for (size_t c = 0; c < n; c++)
        y[first + c] = largest[c];
    if (taken)
        for (size_t c = 0; c < n; c++)
            taken[first + c] = (uint8_t)tap[c];
}

static void maximum(float *y, uint8_t *taken, const struct tfu_cpu_window *w, size_t channels)
{
    size_t c = 0;
    for (; c + GROUP <= channels; c += GROUP)
        maximum_group(y, taken, w, channels, c, GROUP);
    if (c < channels)
        maximum_group(y, taken, w, channels, c, channels - c);
}

static void maximum_back(float *restrict grad_x, const uint8_t *restrict taken,
                         const float *restrict g, uint32_t tap, size_t channels)
{
    for (size_t c = 0; c < channels; c++)
        grad_x[c] += taken[c] == tap ? g[c] : 0;
}

const struct tfu_cpu_rows JOIN(tfu_cpu_rows_, TFU_CPU_ISA) = {
    .isa = TEXT(TFU_CPU_ISA),
    .tiles = &JOIN(tfu_cpu_tiles_, TFU_CPU_ISA),
    .fft = &JOIN(tfu_cpu_fft_tiles_, TFU_CPU_ISA),
    .winograd = &JOIN(tfu_cpu_winograd_tiles_, TFU_CPU_ISA),
    .add = add,
    .add_scaled = add_scaled,
    .scale = scale,
    .relu = relu,
    .relu_back = relu_back,
    .dropout = dropout,
    .bias = bias,
    .transpose = transpose,
    .finish = finish,
    .sum = sum,
    .moments = moments,
    .norm_sums = norm_sums,
    .norm = norm,
    .norm_stream = norm_stream,
    .norm_relu_back = norm_relu_back,
    .norm_back = norm_back,
    .maximum = maximum,
    .maximum_back = maximum_back,
};
