/* SPDX-License-Identifier: MIT
 *
 * Rotates images about their middle by an angle drawn by chance, within their frame.
 */
#include "draw.h"
#include "matrix.h"

struct config {
    struct tfu_float_list degrees, fill;
    double p;
    int32_t filter;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT_LIST(struct config, degrees, -360, 360,
                       "least and largest angle in degrees, counter-clockwise; empty: -10 to 10"),
    OPT_P(struct config),
    OPT_WARP_FILTER(struct config),
    OPT_FILL(struct config),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    const enum tfu_status st = check_range("degrees", &c->degrees, h);
    return st == TFU_OK ? take_options(self, config) : st;
}

static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    const struct config *c = self;
    *out = *in;
    return check_fill(&c->fill, in->dim[2], h);
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct draw d = draw_begin(h);
    int64_t height, width;
    const enum tfu_status st = image_size(x, h, &height, &width);
    if (st != TFU_OK || !draw_happens(&d, h, c->p))
        return st;
    const struct range degrees = range_of(&c->degrees, -10, 10);
    const double angle = draw_between(&d, degrees.low, degrees.high);
    const struct matrix m =
        matrix_make(&(struct matrix_of){.degrees = -angle, .scale = 1}, height, width);
    return warp_example(&(struct warp){matrix_back, matrix_forward, &m, c->filter, &c->fill}, x, h);
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM | TFU_TRANSFORM_GEOMETRIC,
    .create = create,
    .destroy = leave_options,
    .shape = shape,
    .wanted = want_same,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "rotate",
    .version = "1.0",
    .summary = "rotates images by chance, within their frame",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
