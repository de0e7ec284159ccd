/* SPDX-License-Identifier: MIT
 *
 * Repeats the one channel of gray images; images that have so many channels already stay.
 */
#include <string.h>

#include "take.h"

struct config {
    int64_t channels;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, channels, 3, 1, 1024, "channels that come out"),
};

#define CANNOT                                                                                     \
    "channels: %lld, but the images have %lld; only a gray image can be repeated: put `gray` in "  \
    "front"

static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    const struct config *c = self;
    if (in->dim[2] > 1 && in->dim[2] != c->channels)
        return h->fail(h, TFU_ESHAPE, CANNOT, (long long)c->channels, (long long)in->dim[2]);
    *out = *in;
    out->dim[2] = c->channels;
    return TFU_OK;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct tfu_tensor *image = tfu_example_find(x, TFU_FIELD_IMAGE);
    if (!image)
        return h->fail(h, TFU_EINVAL, "the example has no image; the dataset is to add one");
    const int64_t *dim = image->shape.dim, pixels = dim[0] * dim[1];
    const size_t number = tfu_dtype_size(image->dtype);
    if (dim[2] == c->channels)
        return TFU_OK;
    if (dim[2] != 1)
        return h->fail(h, TFU_ESHAPE, CANNOT, (long long)c->channels, (long long)dim[2]);
    const char *from = image->data;
    char *to = h->alloc(h, (size_t)(pixels * c->channels) * number);
    if (!to)
        return TFU_ENOMEM;
    for (int64_t i = 0; i < pixels * c->channels; i++)
        memcpy(to + (size_t)i * number, from + (size_t)(i / c->channels) * number, number);
    image->data = to;
    image->shape.dim[2] = c->channels;
    return TFU_OK;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .create = create_options,
    .destroy = leave_options,
    .shape = shape,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "repeat",
    .version = "1.0",
    .summary = "repeats the channel of gray images",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
