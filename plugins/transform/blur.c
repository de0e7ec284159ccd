/* SPDX-License-Identifier: MIT
 *
 * Blurs images by a Gaussian whose width is drawn by chance, as torchvision's GaussianBlur does.
 */
#include "blur.h"
#include "draw.h"
#include "pixels.h"
#include "take.h"

struct config {
    struct tfu_float_list sigma;
    double p;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT_LIST(struct config, sigma, 0.01, 1000,
                       "least and largest standard deviation in pixels; empty: 0.1 to 2"),
    OPT_P(struct config),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    const enum tfu_status st = check_range("sigma", &c->sigma, h);
    return st == TFU_OK ? take_options(self, config) : st;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct draw d = draw_begin(h);
    if (!draw_happens(&d, h, c->p))
        return TFU_OK;
    const struct range r = range_of(&c->sigma, 0.1, 2);
    return blur_image(x, draw_between(&d, r.low, r.high), h);
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM,
    .create = create,
    .destroy = leave_options,
    .wanted = want_all,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "blur",
    .version = "1.0",
    .summary = "blurs images by a Gaussian",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
