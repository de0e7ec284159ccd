/* SPDX-License-Identifier: MIT
 *
 * Moves hues by chance in the circle of HSV, as torchvision's adjust_hue(). Gray images stay.
 */
#include "colour.h"
#include "draw.h"
#include "take.h"

struct config {
    struct tfu_float_list turns;
    double p;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT_LIST(struct config, turns, -0.5, 0.5,
                       "least and largest part of the circle of hues that they are moved by; "
                       "empty: -0.02 to 0.02"),
    OPT_P(struct config),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    const enum tfu_status st = check_range("turns", &c->turns, h);
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
    const struct range r = range_of(&c->turns, -0.02, 0.02);
    if (st == TFU_OK)
        colour_hue(&m, draw_between(&d, r.low, r.high));
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
    .name = "hue",
    .version = "1.0",
    .summary = "moves the hues of colours by chance",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
