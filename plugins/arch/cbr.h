/* SPDX-License-Identifier: MIT
 *
 * cbr.h - the CBR family (convolution, batch normalisation, ReLU) of Raghu et al., "Transfusion:
 * Understanding Transfer Learning for Medical Imaging", NeurIPS 2019: a few equal blocks, each
 * halved in size by a 3x3 pool of stride 2, then the mean over the image.
 *
 * Widths and kernels are the paper's. It does not say how images are padded; `same` keeps sizes
 * (and small images possible), `valid` pads nothing.
 */
#ifndef TFU_PLUGINS_ARCH_CBR_H
#define TFU_PLUGINS_ARCH_CBR_H

#include "scale.h"

enum { CBR_MAX_BLOCKS = 5 };

struct cbr_network {
    int64_t kernel; /* side */
    uint32_t blocks;
    int64_t width[CBR_MAX_BLOCKS]; /* channels out of each block */
    int last_pool;                 /* does the last block pool too? */
};

enum cbr_padding { CBR_SAME, CBR_VALID };
static const char *const cbr_paddings[] = {"same", "valid", NULL};

/* The options that all members of the family have. */
struct cbr_config {
    int32_t padding; /* enum cbr_padding */
    struct scale scale;
};

/* Their lines; `cfg` is struct cbr_config, also where a config struct begins with one. */
#define CBR_OPTIONS(cfg)                                                                           \
    {.name = "padding",                                                                            \
     .help = "same: zeros around the image keep its size; valid: no padding",                      \
     .type = TFU_ENUM,                                                                             \
     .offset = offsetof(cfg, padding),                                                             \
     .sdef = "same",                                                                               \
     .choices = cbr_paddings},                                                                     \
        SCALE_OPTIONS(cfg)

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
                                        const struct cbr_config *c)
{
    static const char *const names[CBR_MAX_BLOCKS + 1] = {"block1", "block2", "block3",
                                                          "block4", "block5", NULL};
    const char *stages[CBR_MAX_BLOCKS + 1] = {NULL};
    struct scale_state s = {.scale = &c->scale};
    tfu_value x = b->input(b, "image");
    for (uint32_t i = 0; i < net->blocks; i++) {
        const int pool = i + 1 < net->blocks || net->last_pool;
        stages[i] = names[i];
        scale_stage(b, &s, names[i]);
        b->scope_push(b, "%s", names[i]);
        x = cbr_block(b, x, scale_channels(&s, net->width[i]), net->kernel, pool,
                      (enum cbr_padding)c->padding);
        b->scope_pop(b);
    }
    b->features(b, tfu_global_avgpool(b, "avgpool", x), "fc");
    return scale_end(b, &s, stages);
}

#endif
