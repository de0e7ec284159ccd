/* SPDX-License-Identifier: MIT */
#include "cbr.h"

static const struct tfu_option options[] = {
    CBR_OPTIONS(struct cbr_config),
};

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    static const struct cbr_network network = {
        .kernel = 7, .blocks = 5, .width = {32, 64, 128, 256, 512}, .last_pool = 0};
    return cbr_build(b, &network, config);
}

static const struct tfu_arch_ops ops = {.struct_size = sizeof ops, .build = build};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_ARCH),
    .name = "cbr_larget",
    .version = "1.0",
    .summary = "CBR-LargeT (tall): 7x7, five blocks of 32 to 512 channels, 8.5 million parameters",
    TFU_OPTIONS(options, struct cbr_config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
