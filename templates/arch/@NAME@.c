/* SPDX-License-Identifier: MIT
 *
 * @NAME@.c - a few equal blocks of convolution, batch normalisation and ReLU, each of half the size
 * and twice the channels of the one before it; then the mean over the image.
 */
#include <transfuse/ops.h>

enum { MAX_BLOCKS = 4 };

struct config {
    int64_t width, blocks;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, width, 16, 4, 64, "channels of the first block"),
    TFU_OPT_INT(struct config, blocks, 3, 1, MAX_BLOCKS, "number of blocks"),
};

/* Padding keeps the size, the stride then halves it (upwards): images of any size fit. */
static tfu_value block(struct tfu_builder *b, tfu_value x, int64_t width, int64_t stride)
{
    x = tfu_conv2d(
        b, "conv", x,
        (struct tfu_conv2d_attrs){.out = width, .kernel = 3, .stride = stride, .pad = 1});
    x = tfu_batchnorm(b, "bn", x, (struct tfu_batchnorm_attrs){0});
    return tfu_relu(b, "relu", x);
}

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    static const char *const name[MAX_BLOCKS] = {"block1", "block2", "block3", "block4"};
    const struct config *c = config;
    tfu_value x = b->input(b, "image");
    for (int64_t i = 0; i < c->blocks; i++) {
        b->stage(b, name[i]);
        b->scope_push(b, "%s", name[i]);
        x = block(b, x, c->width << i, i ? 2 : 1);
        b->scope_pop(b);
    }
    b->features(b, tfu_global_avgpool(b, "avgpool", x), "fc");
    return b->status(b);
}

static const struct tfu_arch_ops ops = {.struct_size = sizeof ops, .build = build};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_ARCH),
    .name = "@NAME@",
    .version = "0.1",
    .summary = "blocks of convolution, batch normalisation and ReLU",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
