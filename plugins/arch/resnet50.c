/* SPDX-License-Identifier: MIT
 *
 * ResNet-50: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, with
 * the parameter names of torchvision. The stages have the names of TensorFlow-Slim, whose weights
 * Raghu et al. used.
 *
 * Implementations differ in where a block halves the image: torchvision in the 3x3 convolution of
 * its first unit ("v1.5"), the paper in the first 1x1 there, TensorFlow-Slim in the 3x3 of the last
 * unit of the block before.
 */
#include "scale.h"

enum stride_at { STRIDE_CONV2, STRIDE_CONV1, STRIDE_LAST_UNIT };
static const char *const stride_ats[] = {"conv2", "conv1", "last_unit", NULL};

struct config {
    int32_t stride_at;
    struct scale scale;
};

static const struct tfu_option options[] = {
    TFU_OPT_ENUM(struct config, stride_at, "conv2", stride_ats,
                 "what halves the image: the 3x3 of a block's first unit (torchvision), its first "
                 "1x1 (the paper), or the 3x3 of the last unit of the block before (TF-Slim)"),
    SCALE_OPTIONS(struct config),
};

static const char *const stages[] = {"conv1", "block1", "block2", "block3", "block4", NULL};

enum { BLOCKS = 4, EXPANSION = 4 };
static const struct {
    int64_t planes;
    int units;
} blocks[BLOCKS] = {{64, 3}, {128, 4}, {256, 6}, {512, 3}};

static tfu_value conv_bn(struct tfu_builder *b, const char *conv, const char *bn, tfu_value x,
                         struct tfu_conv2d_attrs attrs)
{
    return tfu_batchnorm(b, bn, tfu_conv2d(b, conv, x, attrs), (struct tfu_batchnorm_attrs){0});
}

/* What is added at a unit's end: its input, projected in a block's first unit, where the widths
 * change. */
static tfu_value shortcut(struct tfu_builder *b, tfu_value x, int64_t out, int64_t stride,
                          int first)
{
    if (first) {
        b->scope_push(b, "downsample");
        x = conv_bn(b, "0", "1", x,
                    (struct tfu_conv2d_attrs){.out = out, .kernel = 1, .stride = stride});
        b->scope_pop(b);
    } else if (stride > 1) { /* every second pixel, as TensorFlow-Slim's subsample() */
        x = tfu_maxpool(b, "subsample", x, (struct tfu_pool_attrs){.kernel = 1, .stride = stride});
    }
    return x;
}

static tfu_value bottleneck(struct tfu_builder *b, tfu_value x, int64_t planes, int64_t stride,
                            int first, enum stride_at at)
{
    const int64_t in_conv1 = at == STRIDE_CONV1 ? stride : 1;
    const int64_t out = planes * EXPANSION;
    tfu_value y =
        conv_bn(b, "conv1", "bn1", x,
                (struct tfu_conv2d_attrs){.out = planes, .kernel = 1, .stride = in_conv1});
    y = tfu_relu(b, "relu1", y);
    y = conv_bn(b, "conv2", "bn2", y,
                (struct tfu_conv2d_attrs){
                    .out = planes, .kernel = 3, .stride = stride / in_conv1, .pad = 1});
    y = tfu_relu(b, "relu2", y);
    y = conv_bn(b, "conv3", "bn3", y, (struct tfu_conv2d_attrs){.out = out, .kernel = 1});
    return tfu_relu(b, "relu", tfu_add(b, "add", y, shortcut(b, x, out, stride, first)));
}

/* Does unit `unit` of block `block` halve the image? */
static int64_t stride_of(const struct config *c, int block, int unit)
{
    if (c->stride_at == STRIDE_LAST_UNIT)
        return block < BLOCKS - 1 && unit == blocks[block].units - 1 ? 2 : 1;
    return block > 0 && unit == 0 ? 2 : 1;
}

static tfu_value build_block(struct tfu_builder *b, const struct config *c,
                             const struct scale_state *s, tfu_value x, int block)
{
    const int64_t planes = scale_channels(s, blocks[block].planes);
    for (int unit = 0; unit < blocks[block].units; unit++) {
        b->scope_push(b, "layer%d.%d", block + 1, unit);
        x = bottleneck(b, x, planes, stride_of(c, block, unit), unit == 0,
                       (enum stride_at)c->stride_at);
        b->scope_pop(b);
    }
    return x;
}

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    const struct config *c = config;
    struct scale_state s = {.scale = &c->scale};
    tfu_value x = b->input(b, "image");
    scale_stage(b, &s, stages[0]);
    x = conv_bn(b, "conv1", "bn1", x,
                (struct tfu_conv2d_attrs){
                    .out = scale_channels(&s, 64), .kernel = 7, .stride = 2, .pad = 3});
    x = tfu_relu(b, "relu", x);
    for (int block = 0; block < BLOCKS; block++) {
        scale_stage(b, &s, stages[block + 1]);
        if (block == 0) /* after conv1's last op: figures of conv1 are of its filters' output */
            x = tfu_maxpool(b, "maxpool", x,
                            (struct tfu_pool_attrs){.kernel = 3, .stride = 2, .pad = 1});
        x = build_block(b, c, &s, x, block);
    }
    b->features(b, tfu_global_avgpool(b, "avgpool", x), "fc");
    return scale_end(b, &s, stages);
}

static const struct tfu_arch_ops ops = {.struct_size = sizeof ops, .build = build};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_ARCH),
    .name = "resnet50",
    .version = "1.0",
    .summary = "ResNet-50 as torchvision has it (v1.5), slim and wide variants",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
