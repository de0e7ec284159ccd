/* SPDX-License-Identifier: MIT
 *
 * Takes fine detail away from all images, in evaluation too: a Gaussian of a fixed width.
 */
#include "blur.h"
#include "pixels.h"
#include "take.h"

struct config {
    double sigma;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, sigma, 2, 0.01, 1000, "standard deviation in pixels"),
};

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    return blur_image(x, c->sigma, h);
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .create = create_options,
    .destroy = leave_options,
    .wanted = want_all,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "low_pass",
    .version = "1.0",
    .summary = "takes fine detail away from all images",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
