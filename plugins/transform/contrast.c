/* SPDX-License-Identifier: MIT
 *
 * Changes contrast by chance: numbers away from, or closer to, the mean gray of the image, as
 * torchvision's adjust_contrast().
 */
#include "colour.h"
#include "draw.h"
#include "take.h"

struct config {
    struct tfu_float_list factor;
    double p;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT_LIST(struct config, factor, 0, 100,
                       "least and largest factor; 1 leaves the image as it is; empty: 0.8 to 1.2"),
    OPT_P(struct config),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    const enum tfu_status st = check_range("factor", &c->factor, h);
    return st == TFU_OK ? take_options(self, config) : st;
}

static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    (void)self;
    *out = *in;
    return colour_check(in->dim[2], h);
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct draw d = draw_begin(h);
    struct colour_image m;
    if (!draw_happens(&d, h, c->p))
        return TFU_OK;
    const enum tfu_status st = colour_begin(x, &m, h);
    const struct range r = range_of(&c->factor, 0.8, 1.2);
    if (st == TFU_OK)
        colour_contrast(&m, draw_between(&d, r.low, r.high));
    return st;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM,
    .create = create,
    .destroy = leave_options,
    .shape = shape,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "contrast",
    .version = "1.0",
    .summary = "changes contrast by chance",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
