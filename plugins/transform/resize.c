/* SPDX-License-Identifier: MIT
 *
 * Another size for images: bilinear with antialiasing, as PIL and torchvision have it; for masks
 * the nearest pixel. To a height and a width, or to a length of the shorter side.
 */
#include <stdlib.h>

#include "place.h"

struct config {
    struct tfu_int_list size;
    int64_t short_side;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT_LIST(
        struct config, size, 1, 65536,
        "height and width in pixels that images are resized to; give either this or `short_side`"),
    TFU_OPT_INT(struct config, short_side, 0, 0, 65536,
                "length in pixels that the shorter side gets, the longer one in proportion; 0: "
                "`size` says both"),
};

struct resize {
    int64_t height, width; /* 0: by the shorter side, for each image */
    int64_t short_side;
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    if (!c->size.count && !c->short_side)
        return h->fail(h, TFU_EINVAL, "size is missing; set it to [height, width]");
    if (c->size.count && c->short_side)
        return h->fail(h, TFU_EINVAL, "set size or short_side, not both");
    if (c->size.count && c->size.count != 2)
        return h->fail(h, TFU_EINVAL, "size: expected two numbers, [height, width], got %llu",
                       (unsigned long long)c->size.count);
    struct resize *r = calloc(1, sizeof *r);
    if (!r)
        return h->fail(h, TFU_ENOMEM, "out of memory for the transform resize");
    r->short_side = c->short_side;
    if (c->size.count) {
        r->height = c->size.item[0];
        r->width = c->size.item[1];
    }
    *self = r;
    return TFU_OK;
}

/* The longer side of an image, in proportion to the shorter one's `n`; rounded down, as in
 * torchvision. */
static int64_t in_proportion(int64_t n, int64_t longer, int64_t shorter)
{
    return (int64_t)((double)n * (double)longer / (double)shorter);
}

static void by_short_side(int64_t n, int64_t height, int64_t width, int64_t out[2])
{
    out[0] = height > width ? in_proportion(n, height, width) : n;
    out[1] = height > width ? n : in_proportion(n, width, height);
}

/* Where all images are of one size, so are all that come out, even when a decoder gives smaller
 * ones whose sides are not quite in that proportion. */
static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    struct resize *r = self;
    (void)h;
    if (!r->height && in->dim[0] && in->dim[1]) {
        int64_t size[2];
        by_short_side(r->short_side, in->dim[0], in->dim[1], size);
        r->height = size[0];
        r->width = size[1];
    }
    *out = *in;
    out->dim[0] = r->height;
    out->dim[1] = r->width;
    return TFU_OK;
}

static void wanted(const void *self, int64_t size[2])
{
    const struct resize *r = self;
    size[0] = r->height ? r->height : r->short_side;
    size[1] = r->width ? r->width : r->short_side;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct resize *r = self;
    int64_t height, width, to[2] = {r->height, r->width};
    enum tfu_status st = image_size(x, h, &height, &width);
    if (st == TFU_OK && !to[0])
        by_short_side(r->short_side, height, width, to);
    for (uint32_t i = 0; st == TFU_OK && i < x->field_count; i++)
        if (has_pixels(x->field[i]))
            st = h->resize(h, x->field[i]->t, to[0], to[1],
                           x->field[i]->kind == TFU_FIELD_MASK ? TFU_FILTER_NEAREST
                                                               : TFU_FILTER_BILINEAR);
    if (st == TFU_OK)
        place_apply(x, &(struct place_move){.scale = {(double)to[0] / (double)height,
                                                      (double)to[1] / (double)width}});
    return st;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_GEOMETRIC,
    .create = create,
    .destroy = free,
    .shape = shape,
    .wanted = wanted,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "resize",
    .version = "1.0",
    .summary = "another size for images, bilinear with antialiasing; for masks the nearest pixel",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
