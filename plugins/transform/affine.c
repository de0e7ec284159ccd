/* SPDX-License-Identifier: MIT
 *
 * Rotates, scales, shears and moves images by chance, within their frame, as torchvision's
 * RandomAffine does.
 */
#include "draw.h"
#include "matrix.h"

struct config {
    struct tfu_float_list degrees, scale, shift_y, shift_x, shear_y, shear_x, fill;
    double p;
    int32_t filter;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT_LIST(struct config, degrees, -360, 360,
                       "least and largest angle in degrees, clockwise; empty: -10 to 10"),
    TFU_OPT_FLOAT_LIST(struct config, scale, 0.01, 100,
                       "least and largest factor by which the image grows; empty: 1"),
    TFU_OPT_FLOAT_LIST(
        struct config, shift_y, -1, 1,
        "least and largest way down, as a share of the image's height; empty: -0.05 to 0.05"),
    TFU_OPT_FLOAT_LIST(
        struct config, shift_x, -1, 1,
        "least and largest way to the right, as a share of the width; empty: -0.05 to 0.05"),
    TFU_OPT_FLOAT_LIST(struct config, shear_y, -80, 80,
                       "least and largest angle of shear in y in degrees; empty: 0"),
    TFU_OPT_FLOAT_LIST(struct config, shear_x, -80, 80,
                       "least and largest angle of shear in x in degrees; empty: 0"),
    OPT_P(struct config),
    OPT_WARP_FILTER(struct config),
    OPT_FILL(struct config),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    const struct {
        const char *key;
        const struct tfu_float_list *list;
    } range[] = {{"degrees", &c->degrees}, {"scale", &c->scale},     {"shift_y", &c->shift_y},
                 {"shift_x", &c->shift_x}, {"shear_y", &c->shear_y}, {"shear_x", &c->shear_x}};
    enum tfu_status st = TFU_OK;
    *self = NULL;
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(range); i++)
        st = check_range(range[i].key, range[i].list, h);
    return st == TFU_OK ? take_options(self, config) : st;
}

static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    const struct config *c = self;
    *out = *in;
    return check_fill(&c->fill, in->dim[2], h);
}

/* What is made larger needs so much more. */
static void wanted(const void *self, int64_t size[2])
{
    const struct config *c = self;
    const double most = range_of(&c->scale, 1, 1).high;
    for (int k = 0; most > 1 && k < 2; k++)
        size[k] = (int64_t)ceil((double)size[k] * most);
}

static double draw_of(struct draw *d, const struct tfu_float_list *list, double low, double high)
{
    const struct range r = range_of(list, low, high);
    return draw_between(d, r.low, r.high);
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct draw d = draw_begin(h);
    int64_t height, width;
    const enum tfu_status st = image_size(x, h, &height, &width);
    if (st != TFU_OK || !draw_happens(&d, h, c->p))
        return st;
    struct matrix_of o = {.degrees = draw_of(&d, &c->degrees, -10, 10)};
    o.scale = draw_of(&d, &c->scale, 1, 1);
    o.shift_y = draw_of(&d, &c->shift_y, -0.05, 0.05) * (double)height;
    o.shift_x = draw_of(&d, &c->shift_x, -0.05, 0.05) * (double)width;
    o.shear_y = draw_of(&d, &c->shear_y, 0, 0);
    o.shear_x = draw_of(&d, &c->shear_x, 0, 0);
    const struct matrix m = matrix_make(&o, height, width);
    return warp_example(&(struct warp){matrix_back, matrix_forward, &m, c->filter, &c->fill}, x, h);
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM | TFU_TRANSFORM_GEOMETRIC,
    .create = create,
    .destroy = leave_options,
    .shape = shape,
    .wanted = wanted,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "affine",
    .version = "1.0",
    .summary = "rotates, scales, shears and moves images by chance, within their frame",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
