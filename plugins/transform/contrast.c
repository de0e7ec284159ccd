/* SPDX-License-Identifier: MIT
 *
 * Changes contrast by chance: numbers away from, or closer to, the mean gray of the image, as
 * torchvision's adjust_contrast().
 */
#include "colour_step.h"

static const struct tfu_option options[] = {
    {.name = "factor",
     .help = "least and largest factor; 1 leaves the image as it is; empty: 0.8 to 1.2",
     .type = TFU_FLOAT_LIST,
     .offset = offsetof(struct colour_step, amount),
     .fmin = 0,
     .fmax = 100},
    OPT_P(struct colour_step),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    return colour_step_create(self, config, "factor", h);
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    return colour_step_run(self, (struct range){0.8, 1.2}, colour_contrast, x, h);
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM,
    .create = create,
    .destroy = leave_options,
    .shape = colour_step_shape,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "contrast",
    .version = "1.0",
    .summary = "changes contrast by chance",
    TFU_OPTIONS(options, struct colour_step),
    .ops_size = sizeof ops,
    .ops = &ops,
};
