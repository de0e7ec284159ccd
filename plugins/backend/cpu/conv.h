/* SPDX-License-Identifier: MIT
 *
 * conv.h - what the algorithms of conv2d share: sizes and packed weights.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_CONV_H
#define TFU_PLUGINS_BACKEND_CPU_CONV_H

#include "cpu.h"
#include "window.h"

/* A convolution's sizes: the letters of transfuse/abi.h, P and Q for the output's height and width,
 * and what one of the G groups has of C and K. */
struct tfu_cpu_conv {
    const struct tfu_cpu *dev;
    struct tfu_cpu_axis h, w;
    int64_t N, H, W, C, K, P, Q, R, S, G, Cg, Kg;
    int64_t pixels; /* N P Q */
    int64_t taps;   /* R S Cg: multiply-adds for one output */
};

struct tfu_cpu_conv tfu_cpu_conv_of(const struct tfu_cpu *dev, const struct tfu_op_call *c);

/* Has the gradient by the input the form of a convolution? Then this is the one that takes the
 * gradient by the output to it, with weights of tfu_cpu_conv_pack_transposed(). */
int tfu_cpu_conv_transposable(const struct tfu_cpu_conv *v);
struct tfu_cpu_conv tfu_cpu_conv_transpose(const struct tfu_cpu_conv *v);
/* Any convolution from the outputs of `v` to its inputs, by its axes. */
struct tfu_cpu_conv tfu_cpu_conv_backwards(const struct tfu_cpu_conv *v, struct tfu_cpu_axis h,
                                           struct tfu_cpu_axis w);

/* K,Cg,R,S to K,R,S,Cg. `v` is the convolution of the call. */
void tfu_cpu_conv_pack(const struct tfu_cpu_conv *v, const float *weight, float *packed);
/* K,Cg,R,S to C,R,S,Kg with R and S reversed. */
void tfu_cpu_conv_pack_transposed(const struct tfu_cpu_conv *v, const float *weight, float *packed);
/* The functions of TFU_CPU_PACK() in kernels.h, from forward_packed_size() and forward_pack() that
 * take a size of tile. */
#define TFU_CPU_PACK_SIZED(name, size)                                                             \
    size_t name##_packed_size(void *dev, const struct tfu_op_call *c)                              \
    {                                                                                              \
        return forward_packed_size(dev, c, size);                                                  \
    }                                                                                              \
    enum tfu_status name##_pack(void *dev, const struct tfu_op_call *c, void *packed,              \
                                struct tfu_host *h)                                                \
    {                                                                                              \
        (void)h;                                                                                   \
        return forward_pack(dev, c, packed, size);                                                 \
    }

/* Is it worth memory to keep the packed weights of a forward pass? To pack one takes as long as
 * some tens of multiply-adds, and each is used once for a pixel: with more pixels than this it is
 * hardly a hundredth of the time. */
int tfu_cpu_conv_keeps_weights(const struct tfu_cpu_conv *v);

/* The sum of `count` arrays K,R,S,Cg, in order, to K,Cg,R,S. */
void tfu_cpu_conv_unpack_sum(const struct tfu_cpu_conv *v, const float *packed, int64_t count,
                             float *grad_weight);

/* An output that is cut into tiles, image by image, row by row. */
struct tfu_cpu_tiling {
    int64_t out_h, out_w;  /* outputs of a tile */
    int64_t rows, columns; /* of tiles in an image */
    int64_t tiles;         /* in all */
};
struct tfu_cpu_tiling tfu_cpu_conv_tiling(const struct tfu_cpu_conv *v, int64_t out_h,
                                          int64_t out_w);

/* Where a tile lies. */
struct tfu_cpu_place {
    int64_t n, p, q;       /* image, first output row and column */
    int64_t rows, columns; /* outputs */
};
struct tfu_cpu_place tfu_cpu_conv_place(const struct tfu_cpu_conv *v,
                                        const struct tfu_cpu_tiling *t, int64_t tile);

/* The sum of two or more arrays K,Cg,R,S that lie one behind the other, in order. */
void tfu_cpu_conv_add_parts(const struct tfu_cpu_conv *v, const float *partial, int64_t parts,
                            float *grad_weight);

/* The gradient by the bias of a call that has one: its part of a workspace, and the sums. */
void *tfu_cpu_conv_take_bias(const struct tfu_cpu_conv *v, const struct tfu_op_call *c,
                             struct tfu_cpu_scratch *s);
void tfu_cpu_conv_bias_gradient(const struct tfu_cpu_conv *v, const struct tfu_op_call *c,
                                void *workspace);

/* All multiply-adds of one direction. */
double tfu_cpu_conv_work(const struct tfu_cpu_conv *v);

#endif
