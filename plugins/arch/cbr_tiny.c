/* SPDX-License-Identifier: MIT
 *
 * The paper describes CBR-Tiny with 64 to 512 channels, but the number of parameters that it prints
 * is that of 32 to 256: both are offered.
 */
#include "cbr.h"

enum variant { VARIANT_PARAMS, VARIANT_TEXT };
static const char *const variants[] = {"params", "text", NULL};

struct config {
    struct cbr_config cbr; /* first: the family's options lie in it */
    int32_t variant;       /* enum variant */
};

static const struct tfu_option options[] = {
    CBR_OPTIONS(struct cbr_config),
    TFU_OPT_ENUM(struct config, variant, "params", variants,
                 "params: 32 to 256 channels, the published count; text: 64 to 512, as described"),
};

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    static const struct cbr_network network[] = {
        [VARIANT_PARAMS] = {.kernel = 5, .blocks = 4, .width = {32, 64, 128, 256}, .last_pool = 1},
        [VARIANT_TEXT] = {.kernel = 5, .blocks = 4, .width = {64, 128, 256, 512}, .last_pool = 1},
    };
    const struct config *c = config;
    return cbr_build(b, &network[c->variant], &c->cbr);
}

static const struct tfu_arch_ops ops = {.struct_size = sizeof ops, .build = build};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_ARCH),
    .name = "cbr_tiny",
    .version = "1.0",
    .summary = "CBR-Tiny: 5x5, four blocks of 32 to 256 (or 64 to 512) channels",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
