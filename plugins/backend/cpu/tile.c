/* SPDX-License-Identifier: MIT
 *
 * tile.c - the inner loops of direct convolution: a tile of sums stays in registers while products
 * run through it. Compiled once for each instruction set.
 *
 * TILE sums of BLOCK channels each are BLOCK / LANES * TILE registers; together with the BLOCK
 * weights of a step they just fit.
 */
#include "finish.h"

#include <string.h>

#if defined(__AVX512F__)
enum { TILE = 14 }; /* 32 registers */
#elif defined(__AVX2__)
enum { TILE = 6 }; /* 16 registers */
#else
enum { TILE = 6 };
#endif
enum { VECTORS = 2, BLOCK = VECTORS * LANES, CACHE_LINE = 16 };
_Static_assert((int)BLOCK <= (int)TFU_CPU_BLOCK_MAX, "callers have room for a block");

/* `n` is a constant wherever this is inlined: all loops over it are unrolled, `sum` is registers.
 */
static inline UNWATCHED __attribute__((always_inline)) void
forward_tile(const struct tfu_cpu_conv_row *c, size_t pixel, const int n)
{
    vector sum[VECTORS][TILE];
    float *y = c->y + pixel * c->y_stride;
    if (c->add) {
        UNROLL
        for (int i = 0; i < n; i++) {
            sum[0][i] = *(const vector *)(y + (size_t)i * c->y_stride);
            sum[1][i] = *(const vector *)(y + (size_t)i * c->y_stride + LANES);
        }
    } else {
        UNROLL
        for (int i = 0; i < n; i++)
            sum[0][i] = sum[1][i] = (vector){0};
    }
    const size_t step = c->pixel_stride;
    const float *w = c->weight;
    /* With each step a line of cache is fetched of what is wanted for the next pixels, and one of
     * what is wanted at the end of these: more at a time would wait for each other. To fetch the
     * same line again and again costs next to nothing. */
    const float *ahead = c->ahead ? c->ahead + pixel * step : w;
    const size_t ahead_step = c->ahead ? CACHE_LINE : 0;
    const int added = c->finish && c->finish->add;
    const float *add = added ? c->finish->add + pixel * c->y_stride : y;
    int lines = added ? BLOCK / CACHE_LINE : 0;
    for (size_t j = 0; j < c->runs; j++) {
        const float *x = c->x + pixel * step + j * c->run_stride;
        for (const float *end = x + c->run, *stop; x < end; lines--) {
            const float *late = lines > 0 ? add + lines * CACHE_LINE - CACHE_LINE : w;
            const size_t late_step = lines > 0 ? c->y_stride : 0;
            stop = lines > 0 && end - x > n ? x + n : end;
            for (; x < stop; x++, w += BLOCK) {
                const vector w0 = *(const vector *)w, w1 = *(const vector *)(w + LANES);
                __builtin_prefetch(ahead);
                __builtin_prefetch(late);
                ahead += ahead_step;
                late += late_step;
                UNROLL
                for (int i = 0; i < n; i++) {
                    const float a = x[(size_t)i * step];
                    sum[0][i] += a * w0;
                    sum[1][i] += a * w1;
                }
            }
        }
    }
    if (c->finish) {
        UNROLL
        for (int j = 0; j < VECTORS; j++) {
            const struct vector_finish finish = vector_finish_of(c->finish, (size_t)j * LANES);
            vector_finish(sum[j], n, &finish, add + j * LANES, (ptrdiff_t)c->y_stride);
        }
    }
    if (c->channels == BLOCK && c->stream) {
        UNROLL
        for (int i = 0; i < n; i++) {
            vector_stream(y + (size_t)i * c->y_stride, sum[0][i]);
            vector_stream(y + (size_t)i * c->y_stride + LANES, sum[1][i]);
        }
    } else if (c->channels == BLOCK) {
        UNROLL
        for (int i = 0; i < n; i++) {
            *(vector *)(y + (size_t)i * c->y_stride) = sum[0][i];
            *(vector *)(y + (size_t)i * c->y_stride + LANES) = sum[1][i];
        }
    } else {
        UNROLL
        for (int i = 0; i < n; i++) {
            const vector whole[VECTORS] = {sum[0][i], sum[1][i]}; /* the sums have no address */
            memcpy(y + (size_t)i * c->y_stride, whole, c->channels * sizeof(float));
        }
    }
}

/* Calls inlined(arg, at, n) with n as a constant. */
#define DISPATCH(inlined, arg, at, n)                                                              \
    switch (n) {                                                                                   \
        CASES(inlined, arg, at)                                                                    \
    }
#define CASE(inlined, arg, at, n)                                                                  \
    case n:                                                                                        \
        inlined(arg, at, n);                                                                       \
        break;
#define CASES_6(f, a, t)                                                                           \
    CASE(f, a, t, 1)                                                                               \
    CASE(f, a, t, 2) CASE(f, a, t, 3) CASE(f, a, t, 4) CASE(f, a, t, 5) CASE(f, a, t, 6)
#if defined(__AVX512F__)
#define CASES(f, a, t)                                                                             \
    CASES_6(f, a, t)                                                                               \
    CASE(f, a, t, 7)                                                                               \
    CASE(f, a, t, 8)                                                                               \
    CASE(f, a, t, 9)                                                                               \
    CASE(f, a, t, 10) CASE(f, a, t, 11) CASE(f, a, t, 12) CASE(f, a, t, 13) CASE(f, a, t, 14)
#else
#define CASES(f, a, t) CASES_6(f, a, t)
#endif

UNWATCHED static void conv_row(const struct tfu_cpu_conv_row *c)
{
    /* tiles of sizes that differ by one at most */
    const size_t tiles = (c->pixels + TILE - 1) / TILE;
    size_t pixel = 0;
    for (size_t i = 0; i < tiles; i++) {
        const size_t n = c->pixels / tiles + (i < c->pixels % tiles);
        DISPATCH(forward_tile, c, pixel, n)
        pixel += n;
    }
}

static inline UNWATCHED __attribute__((always_inline)) void
params_tile(const struct tfu_cpu_conv_params *c, size_t tap, const int n)
{
    vector sum[TILE][VECTORS];
    float *out = c->sum + tap * BLOCK;
    UNROLL
    for (int i = 0; i < n; i++) {
        sum[i][0] = *(const vector *)(out + i * BLOCK);
        sum[i][1] = *(const vector *)(out + i * BLOCK + LANES);
    }
    const float *g = c->grad;
    const float *ahead = c->ahead ? c->ahead + tap * c->pixels : g;
    const size_t line = c->ahead ? CACHE_LINE : 0;
    for (size_t r = 0; r < c->rows; r++) {
        const float *x = c->x + r * c->row_stride + tap;
        for (size_t q = 0; q < c->pixels; q++, x += c->pixel_stride, g += BLOCK) {
            const vector g0 = *(const vector *)g, g1 = *(const vector *)(g + LANES);
            __builtin_prefetch(ahead);
            ahead += line;
            UNROLL
            for (int i = 0; i < n; i++) {
                sum[i][0] += x[i] * g0;
                sum[i][1] += x[i] * g1;
            }
        }
    }
    UNROLL
    for (int i = 0; i < n; i++) {
        *(vector *)(out + i * BLOCK) = sum[i][0];
        *(vector *)(out + i * BLOCK + LANES) = sum[i][1];
    }
}

UNWATCHED static void conv_params(const struct tfu_cpu_conv_params *c)
{
    const size_t tiles = (c->run + TILE - 1) / TILE;
    size_t tap = 0;
    for (size_t i = 0; i < tiles; i++) {
        const size_t n = c->run / tiles + (i < c->run % tiles);
        DISPATCH(params_tile, c, tap, n)
        tap += n;
    }
}

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)
const struct tfu_cpu_tiles JOIN(tfu_cpu_tiles_, TFU_CPU_ISA) = {.block = BLOCK,
                                                                .rows = TILE,
                                                                .conv_row = conv_row,
                                                                .conv_params = conv_params,
                                                                .stream_end = vector_stream_end};
