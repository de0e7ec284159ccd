/* SPDX-License-Identifier: MIT
 *
 * fft_tile.c - see fft_rows.h. Rows are transformed in pairs, as real and imaginary part of one
 * complex row; then columns.
 */
#include "fft_rows.h"

#include <string.h>

#include "vector.h"

/* A product has ROWS x 3 vectors of sums and 3 of factors in registers. */
#if defined(__AVX512F__)
enum { ROWS = 9 }; /* 32 registers */
#elif defined(__AVX2__)
enum { ROWS = 4 }; /* 16 registers */
#else
enum { ROWS = 4 };
#endif

#include "fft_codelets.h"

enum { HALF_MAX = MAX_LENGTH / 2 + 1 };

static const float zeros[TFU_CPU_FFT_LANES_MAX];

/* The spectra of two real rows: of the complex row a + ib they are the parts with and without the
 * symmetry of a real row. Twice as large. */
INLINE void split(const int n, const struct complex_vector *z, struct complex_vector *a,
                  struct complex_vector *b, const int step)
{
    a[0] = (struct complex_vector){z[0].re + z[0].re, (vector){0}};
    b[0] = (struct complex_vector){z[0].im + z[0].im, (vector){0}};
    UNROLL
    for (int q = 1; q <= n / 2; q++) {
        const struct complex_vector u = z[q], v = z[n - q];
        a[q * step] = (struct complex_vector){u.re + v.re, u.im - v.im};
        b[q * step] = (struct complex_vector){u.im + v.im, v.re - u.re};
    }
}

INLINE void transform_rows(const int n, const float *a, ptrdiff_t a_step, const float *b,
                           ptrdiff_t b_step, struct complex_vector *half_a,
                           struct complex_vector *half_b)
{
    struct complex_vector z[MAX_LENGTH];
    UNROLL
    for (int i = 0; i < n; i++)
        z[i] = (struct complex_vector){*(const vector *)(a + i * a_step),
                                       *(const vector *)(b + i * b_step)};
    transform(n, z);
    split(n, z, half_a, half_b, 1);
}

/* One frequency as a left or a right factor, conjugated. */
INLINE void store(const int right, float *to, size_t plane, struct complex_vector v)
{
    *(vector *)to = v.re;
    if (right) {
        *(vector *)(to + plane) = -v.im;
    } else {
        *(vector *)(to + plane) = v.im;
        *(vector *)(to + 2 * plane) = v.re + v.im;
    }
}

INLINE void transform_column(const int n, const int right, const struct complex_vector *half,
                             float *to, const struct tfu_cpu_fft_spectrum *s)
{
    struct complex_vector z[MAX_LENGTH];
    UNROLL
    for (int i = 0; i < n; i++)
        z[i] = half[i * (n / 2 + 1)];
    transform(n, z);
    for (int i = 0; i < n; i++)
        store(right, to + (size_t)i * s->frequency_stride, s->plane_stride, z[i]);
}

/* Columns 0 and n/2 are real. */
INLINE void transform_ends(const int n, const int right, const struct complex_vector *half,
                           float *to, const struct tfu_cpu_fft_spectrum *s)
{
    struct complex_vector z[MAX_LENGTH], a[HALF_MAX], b[HALF_MAX];
    UNROLL
    for (int i = 0; i < n; i++)
        z[i] = (struct complex_vector){half[i * (n / 2 + 1)].re * 0.5f,
                                       half[i * (n / 2 + 1) + n / 2].re * 0.5f};
    transform(n, z);
    split(n, z, a, b, 1);
    UNROLL
    for (int i = 0; i <= n / 2; i++) {
        store(right, to + (size_t)i * s->frequency_stride, s->plane_stride, a[i]);
        store(right, to + (size_t)(n / 2 + 1 + i) * s->frequency_stride, s->plane_stride, b[i]);
    }
}

/* A row of the tile with its missing pixels and channels as 0. */
static const float *whole_row(const int n, const struct tfu_cpu_fft_image *x, int row,
                              vector *buffer)
{
    const ptrdiff_t from = x->origin + row * x->row_stride;
    memset(buffer, 0, (size_t)n * sizeof *buffer);
    if (x->channels == LANES)
        for (int i = x->first_column; i < x->end_column; i++)
            buffer[i] = *(const vector *)(x->x + from + i * x->pixel_stride);
    else
        for (int i = x->first_column; i < x->end_column; i++)
            memcpy(&buffer[i], x->x + from + i * x->pixel_stride, x->channels * sizeof(float));
    return (const float *)buffer;
}

typedef void row_function(const float *a, ptrdiff_t a_step, const float *b, ptrdiff_t b_step,
                          struct complex_vector *half_a, struct complex_vector *half_b);
typedef void column_function(const struct complex_vector *half, float *to,
                             const struct tfu_cpu_fft_spectrum *s);

INLINE void forward(const int n, row_function *rows, column_function *column, column_function *ends,
                    const struct tfu_cpu_fft_image *x, const struct tfu_cpu_fft_spectrum *s)
{
    const int whole = x->first_column == 0 && x->end_column == n && x->channels == LANES;
    struct complex_vector half[MAX_LENGTH * HALF_MAX];
    vector buffer[2][MAX_LENGTH];
    for (int i = 0; i < n; i += 2) {
        const float *row[2];
        ptrdiff_t step[2];
        for (int j = 0; j < 2; j++) {
            const int there = i + j >= x->first_row && i + j < x->end_row;
            row[j] = !there  ? zeros
                     : whole ? x->x + x->origin + (i + j) * x->row_stride
                             : whole_row(n, x, i + j, buffer[j]);
            step[j] = !there ? 0 : whole ? x->pixel_stride : LANES;
        }
        struct complex_vector *to = half + i * (n / 2 + 1);
        if (step[0] == 0 && step[1] == 0)
            memset(to, 0, 2 * (size_t)(n / 2 + 1) * sizeof *to);
        else
            rows(row[0], step[0], row[1], step[1], to, to + n / 2 + 1);
    }
    float *to = s->data;
    for (int q = 1; q < n / 2; q++, to += (size_t)n * s->frequency_stride)
        column(half + q, to, s);
    ends(half, to, s);
}

INLINE struct complex_vector load(const float *from, size_t plane)
{
    return (struct complex_vector){*(const vector *)from, *(const vector *)(from + plane)};
}

/* The inverse is the transform with real and imaginary parts exchanged, before and after. */
INLINE struct complex_vector exchanged(struct complex_vector v)
{
    return (struct complex_vector){v.im, v.re};
}

INLINE void inverse_column(const int n, const float *from, const struct tfu_cpu_fft_spectrum *s,
                           struct complex_vector *half)
{
    struct complex_vector z[MAX_LENGTH];
    UNROLL
    for (int i = 0; i < n; i++)
        z[i] = exchanged(load(from + (size_t)i * s->frequency_stride, s->plane_stride));
    transform(n, z);
    UNROLL
    for (int i = 0; i < n; i++)
        half[i * (n / 2 + 1)] = exchanged(z[i]);
}

/* Two half spectra of real rows as one complex row a + ib, exchanged for the inverse. */
INLINE void join(const int n, const struct complex_vector *a, const struct complex_vector *b,
                 struct complex_vector *z)
{
    UNROLL
    for (int q = 0; q <= n / 2; q++)
        z[q] = exchanged(plus_i(a[q], b[q]));
    UNROLL
    for (int q = 1; q < (n + 1) / 2; q++) {
        const struct complex_vector u = {a[q].re, -a[q].im}, v = {b[q].re, -b[q].im};
        z[n - q] = exchanged(plus_i(u, v));
    }
}

INLINE void inverse_ends(const int n, const float *from, const struct tfu_cpu_fft_spectrum *s,
                         struct complex_vector *half)
{
    struct complex_vector z[MAX_LENGTH], a[HALF_MAX], b[HALF_MAX];
    UNROLL
    for (int i = 0; i <= n / 2; i++) {
        a[i] = load(from + (size_t)i * s->frequency_stride, s->plane_stride);
        b[i] = load(from + (size_t)(n / 2 + 1 + i) * s->frequency_stride, s->plane_stride);
    }
    join(n, a, b, z);
    transform(n, z);
    UNROLL
    for (int i = 0; i < n; i++) {
        half[i * (n / 2 + 1)] = (struct complex_vector){z[i].im, (vector){0}};
        half[i * (n / 2 + 1) + n / 2] = (struct complex_vector){z[i].re, (vector){0}};
    }
}

INLINE void inverse_rows(const int n, const struct complex_vector *a,
                         const struct complex_vector *b, vector *row_a, vector *row_b)
{
    struct complex_vector z[MAX_LENGTH];
    join(n, a, b, z);
    transform(n, z);
    UNROLL
    for (int i = 0; i < n; i++) {
        row_a[i] = z[i].im;
        row_b[i] = z[i].re;
    }
}

typedef void inverse_column_function(const float *from, const struct tfu_cpu_fft_spectrum *s,
                                     struct complex_vector *half);
typedef void inverse_row_function(const struct complex_vector *a, const struct complex_vector *b,
                                  vector *row_a, vector *row_b);

INLINE void inverse(const int n, inverse_row_function *rows, inverse_column_function *column,
                    inverse_column_function *ends, const struct tfu_cpu_fft_spectrum *s,
                    const struct tfu_cpu_fft_target *y)
{
    struct complex_vector half[MAX_LENGTH * HALF_MAX];
    vector buffer[2][MAX_LENGTH];
    const float *from = s->data;
    for (int q = 1; q < n / 2; q++, from += (size_t)n * s->frequency_stride)
        column(from, s, half + q);
    ends(from, s, half);
    for (int i = 0; i < y->rows; i += 2) {
        const struct complex_vector *at = half + i * (n / 2 + 1);
        rows(at, at + n / 2 + 1, buffer[0], buffer[1]);
        for (int j = 0; j < 2 && i + j < y->rows; j++) {
            float *to = y->y + (size_t)(i + j) * y->row_stride;
            if (y->channels == LANES)
                for (int k = 0; k < y->columns; k++, to += y->pixel_stride)
                    *(vector *)to = buffer[j][k];
            else
                for (int k = 0; k < y->columns; k++, to += y->pixel_stride)
                    memcpy(to, &buffer[j][k], y->channels * sizeof(float));
        }
    }
}

/* The functions of one size. */
#define SIZE(n)                                                                                    \
    UNWATCHED static void rows_##n(const float *a, ptrdiff_t a_step, const float *b,               \
                                   ptrdiff_t b_step, struct complex_vector *half_a,                \
                                   struct complex_vector *half_b)                                  \
    {                                                                                              \
        transform_rows(n, a, a_step, b, b_step, half_a, half_b);                                   \
    }                                                                                              \
    UNWATCHED static void column_left_##n(const struct complex_vector *half, float *to,            \
                                          const struct tfu_cpu_fft_spectrum *s)                    \
    {                                                                                              \
        transform_column(n, 0, half, to, s);                                                       \
    }                                                                                              \
    UNWATCHED static void column_right_##n(const struct complex_vector *half, float *to,           \
                                           const struct tfu_cpu_fft_spectrum *s)                   \
    {                                                                                              \
        transform_column(n, 1, half, to, s);                                                       \
    }                                                                                              \
    UNWATCHED static void ends_left_##n(const struct complex_vector *half, float *to,              \
                                        const struct tfu_cpu_fft_spectrum *s)                      \
    {                                                                                              \
        transform_ends(n, 0, half, to, s);                                                         \
    }                                                                                              \
    UNWATCHED static void ends_right_##n(const struct complex_vector *half, float *to,             \
                                         const struct tfu_cpu_fft_spectrum *s)                     \
    {                                                                                              \
        transform_ends(n, 1, half, to, s);                                                         \
    }                                                                                              \
    UNWATCHED static void left_##n(const struct tfu_cpu_fft_image *x,                              \
                                   const struct tfu_cpu_fft_spectrum *s)                           \
    {                                                                                              \
        forward(n, rows_##n, column_left_##n, ends_left_##n, x, s);                                \
    }                                                                                              \
    UNWATCHED static void right_##n(const struct tfu_cpu_fft_image *x,                             \
                                    const struct tfu_cpu_fft_spectrum *s)                          \
    {                                                                                              \
        forward(n, rows_##n, column_right_##n, ends_right_##n, x, s);                              \
    }                                                                                              \
    UNWATCHED static void inverse_rows_##n(const struct complex_vector *a,                         \
                                           const struct complex_vector *b, vector *row_a,          \
                                           vector *row_b)                                          \
    {                                                                                              \
        inverse_rows(n, a, b, row_a, row_b);                                                       \
    }                                                                                              \
    UNWATCHED static void inverse_column_##n(                                                      \
        const float *from, const struct tfu_cpu_fft_spectrum *s, struct complex_vector *half)      \
    {                                                                                              \
        inverse_column(n, from, s, half);                                                          \
    }                                                                                              \
    UNWATCHED static void inverse_ends_##n(                                                        \
        const float *from, const struct tfu_cpu_fft_spectrum *s, struct complex_vector *half)      \
    {                                                                                              \
        inverse_ends(n, from, s, half);                                                            \
    }                                                                                              \
    UNWATCHED static void inverse_##n(const struct tfu_cpu_fft_spectrum *s,                        \
                                      const struct tfu_cpu_fft_target *y)                          \
    {                                                                                              \
        inverse(n, inverse_rows_##n, inverse_column_##n, inverse_ends_##n, s, y);                  \
    }

SIZE(12)
SIZE(16)
SIZE(18)
SIZE(20)
SIZE(24)
SIZE(32)

/* `n` is a constant wherever this is inlined: the sums stay in registers. */
INLINE void product_rows(const struct tfu_cpu_fft_product *c, size_t row, const int n)
{
    vector p[ROWS], q[ROWS], r[ROWS];
    UNROLL
    for (int i = 0; i < n; i++)
        p[i] = q[i] = r[i] = (vector){0};
    const float *a = c->left + row * c->row_stride, *b = c->right;
    const float *a1 = a + c->plane_stride, *a2 = a1 + c->plane_stride;
    const size_t step = c->row_stride;
    for (size_t j = 0; j < c->depth; j++, b += 2 * LANES) {
        const vector re = *(const vector *)b, im = *(const vector *)(b + LANES);
        const vector difference = im - re, sum = im + re;
        UNROLL
        for (int i = 0; i < n; i++) {
            p[i] += a2[(size_t)i * step] * re;
            q[i] += a[(size_t)i * step] * difference;
            r[i] += a1[(size_t)i * step] * sum;
        }
        a += c->depth_stride;
        a1 += c->depth_stride;
        a2 += c->depth_stride;
    }
    UNROLL
    for (int i = 0; i < n; i++) {
        float *y = c->y + (row + (size_t)i) * c->y_stride;
        vector re = p[i] - r[i], im = p[i] + q[i];
        if (c->add) {
            re += *(const vector *)y;
            im += *(const vector *)(y + c->y_plane);
        }
        *(vector *)y = re;
        *(vector *)(y + c->y_plane) = im;
    }
}

UNWATCHED static void product(const struct tfu_cpu_fft_product *c)
{
    /* groups of rows whose sizes differ by one at most */
    const size_t groups = (c->rows + ROWS - 1) / ROWS;
    size_t row = 0;
    for (size_t i = 0; i < groups; i++) {
        const size_t n = c->rows / groups + (i < c->rows % groups);
        switch (n) {
#define CASE(n)                                                                                    \
    case n:                                                                                        \
        product_rows(c, row, n);                                                                   \
        break;
            CASE(1)
            CASE(2)
            CASE(3)
            CASE(4)
#if defined(__AVX512F__)
            CASE(5)
            CASE(6)
            CASE(7)
            CASE(8)
            CASE(9)
#endif
        default:
            break;
        }
        row += n;
    }
}

#define ENTRY(n)                                                                                   \
    {                                                                                              \
        n, n *n / 2 + 2, left_##n, right_##n, inverse_##n                                          \
    }
#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)
const struct tfu_cpu_fft_tiles JOIN(tfu_cpu_fft_tiles_, TFU_CPU_ISA) = {
    .lanes = LANES,
    .rows = ROWS,
    .product = product,
    .size = {ENTRY(12), ENTRY(16), ENTRY(18), ENTRY(20), ENTRY(24), ENTRY(32)},
};
