/* SPDX-License-Identifier: MIT
 *
 * Moves hues by chance in the circle of HSV, as torchvision's adjust_hue(). Gray images stay.
 */
#include "colour_step.h"

static const struct tfu_option options[] = {
    {.name = "turns",
     .help = "least and largest part of the circle of hues that they are moved by; "
             "empty: -0.02 to 0.02",
     .type = TFU_FLOAT_LIST,
     .offset = offsetof(struct colour_step, amount),
     .fmin = -0.5,
     .fmax = 0.5},
    OPT_P(struct colour_step),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    return colour_step_create(self, config, "turns", h);
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    return colour_step_run(self, (struct range){-0.02, 0.02}, colour_hue, x, h);
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
    .name = "hue",
    .version = "1.0",
    .summary = "moves the hues of colours by chance",
    TFU_OPTIONS(options, struct colour_step),
    .ops_size = sizeof ops,
    .ops = &ops,
};
