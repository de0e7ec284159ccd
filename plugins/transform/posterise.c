/* SPDX-License-Identifier: MIT
 *
 * Leaves so many bits of the 8 of each number, as PIL's ImageOps.posterize() does.
 */
#include "pixels.h"
#include "take.h"

struct config {
    int64_t bits;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, bits, 4, 1, 8, "highest bits of each number that are left"),
};

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    const int step = 1 << (8 - c->bits);
    enum tfu_status st;
    struct tfu_tensor *image = pixel_floats(x, h, &st);
    float *pixel = image ? image->data : NULL;
    for (int64_t i = 0; image && i < tfu_shape_count(&image->shape); i++) {
        const int level = (int)(pixel_cut((double)pixel[i]) * 255 + 0.5);
        pixel[i] = (float)(level / step * step) / 255.0f;
    }
    return st;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .create = create_options,
    .destroy = leave_options,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "posterise",
    .version = "1.0",
    .summary = "leaves fewer levels of each number",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
