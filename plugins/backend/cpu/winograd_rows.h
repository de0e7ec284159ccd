/* SPDX-License-Identifier: MIT
 *
 * winograd_rows.h - the transforms of Winograd convolution along one axis, on vectors of channels.
 * winograd_rows.c is compiled once for each instruction set.
 *
 * F(m, r) gives m outputs of a kernel of r taps from m + r - 1 products: image and kernel are
 * polynomials, which are evaluated at m + r - 1 points, multiplied there, and interpolated. With
 * X = B x for the image, W = G w for the kernel, the outputs are y = A^T (X W), and, since that is
 * linear in each, the gradient by the kernel is G^T (X A g) for a gradient g by the outputs.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_WINOGRAD_ROWS_H
#define TFU_PLUGINS_BACKEND_CPU_WINOGRAD_ROWS_H

#include <stddef.h>
#include <stdint.h>

struct tfu_cpu_finish;

/* Lines of vectors: element i of line j lies at i * step + j * line. */
struct tfu_cpu_winograd_lines {
    const float *from;
    float *to;
    ptrdiff_t from_step, from_line, to_step, to_line;
    int64_t lines;
    const struct tfu_cpu_finish *finish; /* NULL, or what is done with outputs (rows.h) */
    int stream;                          /* are outputs written past the caches? */
};

/* Which matrix is applied. */
enum tfu_cpu_winograd_kind {
    TFU_CPU_WINOGRAD_IMAGE,           /* B */
    TFU_CPU_WINOGRAD_KERNEL,          /* G */
    TFU_CPU_WINOGRAD_OUTPUT,          /* A^T */
    TFU_CPU_WINOGRAD_GRADIENT,        /* A */
    TFU_CPU_WINOGRAD_KERNEL_GRADIENT, /* G^T */
    TFU_CPU_WINOGRAD_KINDS
};

/* Which convolution along an axis: with stride 1, with stride 2 (winograd_strided.h), or the one
 * that takes the gradient by the output of the latter to that by its input, which is another for
 * even and odd padding. */
enum tfu_cpu_winograd_form {
    TFU_CPU_WINOGRAD_UNIT,
    TFU_CPU_WINOGRAD_DOWN,
    TFU_CPU_WINOGRAD_UP_EVEN,
    TFU_CPU_WINOGRAD_UP_ODD,
};

struct tfu_cpu_winograd_size {
    enum tfu_cpu_winograd_form form;
    int64_t outputs, taps; /* of UP forms: outputs of the convolution whose gradient it is */
    int64_t points;
    int64_t weights; /* of a kernel: the points from the last one on share it */
    int64_t step;    /* elements of the image from one tile to the next */
    struct {
        int64_t from, to; /* elements of a line */
        void (*run)(const struct tfu_cpu_winograd_lines *l);
    } transform[TFU_CPU_WINOGRAD_KINDS];
};

enum {
    TFU_CPU_WINOGRAD_SIZES = 18,
    TFU_CPU_WINOGRAD_LANES_MAX = 16,
    TFU_CPU_WINOGRAD_POINTS_MAX = 225, /* of both axes together */
};

struct tfu_cpu_winograd_tiles {
    int64_t lanes; /* channels in a vector */
    /* F(2, 3), F(4, 3), F(6, 3), F(7, 3), F(4, 7), F(6, 7); 2, 4, 6 and 7 outputs of all others */
    struct tfu_cpu_winograd_size size[TFU_CPU_WINOGRAD_SIZES];
    /* `count` elements of each line as they are, `channels` of each vector */
    void (*copy)(const struct tfu_cpu_winograd_lines *l, int64_t count, size_t channels);
};

extern const struct tfu_cpu_winograd_tiles tfu_cpu_winograd_tiles_portable,
    tfu_cpu_winograd_tiles_avx2, tfu_cpu_winograd_tiles_avx512;

#endif
