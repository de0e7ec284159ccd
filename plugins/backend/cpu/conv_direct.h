/* SPDX-License-Identifier: MIT
 *
 * conv_direct.h - what the directions of direct convolution share. With channels innermost, a row
 * of a patch is one run of neighbours in memory, so that the register tiles of tile.c can read the
 * image as it lies. A task copies a band of image rows, with its zero padding, to scratch in the
 * core's own cache; weights are packed in blocks of output channels, a block side by side.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_CONV_DIRECT_H
#define TFU_PLUGINS_BACKEND_CPU_CONV_DIRECT_H

#include "conv.h"
#include "tail.h"

/* The output is cut into bands of rows, its channels into blocks. */
struct tfu_cpu_direct {
    struct tfu_cpu_conv v;
    const struct tfu_cpu_tiles *tiles;
    int64_t bands;       /* of one image */
    int64_t band_rows;   /* output rows of the largest */
    int64_t band_floats; /* of the largest */
    int64_t blocks;      /* of the output channels of one group */
    int64_t padded_w;    /* pixels in a row of a band */
    int64_t run;         /* S Cg: floats in a row of a patch */
    int64_t weights;     /* floats of all blocks: G, blocks, R, S, Cg, block */
};

/* `beside`: floats that a task keeps in cache for each output pixel of a band. The kernel may have
 * no taps at all. */
struct tfu_cpu_direct tfu_cpu_direct_of(const struct tfu_cpu_conv *v, int64_t beside);

/* Copies the image rows under output rows p.first..p.end-1, channels of one group, to `band`. */
void tfu_cpu_direct_fill_band(const struct tfu_cpu_direct *d, const float *x, int64_t n,
                              int64_t group, struct tfu_cpu_range p, float *band);

/* Weights in memory are rows of taps (Cg, R, S); in blocks the channels of a block lie side by
 * side. Between the two goes a square of both that stays in cache: rows are often a power of two
 * apart, and walking across them directly would evict each line before its neighbours are used. */
enum { TFU_CPU_DIRECT_SQUARE = 64 };

/* Where tap `i` of a row of taps lies in a block: R, S, Cg. */
static inline int64_t tfu_cpu_direct_tap(const struct tfu_cpu_conv *v, int64_t i)
{
    const int64_t RS = v->R * v->S;
    return i % RS * v->Cg + i / RS;
}

/* One pass over an image. Output pixel i, j is written to row first_h + i step_h and column
 * first_w + j step_w of an image of height x width. */
struct tfu_cpu_direct_pass {
    struct tfu_cpu_direct d;
    int64_t parts; /* of the blocks: a task is a band and a part of them */
    const float *x, *packed;
    float *bands;     /* one for each worker */
    int64_t band_one; /* floats of one */
    float *y;
    int64_t height, width, first_h, first_w, step_h, step_w;
    struct tfu_cpu_tail tail;
};
/* Without strides between the outputs. */
struct tfu_cpu_direct_pass tfu_cpu_direct_pass_of(const struct tfu_cpu_conv *v);
void tfu_cpu_direct_run(struct tfu_cpu_direct_pass *pass);

/* Predicted seconds of the call's multiply-adds, with so many output channels in a group. */
double tfu_cpu_direct_seconds(const struct tfu_cpu_conv *v, const struct tfu_op_call *c,
                              int64_t channels);

#endif
