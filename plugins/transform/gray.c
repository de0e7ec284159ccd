/* SPDX-License-Identifier: MIT
 *
 * Gray images of coloured ones by ITU-R 601, as PIL's convert("L") and torchvision's
 * rgb_to_grayscale() make them.
 */
#include "colour.h"
#include "take.h"

struct config {
    int64_t channels;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, channels, 1, 1, 3,
                "channels that come out: 1, or 3 of the same numbers"),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    if (c->channels == 2)
        return h->fail(h, TFU_EINVAL, "channels: 2 is neither gray nor colour; set 1 or 3");
    return take_options(self, config);
}

static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    const struct config *c = self;
    *out = *in;
    out->dim[2] = c->channels;
    return colour_check(in->dim[2], h);
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct colour_image m;
    const enum tfu_status st = colour_begin(x, &m, h);
    if (st != TFU_OK)
        return st;
    float *to = h->alloc(h, (size_t)(m.pixels * c->channels) * sizeof *to);
    if (!to)
        return TFU_ENOMEM;
    for (int64_t i = 0; i < m.pixels * c->channels; i++)
        to[i] = (float)colour_gray(&m, i / c->channels);
    struct tfu_tensor *image = tfu_example_find(x, TFU_FIELD_IMAGE);
    image->data = to;
    image->shape.dim[2] = c->channels;
    return TFU_OK;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .create = create,
    .destroy = leave_options,
    .shape = shape,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "gray",
    .version = "1.0",
    .summary = "gray images of coloured ones",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
