/* SPDX-License-Identifier: MIT
 *
 * An architecture of one convolution, with the flaw that -DFLAW= names.
 */
#include <stdlib.h>

#include <transfuse/ops.h>

enum flaw {
    none,
    crashes,
    hangs,
    ends,
    fails_silently,
    differs_between_builds,
    writes_options,
    forgets_features,
    crashes_at_the_widest,
    ignores_its_images
};

struct config {
    int64_t width;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, width, 4, 1, 64, "channels"),
};

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    static int64_t builds;
    const struct config *c = config;
    volatile int forever = FLAW == hangs;
    while (forever)
        ;
    if (FLAW == crashes || (FLAW == crashes_at_the_widest && c->width == 64))
        abort();
    if (FLAW == ends)
        exit(3);
    if (FLAW == fails_silently)
        return TFU_EINVAL;
    if (FLAW == writes_options)
        *(int64_t *)(size_t)c = c->width + 1;
    builds++;
    tfu_value x = b->input(b, "image");
    b->stage(b, "block1");
    const int64_t width = FLAW == differs_between_builds ? c->width + builds
                          : FLAW == ignores_its_images   ? 1
                                                         : c->width;
    x = tfu_conv2d(b, "conv", x, (struct tfu_conv2d_attrs){.out = width, .kernel = 3, .pad = 1});
    x = FLAW == ignores_its_images ? tfu_softmax(b, "one", x) : tfu_relu(b, "relu", x);
    x = tfu_global_avgpool(b, "pool", x);
    if (FLAW != forgets_features)
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
