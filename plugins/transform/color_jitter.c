/* SPDX-License-Identifier: MIT
 *
 * Brightness, contrast, saturation and hue changed by chance, in an order drawn by chance, as
 * torchvision's ColorJitter does.
 */
#include "colour.h"
#include "draw.h"
#include "take.h"

enum { KINDS = 4 };

struct config {
    struct tfu_float_list brightness, contrast, saturation, hue;
    double p;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT_LIST(struct config, brightness, 0, 100,
                       "least and largest factor of the brightness; empty: 0.8 to 1.2"),
    TFU_OPT_FLOAT_LIST(struct config, contrast, 0, 100,
                       "least and largest factor of the contrast; empty: 0.8 to 1.2"),
    TFU_OPT_FLOAT_LIST(struct config, saturation, 0, 100,
                       "least and largest factor of the saturation; empty: 0.8 to 1.2"),
    TFU_OPT_FLOAT_LIST(
        struct config, hue, -0.5, 0.5,
        "least and largest part of the circle of hues that they are moved by; empty: "
        "-0.02 to 0.02"),
    OPT_P(struct config),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    enum tfu_status st = check_range("brightness", &c->brightness, h);
    if (st == TFU_OK)
        st = check_range("contrast", &c->contrast, h);
    if (st == TFU_OK)
        st = check_range("saturation", &c->saturation, h);
    if (st == TFU_OK)
        st = check_range("hue", &c->hue, h);
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
    static void (*const adjust[KINDS])(const struct colour_image *, double) = {
        colour_brightness, colour_contrast, colour_saturation, colour_hue};
    const struct config *c = self;
    const struct range range[KINDS] = {
        range_of(&c->brightness, 0.8, 1.2), range_of(&c->contrast, 0.8, 1.2),
        range_of(&c->saturation, 0.8, 1.2), range_of(&c->hue, -0.02, 0.02)};
    struct draw d = draw_begin(h);
    struct colour_image m;
    if (!draw_happens(&d, h, c->p))
        return TFU_OK;
    const enum tfu_status st = colour_begin(x, &m, h);
    int order[KINDS] = {0, 1, 2, 3};
    for (int left = KINDS; st == TFU_OK && left > 0; left--) {
        const int64_t at = draw_below(&d, left);
        const int kind = order[at];
        order[at] = order[left - 1];
        adjust[kind](&m, draw_between(&d, range[kind].low, range[kind].high));
    }
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
    .name = "color_jitter",
    .version = "1.0",
    .summary = "changes brightness, contrast, saturation and hue by chance, in any order",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
