/* SPDX-License-Identifier: MIT
 *
 * The network of Pasa, Golkov, Pfeiffer, Cremers, Pfeiffer, "Efficient Deep Network Architectures
 * for Fast Chest X-Ray Tuberculosis Screening and Visualization", Scientific Reports 9, 2019: five
 * blocks of two 3x3 convolutions with a projected shortcut, the mean of both branches, and a pool.
 *
 * The published program calls its batch normalisation so that the moving statistics stay 0 and 1,
 * in training and after it: a learned scale and shift of each channel. `batchnorm: published` does
 * that (initialise running means with 0 and variances with 1, as every initializer does unless told
 * otherwise). Padding is one pixel on all sides; TensorFlow's SAME puts it below and to the right
 * only where a convolution halves an even side.
 */
#include "scale.h"

enum batchnorm { TRAINED, PUBLISHED };
static const char *const batchnorms[] = {"trained", "published", NULL};

struct config {
    int32_t batchnorm;
    struct scale scale;
};

static const struct tfu_option options[] = {
    TFU_OPT_ENUM(
        struct config, batchnorm, "trained", batchnorms,
        "trained: by the batch's statistics; published: by running ones that stay 0 and 1"),
    SCALE_OPTIONS(struct config),
};

static const char *const stages[] = {"block1", "block2", "block3", "block4", "block5", NULL};
enum { BLOCKS = 5 };
static const int64_t filters[BLOCKS] = {16, 32, 48, 64, 80};

/* Convolution, normalisation, ReLU. */
static tfu_value unit(struct tfu_builder *b, const struct config *c, const char *name, tfu_value x,
                      struct tfu_conv2d_attrs attrs)
{
    attrs.bias = 1;
    b->scope_push(b, "%s", name);
    x = tfu_conv2d(b, "conv", x, attrs);
    x = tfu_batchnorm(
        b, "bn", x, (struct tfu_batchnorm_attrs){.eps = 1e-3, .frozen = c->batchnorm == PUBLISHED});
    x = tfu_relu(b, "relu", x);
    b->scope_pop(b);
    return x;
}

static tfu_value build_block(struct tfu_builder *b, const struct config *c, tfu_value x,
                             int64_t width, int64_t stride, int pool)
{
    tfu_value y =
        unit(b, c, "conv1", x,
             (struct tfu_conv2d_attrs){.out = width, .kernel = 3, .stride = stride, .pad = 1});
    y = unit(b, c, "conv2", y,
             (struct tfu_conv2d_attrs){.out = width, .kernel = 3, .stride = stride, .pad = 1});
    const tfu_value z =
        unit(b, c, "shortcut", x,
             (struct tfu_conv2d_attrs){.out = width, .kernel = 1, .stride = stride * stride});
    y = tfu_affine(b, "mean", tfu_add(b, "add", y, z), (struct tfu_affine_attrs){.scale = {0.5}});
    if (pool)
        y = tfu_maxpool(b, "pool", y, (struct tfu_pool_attrs){.kernel = 3, .stride = 2});
    return y;
}

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    const struct config *c = config;
    struct scale_state s = {.scale = &c->scale};
    tfu_value x = b->input(b, "image");
    for (int i = 0; i < BLOCKS; i++) {
        scale_stage(b, &s, stages[i]);
        b->scope_push(b, "%s", stages[i]);
        x = build_block(b, c, x, scale_channels(&s, filters[i]), i == 0 ? 2 : 1, i < BLOCKS - 1);
        b->scope_pop(b);
    }
    b->features(b, tfu_global_avgpool(b, "avgpool", x), "fc");
    return scale_end(b, &s, stages);
}

static const struct tfu_arch_ops ops = {.struct_size = sizeof ops, .build = build};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_ARCH),
    .name = "tbnet",
    .version = "1.0",
    .summary = "the small network for tuberculosis of Pasa et al. 2019: 231,602 parameters",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
