/* SPDX-License-Identifier: MIT
 *
 * conv_gemm.h - what the directions of 1x1 convolution by matrix products share.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_CONV_GEMM_H
#define TFU_PLUGINS_BACKEND_CPU_CONV_GEMM_H

#include "conv.h"

/* 1x1, one group, no padding. */
int tfu_cpu_gemm_supports(const struct tfu_cpu_conv *v, const struct tfu_op_call *c);

/* Floats from one pixel to the next that suit the cache. Pixels that lie `far` floats apart or more
 * would compete for the same few of its lines: they are to be copied, to rows longer than theirs.
 */
int64_t tfu_cpu_gemm_row(int64_t channels, int64_t apart, int64_t far);

/* The pixels of the output in lines. */
struct tfu_cpu_gemm_lines {
    int rows;       /* is a line a row of the output? Else it is any run of pixels */
    int64_t pixels; /* of a line; of the last one perhaps fewer */
    int64_t count;
};
struct tfu_cpu_gemm_lines tfu_cpu_gemm_lines_of(const struct tfu_cpu_conv *v, int rows);
int tfu_cpu_gemm_strided(const struct tfu_cpu_conv *v);

/* Number of the image's pixel under one of the output. */
int64_t tfu_cpu_gemm_pixel(const struct tfu_cpu_conv *v, int64_t out);

struct tfu_cpu_gemm_line {
    int64_t in, out; /* number of its first pixel in the image and in the output */
    int64_t pixels;
};
struct tfu_cpu_gemm_line tfu_cpu_gemm_line(const struct tfu_cpu_conv *v,
                                           const struct tfu_cpu_gemm_lines *l, int64_t i);

/* Predicted seconds of a product with so many columns. */
double tfu_cpu_gemm_seconds(const struct tfu_cpu_conv *v, const struct tfu_op_call *c,
                            int64_t columns);

#endif
