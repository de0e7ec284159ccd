/* SPDX-License-Identifier: MIT
 *
 * An architecture of one convolution, with the flaw that -DFLAW= names.
 */
#include <transfuse/ops.h>

enum flaw { none, writes_options, ignores_its_images };

struct config {
    int64_t width;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, width, 4, 1, 64, "channels"),
};

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    const struct config *c = config;
    if (FLAW == writes_options)
        *(int64_t *)(size_t)c = c->width + 1;
    tfu_value x = b->input(b, "image");
    b->stage(b, "block1");
    const int64_t width = FLAW == ignores_its_images ? 1 : c->width;
    x = tfu_conv2d(b, "conv", x, (struct tfu_conv2d_attrs){.out = width, .kernel = 3, .pad = 1});
    x = FLAW == ignores_its_images ? tfu_softmax(b, "one", x) : tfu_relu(b, "relu", x);
    x = tfu_global_avgpool(b, "pool", x);
    b->features(b, x, "fc");
    return b->status(b);
}

static const struct tfu_arch_ops ops = {.struct_size = sizeof ops, .build = build};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_ARCH),
    .name = "flawed",
    .version = "1.0",
    .summary = "an architecture for tests",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
