/* SPDX-License-Identifier: MIT
 *
 * A few rows at a time: ROWS of them are turned so that their numbers of one column lie side by
 * side, and are added up together; of what comes out only those rows are kept that an output row is
 * made of. Each sum is of the same numbers in the same order as one by one, and a float times a
 * float is exact in double: the bits depend neither on the vectors' length nor on fused
 * multiply-adds.
 */
#include "core/data/resize.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#define HAS_WIDE
#endif

enum { ROWS = 8, HALF = ROWS / 2 }; /* that are worked on together */

/* One direction: which inputs make an output, and with what weight. */
struct axis {
    int64_t in, out, taps; /* taps: most inputs of one output */
    int64_t *first;        /* per output */
    int64_t *count;        /* per output */
    float *weight;         /* out x taps */
};

struct tfu_resize {
    struct axis rows, columns;
    int64_t channels;
    int64_t kept; /* rows that are kept between the two directions */
    bool wide;    /* the processor has vectors of 256 bits */
    bool clip;    /* both passes' numbers are cut to 0 to 1 */
};

/* A filter by the distance from its centre; 0 beyond `reach`. */
struct kernel {
    double reach;
    double (*at)(double distance);
};

static double triangle(double x)
{
    return fmax(0, 1 - fabs(x));
}

/* Keys' cubic convolution with a = -1/2. */
static double cubic(double x)
{
    const double a = -0.5;
    x = fabs(x);
    return x < 1   ? ((a + 2) * x - (a + 3)) * x * x + 1
           : x < 2 ? (((x - 5) * x + 8) * x - 4) * a
                   : 0;
}

static const struct kernel bilinear = {1, triangle}, bicubic = {2, cubic};

static void axis_free(struct axis *a)
{
    free(a->first);
    free(a->count);
    free(a->weight);
}

/* The kernel around the output's centre, widened when the image shrinks, cut at the image and
 * scaled to sum 1. */
static enum tfu_status axis_make(struct axis *a, const struct kernel *kernel, int64_t in,
                                 int64_t out, struct tfu_error *e)
{
    const double scale = (double)in / (double)out;
    const double wide = scale > 1 ? scale : 1, support = wide * kernel->reach;
    a->in = in;
    a->out = out;
    a->taps = (int64_t)ceil(support) * 2 + 1;
    a->first = calloc((size_t)out, sizeof *a->first);
    a->count = calloc((size_t)out, sizeof *a->count);
    a->weight = calloc((size_t)(out * a->taps), sizeof *a->weight);
    if (!a->first || !a->count || !a->weight)
        return tfu_error_memory(e, "preparing to resize images", 0);
    for (int64_t i = 0; i < out; i++) {
        const double centre = ((double)i + 0.5) * scale;
        int64_t first = (int64_t)(centre - support + 0.5), end = (int64_t)(centre + support + 0.5);
        first = first < 0 ? 0 : first;
        end = end > in ? in : end;
        double sum = 0;
        for (int64_t k = first; k < end; k++)
            sum += kernel->at(((double)k + 0.5 - centre) / wide);
        for (int64_t k = first; k < end; k++)
            a->weight[i * a->taps + k - first] =
                (float)(kernel->at(((double)k + 0.5 - centre) / wide) / sum);
        a->first[i] = first;
        a->count[i] = end - first;
    }
    return TFU_OK;
}

static enum tfu_status make(struct tfu_resize **out, const struct kernel *kernel, int64_t height,
                            int64_t width, int64_t new_height, int64_t new_width, int64_t channels,
                            struct tfu_error *e)
{
    *out = NULL;
    struct tfu_resize *r = calloc(1, sizeof *r);
    if (!r)
        return tfu_error_memory(e, "preparing to resize images", 0);
    r->channels = channels;
#ifdef HAS_WIDE
    r->wide = __builtin_cpu_supports("avx2");
#endif
    enum tfu_status st = axis_make(&r->rows, kernel, height, new_height, e);
    if (st == TFU_OK)
        st = axis_make(&r->columns, kernel, width, new_width, e);
    if (st != TFU_OK) {
        tfu_resize_free(r);
        return st;
    }
    r->kept = r->rows.taps + ROWS;
    *out = r;
    return TFU_OK;
}

enum tfu_status tfu_resize_new(struct tfu_resize **out, int64_t height, int64_t width,
                               int64_t new_height, int64_t new_width, int64_t channels,
                               struct tfu_error *e)
{
    return make(out, &bilinear, height, width, new_height, new_width, channels, e);
}

enum tfu_status tfu_resize_new_bicubic(struct tfu_resize **out, int64_t height, int64_t width,
                                       int64_t new_height, int64_t new_width, int64_t channels,
                                       bool clip, struct tfu_error *e)
{
    const enum tfu_status st =
        make(out, &bicubic, height, width, new_height, new_width, channels, e);
    if (st == TFU_OK)
        (*out)->clip = clip;
    return st;
}

void tfu_resize_free(struct tfu_resize *r)
{
    if (!r)
        return;
    axis_free(&r->rows);
    axis_free(&r->columns);
    free(r);
}

/* Numbers in a row that was resized. */
static int64_t row_of(const struct tfu_resize *r)
{
    return r->columns.out * r->channels;
}

size_t tfu_resize_scratch(const struct tfu_resize *r)
{
    const int64_t turned = r->columns.in * r->channels * ROWS;
    return (size_t)(turned + r->kept * row_of(r)) * sizeof(double);
}

typedef double doubles __attribute__((vector_size(HALF * sizeof(double))));

/* ---- the numbers of ROWS rows, turned: those of one place side by side */

/* Where `rows` rows begin; where there are fewer than ROWS, the first stands in. Numbers are
 * rounded to floats and then made doubles, so that nobody has to convert them twice. */
#define TURN(type, divided)                                                                        \
    static void turn_##type(const type *in, int64_t row, int64_t rows, double *out)                \
    {                                                                                              \
        const type *p[ROWS];                                                                       \
        for (int64_t k = 0; k < ROWS; k++)                                                         \
            p[k] = in + (k < rows ? k * row : 0);                                                  \
        for (int64_t i = 0; i < row; i++, out += ROWS)                                             \
            for (int k = 0; k < ROWS; k++)                                                         \
                out[k] = (double)((float)p[k][i] divided);                                         \
    }
TURN(uint16_t, / 65535.0f)
TURN(float, )

/* By a table: there are but so many numbers. */
static void turn_uint8_t(const uint8_t *in, int64_t row, int64_t rows, double *out)
{
    double of[256];
    const uint8_t *p[ROWS];
    for (int i = 0; i < 256; i++)
        of[i] = (double)((float)i / 255.0f);
    for (int64_t k = 0; k < ROWS; k++)
        p[k] = in + (k < rows ? k * row : 0);
    for (int64_t i = 0; i < row; i++, out += ROWS)
        for (int k = 0; k < ROWS; k++)
            out[k] = of[p[k][i]];
}

static void turn(const struct tfu_resize *r, uint32_t dtype, const void *in, int64_t first,
                 int64_t rows, double *out)
{
    const int64_t row = r->columns.in * r->channels;
    if (dtype == TFU_U8)
        turn_uint8_t((const uint8_t *)in + first * row, row, rows, out);
    else if (dtype == TFU_U16)
        turn_uint16_t((const uint16_t *)in + first * row, row, rows, out);
    else
        turn_float((const float *)in + first * row, row, rows, out);
}

/* ---- sums, for vectors of any length */

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* A sum as it is kept. */
ALWAYS_INLINE float number(const struct tfu_resize *r, double sum)
{
    const float x = (float)sum;
    return !r->clip ? x : x < 0 ? 0 : x > 1 ? 1 : x;
}

/* Columns: `turned` becomes `rows` rows, each where `row` says. */
ALWAYS_INLINE void resize_columns(const struct tfu_resize *r, const double *turned, int64_t rows,
                                  double *const row[ROWS])
{
    const struct axis *x = &r->columns;
    for (int64_t i = 0; i < x->out; i++)
        for (int64_t c = 0; c < r->channels; c++) {
            doubles low = {0}, high = {0}, part;
            double all[ROWS];
            const double *at = turned + (x->first[i] * r->channels + c) * ROWS;
            const float *weight = x->weight + i * x->taps;
            for (int64_t k = 0; k < x->count[i]; k++, at += r->channels * ROWS) {
                memcpy(&part, at, sizeof part);
                low += (double)weight[k] * part;
                memcpy(&part, at + HALF, sizeof part);
                high += (double)weight[k] * part;
            }
            memcpy(all, &low, sizeof low);
            memcpy(all + HALF, &high, sizeof high);
            for (int64_t k = 0; k < rows; k++)
                row[k][i * r->channels + c] = (double)number(r, all[k]);
        }
}

/* One output row of those that are kept. */
ALWAYS_INLINE void resize_rows(const struct tfu_resize *r, const double *kept, int64_t i,
                               float *out)
{
    const struct axis *y = &r->rows;
    const int64_t row = row_of(r), count = y->count[i], first = y->first[i] % r->kept;
    const float *weight = y->weight + i * y->taps;
    /* where they go round the end */
    const int64_t whole = first + count > r->kept ? r->kept - first : count;
    int64_t j = 0;
    for (; j + ROWS <= row; j += ROWS) {
        doubles low = {0}, high = {0}, part;
        double all[ROWS];
        const double *at = kept + first * row + j;
        for (int64_t k = 0; k < count; k++, at += row) {
            at = k == whole ? kept + j : at;
            memcpy(&part, at, sizeof part);
            low += (double)weight[k] * part;
            memcpy(&part, at + HALF, sizeof part);
            high += (double)weight[k] * part;
        }
        memcpy(all, &low, sizeof low);
        memcpy(all + HALF, &high, sizeof high);
        for (int k = 0; k < ROWS; k++)
            out[j + k] = number(r, all[k]);
    }
    for (; j < row; j++) {
        double sum = 0;
        for (int64_t k = 0; k < count; k++)
            sum += (double)weight[k] * kept[(first + k) % r->kept * row + j];
        out[j] = number(r, sum);
    }
}

ALWAYS_INLINE void resize(const struct tfu_resize *r, uint32_t dtype, const void *in,
                          double *scratch, float *out)
{
    double *turned = scratch, *kept = scratch + r->columns.in * r->channels * ROWS;
    const int64_t row = row_of(r);
    int64_t done = 0; /* rows whose columns are resized; the last r->kept of them are there */
    for (int64_t i = 0; i < r->rows.out; i++, out += row) {
        while (done < r->rows.first[i] + r->rows.count[i]) {
            const int64_t left = r->rows.in - done, rows = left < ROWS ? left : ROWS;
            double *to[ROWS];
            for (int64_t k = 0; k < ROWS; k++)
                to[k] = kept + (done + k) % r->kept * row;
            turn(r, dtype, in, done, rows, turned);
            resize_columns(r, turned, rows, to);
            done += rows;
        }
        resize_rows(r, kept, i, out);
    }
}

/* ---- for the processor at hand */

#ifdef HAS_WIDE
__attribute__((target("avx2"))) static void resize_wide(const struct tfu_resize *r, uint32_t dtype,
                                                        const void *in, void *scratch, float *out)
{
    resize(r, dtype, in, scratch, out);
}
#endif

void tfu_resize_run(const struct tfu_resize *r, uint32_t dtype, const void *in, void *scratch,
                    float *out)
{
#ifdef HAS_WIDE
    if (r->wide) {
        resize_wide(r, dtype, in, scratch, out);
        return;
    }
#endif
    resize(r, dtype, in, scratch, out);
}
