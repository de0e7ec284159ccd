/* SPDX-License-Identifier: MIT
 *
 * cbr.h - the CBR family (convolution, batch normalisation, ReLU) of Raghu et al., "Transfusion:
 * Understanding Transfer Learning for Medical Imaging", NeurIPS 2019: a few equal blocks, each
 * halved in size by a 3x3 pool of stride 2, then the mean over the image.
 *
 * Widths and kernels are the paper's. It does not say how images are padded; `same` keeps sizes
 * (and small images possible), `valid` pads nothing.
 */
#ifndef CBR_H
#define CBR_H

#include <transfuse/ops.h>

enum { CBR_MAX_BLOCKS = 5 };

struct cbr_network {
    int64_t kernel; /* side */
    uint32_t blocks;
    int64_t width[CBR_MAX_BLOCKS]; /* channels out of each block */
    int last_pool;                 /* does the last block pool too? */
};

enum cbr_padding { CBR_SAME, CBR_VALID };
static const char *const cbr_paddings[] = {"same", "valid", NULL};

/* The option line that all members of the family have. */
#define CBR_OPT_PADDING(cfg)                                                                       \
    TFU_OPT_ENUM(cfg, padding, "same", cbr_paddings,                                               \
                 "same: zeros around the image keep its size; valid: no padding")

static inline tfu_value cbr_block(struct tfu_builder *b, tfu_value x, int64_t width, int64_t kernel,
                                  int pool, enum cbr_padding padding)
{
    const int64_t conv_pad = padding == CBR_SAME ? kernel / 2 : 0;
    const int64_t pool_pad = padding == CBR_SAME ? 1 : 0;
    x = tfu_conv2d(b, "conv", x,
                   (struct tfu_conv2d_attrs){.out = width, .kernel = kernel, .pad = conv_pad});
    x = tfu_batchnorm(b, "bn", x, (struct tfu_batchnorm_attrs){0});
    x = tfu_relu(b, "relu", x);
    if (pool)
        x = tfu_maxpool(b, "pool", x,
                        (struct tfu_pool_attrs){.kernel = 3, .stride = 2, .pad = pool_pad});
    return x;
}

static inline enum tfu_status cbr_build(struct tfu_builder *b, const struct cbr_network *net,
                                        enum cbr_padding padding)
{
    static const char *const name[CBR_MAX_BLOCKS] = {"block1", "block2", "block3", "block4",
                                                     "block5"};
    tfu_value x = b->input(b, "image");
    for (uint32_t i = 0; i < net->blocks; i++) {
        const int pool = i + 1 < net->blocks || net->last_pool;
        b->stage(b, name[i]);
        b->scope_push(b, "%s", name[i]);
        x = cbr_block(b, x, net->width[i], net->kernel, pool, padding);
        b->scope_pop(b);
    }
    b->features(b, tfu_global_avgpool(b, "avgpool", x), "fc");
    return b->status(b);
}

#endif
