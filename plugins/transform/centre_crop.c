/* SPDX-License-Identifier: MIT
 *
 * The piece in the middle of the image, as torchvision's CenterCrop has it; with `pad` also of
 * images that are smaller.
 */
#include <math.h>

#include "piece.h"

struct config {
    struct tfu_int_list size;
    int32_t pad;
    struct tfu_float_list fill;
};

static const struct tfu_option options[] = {
    {.name = "size",
     .help = "height and width in pixels of what comes out",
     .type = TFU_INT_LIST,
     .flags = TFU_OPT_REQUIRED,
     .offset = offsetof(struct config, size),
     .imin = 1,
     .imax = 65536},
    TFU_OPT_BOOL(struct config, pad, 0,
                 "put pixels around an image that is smaller; else it is refused"),
    TFU_OPT_FLOAT_LIST(struct config, fill, 0, 1,
                       "with `pad`: colour from 0 to 1 of what surrounds the image: one number, or "
                       "one a channel; empty: 0"),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    if (c->fill.count && !c->pad)
        return h->fail(h, TFU_EINVAL,
                       "fill is the colour around images that are padded; set `pad: true` as well, "
                       "or remove `fill`");
    const enum tfu_status st = check_two("size", "[height, width]", c->size.count, h);
    return st == TFU_OK ? take_options(self, config) : st;
}

#define TOO_SMALL                                                                                  \
    "a piece of %lldx%lld is larger than the image of %lldx%lld; put a `resize` in front, or set " \
    "`pad: true`"

/* A length of 0 is not known. */
static int is_too_small(const struct config *c, int64_t height, int64_t width)
{
    return !c->pad && ((height && height < c->size.item[0]) || (width && width < c->size.item[1]));
}

static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    const struct config *c = self;
    const enum tfu_status st = check_fill(&c->fill, in->dim[2], h);
    if (st != TFU_OK)
        return st;
    if (in->dim[0] && in->dim[1] && is_too_small(c, in->dim[0], in->dim[1]))
        return h->fail(h, TFU_ESHAPE, TOO_SMALL, (long long)c->size.item[0],
                       (long long)c->size.item[1], (long long)in->dim[0], (long long)in->dim[1]);
    *out = *in;
    out->dim[0] = c->size.item[0];
    out->dim[1] = c->size.item[1];
    return TFU_OK;
}

/* As torchvision has it where the middle is between two: rounded to the even one, and of padding
 * the pixel more is behind. */
static int64_t before(int64_t side, int64_t of)
{
    return of < side ? -((side - of) / 2) : (int64_t)rint((double)(of - side) / 2);
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    int64_t height, width;
    enum tfu_status st = image_size(x, h, &height, &width);
    if (st == TFU_OK)
        st = check_image_fill(&c->fill, tfu_example_find(x, TFU_FIELD_IMAGE)->shape.dim[2], h);
    if (st != TFU_OK)
        return st;
    const int64_t *size = c->size.item;
    if (is_too_small(c, height, width))
        return h->fail(h, TFU_ESHAPE, TOO_SMALL, (long long)size[0], (long long)size[1],
                       (long long)height, (long long)width);
    return piece_cut(
        x, &(struct piece){before(size[0], height), before(size[1], width), size[0], size[1]},
        &c->fill, h);
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_GEOMETRIC,
    .create = create,
    .destroy = leave_options,
    .shape = shape,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "centre_crop",
    .version = "1.0",
    .summary = "the piece in the middle of the image",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
