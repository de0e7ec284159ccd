/* SPDX-License-Identifier: MIT
 *
 * An architecture: blocks of convolution, batch normalisation and ReLU. Each block has twice the
 * channels of the one before and half its height and width; the mean over the image ends it.
 */
#include <transfuse/ops.h>

struct config {
    int64_t width, blocks, kernel;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, width, 16, 1, 128, "channels of the first block"),
    TFU_OPT_INT(struct config, blocks, 3, 1, 5, "number of blocks, each half the size"),
    TFU_OPT_INT(struct config, kernel, 3, 1, 7, "side of the convolutions; odd"),
};

static tfu_value block(struct tfu_builder *b, tfu_value x, int64_t width, int64_t kernel, int last)
{
    x = tfu_conv2d(b, "conv", x,
                   (struct tfu_conv2d_attrs){.out = width, .kernel = kernel, .pad = kernel / 2});
    x = tfu_batchnorm(b, "bn", x, (struct tfu_batchnorm_attrs){0});
    x = b->op(b, "frozen_layer", "act", &x, 1, NULL, 0, 0);
    if (!last)
        x = tfu_maxpool(b, "pool", x, (struct tfu_pool_attrs){.kernel = 2});
    return x;
}

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    const struct config *c = config;
    if (c->kernel % 2 == 0)
        return b->fail(b, TFU_EINVAL,
                       "kernel %lld is even, and cannot keep the size of an image; use an odd one",
                       (long long)c->kernel);
    tfu_value x = b->input(b, "image");
    for (int64_t i = 0; i < c->blocks; i++) {
        static const char *const name[] = {"block1", "block2", "block3", "block4", "block5"};
        b->stage(b, name[i]);
        b->scope_push(b, "%s", name[i]);
        x = block(b, x, c->width << i, c->kernel, i + 1 == c->blocks);
        b->scope_pop(b);
    }
    b->features(b, tfu_global_avgpool(b, "avgpool", x), "fc");
    return b->status(b);
}

static const struct tfu_arch_ops ops = {.struct_size = sizeof ops, .build = build};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_ARCH),
    .name = "frozen_arch",
    .version = "0.1",
    .summary = "blocks of convolution, batch normalisation and ReLU",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
