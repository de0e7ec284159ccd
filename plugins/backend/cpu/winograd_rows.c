/* SPDX-License-Identifier: MIT
 *
 * winograd_rows.c - see winograd_rows.h. Points come in pairs a and -a, whose rows in a matrix
 * differ in the sign of every other element: each pair takes one sum of the even elements and one
 * of the odd ones.
 */
#include "winograd_rows.h"

#include <string.h>

#include "finish.h"

#define INLINE static inline __attribute__((always_inline))

_Static_assert((int)LANES <= (int)TFU_CPU_WINOGRAD_LANES_MAX, "callers have room for a vector");

#include "winograd_points.h"

INLINE vector load(const float *from)
{
    return *(const vector *)from;
}

INLINE void store(float *to, vector v)
{
    *(vector *)to = v;
}

/* `pairs`, `infinite` (is infinity a point?) and `count` are constants wherever these are inlined:
 * what is in arrays is in registers. Lines of all points to all points, those of an image: */
INLINE void transform_image(const int pairs, const int infinite, const struct points *p,
                            const struct tfu_cpu_winograd_lines *l)
{
    for (int64_t line = 0; line < l->lines; line++) {
        const float *from = l->from + line * l->from_line;
        float *to = l->to + line * l->to_line;
        vector x[MAX_POINTS];
        UNROLL
        for (int i = 0; i < 2 * pairs + 1 + infinite; i++)
            x[i] = load(from + i * l->from_step);
        vector zero = x[2 * pairs];
        UNROLL
        for (int j = 0; j < pairs; j++)
            zero += p->all[j] * x[2 * j];
        store(to, zero);
        UNROLL
        for (int i = 0; i < pairs; i++) {
            vector even = x[2 * pairs], odd = x[2 * pairs - 1];
            UNROLL
            for (int j = 0; j < pairs - 1; j++) {
                even += p->without[i][j] * x[2 * j + 2];
                odd += p->without[i][j] * x[2 * j + 1];
            }
            store(to + (2 * i + 1) * l->to_step, even + p->point[i] * odd);
            store(to + (2 * i + 2) * l->to_step, even - p->point[i] * odd);
        }
        if (!infinite)
            continue;
        vector infinity = x[2 * pairs + 1];
        UNROLL
        for (int j = 0; j < pairs; j++)
            infinity += p->all[j] * x[2 * j + 1];
        store(to + (2 * pairs + 1) * l->to_step, infinity);
    }
}

/* Values at all points of polynomials of `count` coefficients; with the factors of a kernel if
 * `scaled`. */
INLINE void expand(const int pairs, const int infinite, const int count, const int scaled,
                   const struct points *p, const struct tfu_cpu_winograd_lines *l)
{
    for (int64_t line = 0; line < l->lines; line++) {
        const float *from = l->from + line * l->from_line;
        float *to = l->to + line * l->to_line;
        vector x[MAX_POINTS];
        UNROLL
        for (int i = 0; i < count; i++)
            x[i] = load(from + i * l->from_step);
        store(to, (scaled ? p->scale[0] : 1) * x[0]);
        UNROLL
        for (int i = 0; i < pairs; i++) {
            float power = scaled ? p->scale[1 + i] : 1;
            vector even = power * x[0], odd = {0};
            UNROLL
            for (int j = 1; j < count; j++) {
                power *= p->point[i];
                if (j % 2)
                    odd += power * x[j];
                else
                    even += power * x[j];
            }
            store(to + (2 * i + 1) * l->to_step, even + odd);
            store(to + (2 * i + 2) * l->to_step, even - odd);
        }
        if (infinite)
            store(to + (2 * pairs + 1) * l->to_step, x[count - 1]);
    }
}

/* The transpose of expand(); with `added`, the elements behind the points are added. */
INLINE void reduce(const int pairs, const int infinite, const int count, const int scaled,
                   const int added, const struct points *p, const struct tfu_cpu_winograd_lines *l)
{
    for (int64_t line = 0; line < l->lines; line++) {
        const float *from = l->from + line * l->from_line;
        float *to = l->to + line * l->to_line;
        vector y[MAX_POINTS];
        UNROLL
        for (int j = 0; j < count; j++)
            y[j] = added ? load(from + (2 * pairs + 1 + infinite + j) * l->from_step) : (vector){0};
        y[0] += (scaled ? p->scale[0] : 1) * load(from);
        UNROLL
        for (int i = 0; i < pairs; i++) {
            const vector a = load(from + (2 * i + 1) * l->from_step);
            const vector b = load(from + (2 * i + 2) * l->from_step);
            const vector even = a + b, odd = a - b;
            float power = scaled ? p->scale[1 + i] : 1;
            UNROLL
            for (int j = 0; j < count; j++) {
                if (j % 2)
                    y[j] += power * odd;
                else
                    y[j] += power * even;
                power *= p->point[i];
            }
        }
        if (infinite)
            y[count - 1] += load(from + (2 * pairs + 1) * l->from_step);
        if (l->finish) {
            const struct vector_finish finish = vector_finish_of(l->finish, 0);
            const float *add = finish.added ? l->finish->add + line * l->to_line : to;
            vector_finish(y, count, &finish, add, l->to_step);
        }
        if (l->stream) {
            UNROLL
            for (int j = 0; j < count; j++)
                vector_stream(to + j * l->to_step, y[j]);
        } else {
            UNROLL
            for (int j = 0; j < count; j++)
                store(to + j * l->to_step, y[j]);
        }
    }
}

static void copy(const struct tfu_cpu_winograd_lines *l, int64_t count, size_t channels)
{
    for (int64_t line = 0; line < l->lines; line++) {
        const float *from = l->from + line * l->from_line;
        float *to = l->to + line * l->to_line;
        for (int64_t i = 0; i < count; i++, from += l->from_step, to += l->to_step)
            if (channels == LANES && l->stream)
                vector_stream(to, load(from));
            else if (channels == LANES)
                store(to, load(from));
            else
                memcpy(to, from, channels * sizeof(float));
    }
}

#include "winograd_strided.h"

#define SIZE(m, r, pairs, infinite, p)                                                             \
    static void image_##m##_##r(const struct tfu_cpu_winograd_lines *l)                            \
    {                                                                                              \
        transform_image(pairs, infinite, p, l);                                                    \
    }                                                                                              \
    static void kernel_##m##_##r(const struct tfu_cpu_winograd_lines *l)                           \
    {                                                                                              \
        expand(pairs, infinite, r, 1, p, l);                                                       \
    }                                                                                              \
    static void output_##m##_##r(const struct tfu_cpu_winograd_lines *l)                           \
    {                                                                                              \
        reduce(pairs, infinite, m, 0, 0, p, l);                                                    \
    }                                                                                              \
    static void gradient_##m##_##r(const struct tfu_cpu_winograd_lines *l)                         \
    {                                                                                              \
        expand(pairs, infinite, m, 0, p, l);                                                       \
    }                                                                                              \
    static void kernel_gradient_##m##_##r(const struct tfu_cpu_winograd_lines *l)                  \
    {                                                                                              \
        reduce(pairs, infinite, r, 1, 0, p, l);                                                    \
    }

SIZE(2, 3, 1, 1, &points_4)
SIZE(4, 3, 2, 1, &points_6)
SIZE(6, 3, 3, 1, &points_8)
SIZE(7, 3, 4, 0, &points_9)
SIZE(4, 7, 4, 1, &points_10)
SIZE(6, 7, 5, 1, &points_12)

#define STRIDED(m, pairs, infinite, p)                                                             \
    static void down_image_##m(const struct tfu_cpu_winograd_lines *l)                             \
    {                                                                                              \
        down_image(pairs, infinite, p, l);                                                         \
    }                                                                                              \
    static void down_kernel_##m(const struct tfu_cpu_winograd_lines *l)                            \
    {                                                                                              \
        down_kernel(pairs, infinite, p, l);                                                        \
    }                                                                                              \
    static void down_output_##m(const struct tfu_cpu_winograd_lines *l)                            \
    {                                                                                              \
        reduce(pairs, infinite, m, 0, 1, p, l);                                                    \
    }                                                                                              \
    static void down_gradient_##m(const struct tfu_cpu_winograd_lines *l)                          \
    {                                                                                              \
        down_gradient(pairs, infinite, p, l);                                                      \
    }                                                                                              \
    static void down_kernel_gradient_##m(const struct tfu_cpu_winograd_lines *l)                   \
    {                                                                                              \
        down_kernel_gradient(pairs, infinite, p, l);                                               \
    }                                                                                              \
    static void up_even_image_##m(const struct tfu_cpu_winograd_lines *l)                          \
    {                                                                                              \
        up_image(pairs, infinite, 0, p, l);                                                        \
    }                                                                                              \
    static void up_odd_image_##m(const struct tfu_cpu_winograd_lines *l)                           \
    {                                                                                              \
        up_image(pairs, infinite, 1, p, l);                                                        \
    }                                                                                              \
    static void up_even_output_##m(const struct tfu_cpu_winograd_lines *l)                         \
    {                                                                                              \
        up_output(pairs, infinite, 0, p, l);                                                       \
    }                                                                                              \
    static void up_odd_output_##m(const struct tfu_cpu_winograd_lines *l)                          \
    {                                                                                              \
        up_output(pairs, infinite, 1, p, l);                                                       \
    }

/* An odd number of points is without infinity, on which the other points' factors do not depend. */
STRIDED(2, 1, 0, &points_4)
STRIDED(4, 2, 0, &points_6)
STRIDED(6, 3, 0, &points_8)
STRIDED(7, 3, 1, &points_8)

#define ENTRY(m, r)                                                                                \
    {                                                                                              \
        .form = TFU_CPU_WINOGRAD_UNIT, .outputs = m, .taps = r, .points = m + r - 1,               \
        .weights = m + r - 1, .step = m,                                                           \
        .transform = {{m + r - 1, m + r - 1, image_##m##_##r},                                     \
                      {r, m + r - 1, kernel_##m##_##r},                                            \
                      {m + r - 1, m, output_##m##_##r},                                            \
                      {m, m + r - 1, gradient_##m##_##r},                                          \
                      {m + r - 1, r, kernel_gradient_##m##_##r}},                                  \
    }
#define DOWN(m)                                                                                    \
    {                                                                                              \
        .form = TFU_CPU_WINOGRAD_DOWN, .outputs = m, .taps = 3, .points = 2 * m + 1,               \
        .weights = m + 2, .step = 2 * m,                                                           \
        .transform = {{2 * m + 1, 2 * m + 1, down_image_##m},                                      \
                      {3, m + 2, down_kernel_##m},                                                 \
                      {2 * m + 1, m, down_output_##m},                                             \
                      {m, 2 * m + 1, down_gradient_##m},                                           \
                      {m + 2, 3, down_kernel_gradient_##m}},                                       \
    }
#define UP(m, upper, lower)                                                                        \
    {                                                                                              \
        .form = TFU_CPU_WINOGRAD_UP_##upper, .outputs = m, .taps = 3, .points = 2 * m + 1,         \
        .weights = m + 2, .step = m,                                                               \
        .transform = {{m + 1, 2 * m + 1, up_##lower##_image_##m},                                  \
                      {3, m + 2, down_kernel_##m},                                                 \
                      {2 * m + 1, 2 * m, up_##lower##_output_##m}},                                \
    }
#define STRIDED_ENTRIES(m) DOWN(m), UP(m, EVEN, even), UP(m, ODD, odd)
#define JOIN_(a, b)        a##b
#define JOIN(a, b)         JOIN_(a, b)
const struct tfu_cpu_winograd_tiles JOIN(tfu_cpu_winograd_tiles_, TFU_CPU_ISA) = {
    .lanes = LANES,
    .size = {ENTRY(2, 3), ENTRY(4, 3), ENTRY(6, 3), ENTRY(7, 3), ENTRY(4, 7), ENTRY(6, 7),
             STRIDED_ENTRIES(2), STRIDED_ENTRIES(4), STRIDED_ENTRIES(6), STRIDED_ENTRIES(7)},
    .copy = copy,
};
