/* SPDX-License-Identifier: MIT
 *
 * transfuse/ops.h - typed front doors to the core's layers, for architectures.
 *
 * The ABI stays one generic op() call; these give it named fields. A field left out of the
 * initializer is 0, and 0 means the default that its comment gives. Each function returns the
 * operation's output, or 0 when an error has happened before.
 */
#ifndef TFU_OPS_H
#define TFU_OPS_H

#include <transfuse/arch.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline int64_t tfu_or(int64_t value, int64_t otherwise)
{
    return value ? value : otherwise;
}

/* Cross-correlation as in every deep-learning library. Square by `kernel`, `stride`, `pad`; the
 * `_w` fields make width differ. Parameters: weight K,C/groups,R,S, and bias K when asked for.
 * Output side: (side + 2 pad - kernel) / stride + 1, rounded down. */
struct tfu_conv2d_attrs {
    int64_t out;              /* K, channels out; required */
    int64_t kernel, kernel_w; /* R and S; S defaults to R */
    int64_t stride, stride_w; /* 1; stride_w defaults to stride */
    int64_t pad;              /* zeros at all four sides */
    int64_t pad_h, pad_w;     /* more zeros: above and below, left and right */
    int64_t groups;           /* 1 */
    int64_t bias;             /* 0: none */
};

static inline tfu_value tfu_conv2d(struct tfu_builder *b, const char *name, tfu_value x,
                                   struct tfu_conv2d_attrs c)
{
    const int64_t stride = tfu_or(c.stride, 1);
    const struct tfu_attr a[] = {
        {"out", c.out, 0},
        {"kernel_h", c.kernel, 0},
        {"kernel_w", tfu_or(c.kernel_w, c.kernel), 0},
        {"stride_h", stride, 0},
        {"stride_w", tfu_or(c.stride_w, stride), 0},
        {"pad_h", c.pad + c.pad_h, 0},
        {"pad_w", c.pad + c.pad_w, 0},
        {"groups", tfu_or(c.groups, 1), 0},
        {"bias", c.bias, 0},
    };
    return b->op(b, "conv2d", name, &x, 1, TFU_ATTRS(a));
}

/* Batch normalisation over N,H,W (Ioffe and Szegedy 2015). Parameters: weight (scale), bias
 * (shift), running_mean, running_var, each C. In training it normalises with the batch's statistics
 * and moves the running ones by `momentum` (the variance unbiased, as PyTorch does); else, or when
 * frozen, with the running ones. */
struct tfu_batchnorm_attrs {
    double eps;      /* 1e-5 */
    double momentum; /* 0.1: weight of the newest batch */
    int64_t frozen;  /* 0; 1: running statistics also in training */
};

static inline tfu_value tfu_batchnorm(struct tfu_builder *b, const char *name, tfu_value x,
                                      struct tfu_batchnorm_attrs c)
{
    const struct tfu_attr a[] = {
        {"eps", 0, c.eps > 0 ? c.eps : 1e-5},
        {"momentum", 0, c.momentum > 0 ? c.momentum : 0.1},
        {"frozen", c.frozen, 0},
    };
    return b->op(b, "batchnorm", name, &x, 1, TFU_ATTRS(a));
}

/* Pooling windows; padding counts as minus infinity in maxpool, as zeros in avgpool. */
struct tfu_pool_attrs {
    int64_t kernel, kernel_w; /* required; kernel_w defaults to kernel */
    int64_t stride, stride_w; /* default: the kernel; stride_w defaults to stride */
    int64_t pad;              /* at all four sides */
    int64_t pad_h, pad_w;     /* more: above and below, left and right */
    int64_t exclude_pad;      /* avgpool: 1 divides by the pixels inside the image only */
};

static inline tfu_value tfu_pool_op(struct tfu_builder *b, const char *op, const char *name,
                                    tfu_value x, struct tfu_pool_attrs p, uint32_t n_attrs)
{
    const int64_t stride = tfu_or(p.stride, p.kernel);
    const struct tfu_attr a[] = {
        {"kernel_h", p.kernel, 0},
        {"kernel_w", tfu_or(p.kernel_w, p.kernel), 0},
        {"stride_h", stride, 0},
        {"stride_w", tfu_or(p.stride_w, p.stride ? stride : tfu_or(p.kernel_w, p.kernel)), 0},
        {"pad_h", p.pad + p.pad_h, 0},
        {"pad_w", p.pad + p.pad_w, 0},
        {"exclude_pad", p.exclude_pad, 0},
    };
    return b->op(b, op, name, &x, 1, a, n_attrs, sizeof a[0]);
}

static inline tfu_value tfu_maxpool(struct tfu_builder *b, const char *name, tfu_value x,
                                    struct tfu_pool_attrs p)
{
    return tfu_pool_op(b, "maxpool", name, x, p, 6);
}

static inline tfu_value tfu_avgpool(struct tfu_builder *b, const char *name, tfu_value x,
                                    struct tfu_pool_attrs p)
{
    return tfu_pool_op(b, "avgpool", name, x, p, 7);
}

/* Mean over H and W: N,H,W,C to N,C. */
static inline tfu_value tfu_global_avgpool(struct tfu_builder *b, const char *name, tfu_value x)
{
    return b->op(b, "global_avgpool", name, &x, 1, TFU_NO_ATTRS);
}

/* max(x, 0). */
static inline tfu_value tfu_relu(struct tfu_builder *b, const char *name, tfu_value x)
{
    return b->op(b, "relu", name, &x, 1, TFU_NO_ATTRS);
}

/* x W^T + bias: N,C to N,K. Parameters: weight K,C and bias K. An image N,H,W,C is flattened first,
 * in the order in which it lies in memory, H,W,C; or with `chw` in C,H,W order, which is what the
 * weights of torchvision's AlexNet and VGG, and all that flatten in PyTorch, are for: their shape
 * is the same, the network another one. */
struct tfu_linear_attrs {
    int64_t out;     /* K; required */
    int64_t no_bias; /* 0 */
    int64_t chw;     /* 0: H,W,C; 1: C,H,W */
};

static inline tfu_value tfu_linear(struct tfu_builder *b, const char *name, tfu_value x,
                                   struct tfu_linear_attrs c)
{
    const struct tfu_attr a[] = {{"out", c.out, 0}, {"bias", !c.no_bias, 0}, {"chw", c.chw, 0}};
    return b->op(b, "linear", name, &x, 1, TFU_ATTRS(a));
}

/* In training sets each element to 0 with probability `rate` and scales the others by
 * 1 / (1 - rate); else the identity. */
static inline tfu_value tfu_dropout(struct tfu_builder *b, const char *name, tfu_value x,
                                    double rate)
{
    const struct tfu_attr a[] = {{"rate", 0, rate}};
    return b->op(b, "dropout", name, &x, 1, TFU_ATTRS(a));
}

/* x + y, of the same shape. */
static inline tfu_value tfu_add(struct tfu_builder *b, const char *name, tfu_value x, tfu_value y)
{
    const tfu_value in[] = {x, y};
    return b->op(b, "add", name, in, 2, TFU_NO_ATTRS);
}

/* scale x + shift, with constants: one pair for all channels, or one for each of up to four.
 */
struct tfu_affine_attrs {
    int64_t channels;          /* how many pairs; 0: the first is for all */
    double scale[4], shift[4]; /* no defaults: what is left out is 0 */
};

static inline tfu_value tfu_affine(struct tfu_builder *b, const char *name, tfu_value x,
                                   struct tfu_affine_attrs c)
{
    const struct tfu_attr a[] = {
        {"channels", c.channels, 0}, {"scale_0", 0, c.scale[0]}, {"scale_1", 0, c.scale[1]},
        {"scale_2", 0, c.scale[2]},  {"scale_3", 0, c.scale[3]}, {"shift_0", 0, c.shift[0]},
        {"shift_1", 0, c.shift[1]},  {"shift_2", 0, c.shift[2]}, {"shift_3", 0, c.shift[3]},
    };
    return b->op(b, "affine", name, &x, 1, TFU_ATTRS(a));
}

/* Joins along channels; everything else must agree. */
static inline tfu_value tfu_concat(struct tfu_builder *b, const char *name, const tfu_value *in,
                                   uint32_t n_in)
{
    return b->op(b, "concat", name, in, n_in, TFU_NO_ATTRS);
}

/* exp(x) / sum(exp(x)) over channels. */
static inline tfu_value tfu_softmax(struct tfu_builder *b, const char *name, tfu_value x)
{
    return b->op(b, "softmax", name, &x, 1, TFU_NO_ATTRS);
}

#ifdef __cplusplus
}
#endif
#endif
