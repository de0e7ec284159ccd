/* SPDX-License-Identifier: MIT
 *
 * Hides rectangles of images at places drawn by chance (DeVries and Taylor, "Improved
 * regularization of convolutional neural networks with cutout", 2017). They may reach beyond the
 * image. Masks, boxes and points stay.
 */
#include <string.h>

#include "draw.h"
#include "place.h"
#include "take.h"

struct config {
    struct tfu_float_list size, fill;
    int64_t holes;
    double p;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT_LIST(struct config, size, 0, 1,
                       "height and width of a hole, as shares of the image's; empty: [0.25, 0.25]"),
    TFU_OPT_INT(struct config, holes, 1, 1, 64, "number of holes"),
    OPT_P(struct config),
    TFU_OPT_FLOAT_LIST(struct config, fill, 0, 1,
                       "colour of the holes from 0 to 1: one number, or one a channel; empty: 0"),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    const enum tfu_status st =
        c->size.count ? check_two("size", "[height, width]", c->size.count, h) : TFU_OK;
    return st == TFU_OK ? take_options(self, config) : st;
}

static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    const struct config *c = self;
    *out = *in;
    return check_fill(&c->fill, in->dim[2], h);
}

static void hide(struct tfu_tensor *image, const struct tfu_float_list *fill, const int64_t y[2],
                 const int64_t x[2])
{
    const int64_t width = image->shape.dim[1], channels = image->shape.dim[2];
    const size_t number = tfu_dtype_size(image->dtype);
    for (int64_t i = y[0]; i < y[1]; i++)
        for (int64_t j = x[0]; j < x[1]; j++)
            for (int64_t c = 0; c < channels; c++)
                fill_pixel(fill, image, c,
                           (char *)image->data + (size_t)((i * width + j) * channels + c) * number);
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct draw d = draw_begin(h);
    int64_t height, width;
    enum tfu_status st = image_size(x, h, &height, &width);
    if (st != TFU_OK || !draw_happens(&d, h, c->p))
        return st;
    struct tfu_tensor *image = tfu_example_find(x, TFU_FIELD_IMAGE);
    st = check_image_fill(&c->fill, image->shape.dim[2], h);
    for (int64_t i = 0; st == TFU_OK && i < c->holes; i++) {
        int64_t rows[2], columns[2];
        draw_span(&d, height, c->size.count ? c->size.item[0] : 0.25, rows);
        draw_span(&d, width, c->size.count ? c->size.item[1] : 0.25, columns);
        hide(image, &c->fill, rows, columns);
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
    .name = "cutout",
    .version = "1.0",
    .summary = "hides rectangles of images at places drawn by chance",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
