/* SPDX-License-Identifier: MIT
 *
 * Another size for images, with antialiasing, as PIL and torchvision have it; for masks the nearest
 * pixel. To a height and a width, to a length of the shorter or the longer side, or in proportion
 * into a frame.
 */
#include <stdlib.h>

#include "filter.h"
#include "piece.h"

struct config {
    struct tfu_int_list size;
    int64_t short_side, long_side;
    int32_t filter, pad;
    struct tfu_float_list fill;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT_LIST(
        struct config, size, 1, 65536,
        "height and width in pixels that images are resized to; give either this or `short_side` "
        "or `long_side`"),
    TFU_OPT_INT(struct config, short_side, 0, 0, 65536,
                "length in pixels that the shorter side gets, the longer one in proportion; 0: "
                "`size` says both"),
    TFU_OPT_INT(struct config, long_side, 0, 0, 65536,
                "length in pixels that the longer side gets, the shorter one in proportion; 0: "
                "`size` says both"),
    TFU_OPT_ENUM(struct config, filter, "bilinear", filter_choices,
                 "bilinear or bicubic, both with antialiasing"),
    TFU_OPT_BOOL(struct config, pad, 0,
                 "with `size`: keep the proportions, and put the image into the middle of that "
                 "frame"),
    TFU_OPT_FLOAT_LIST(struct config, fill, 0, 1,
                       "with `pad`: colour from 0 to 1 of what surrounds the image: one number, or "
                       "one a channel; empty: 0"),
};

struct resize {
    const struct config *config;
    int64_t height, width; /* of all that come out; 0: each image's own */
};

static enum tfu_status check(const struct config *c, struct tfu_transform_host *h)
{
    if (!c->size.count && !c->short_side && !c->long_side)
        return h->fail(h, TFU_EINVAL, "size is missing; set it to [height, width]");
    if (c->size.count && (c->short_side || c->long_side))
        return h->fail(h, TFU_EINVAL, "set size or %s, not both",
                       c->short_side ? "short_side" : "long_side");
    if (c->short_side && c->long_side)
        return h->fail(h, TFU_EINVAL, "set short_side or long_side, not both");
    if (c->size.count && c->size.count != 2)
        return h->fail(h, TFU_EINVAL, "size: expected two numbers, [height, width], got %llu",
                       (unsigned long long)c->size.count);
    if (c->pad && !c->size.count)
        return h->fail(h, TFU_EINVAL, "pad is for a frame; set `size` as well, or remove `pad`");
    if (c->fill.count && !c->pad)
        return h->fail(h, TFU_EINVAL,
                       "fill is the colour around images that are padded; set `pad: true` as well, "
                       "or remove `fill`");
    return TFU_OK;
}

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    const enum tfu_status st = check(c, h);
    if (st != TFU_OK)
        return st;
    struct resize *r = calloc(1, sizeof *r);
    if (!r)
        return h->fail(h, TFU_ENOMEM, "out of memory for the transform resize");
    r->config = c;
    if (c->size.count) {
        r->height = c->size.item[0];
        r->width = c->size.item[1];
    }
    *self = r;
    return TFU_OK;
}

/* A side in proportion to the other one, which gets `n` for its `of`; rounded down, as in
 * torchvision. */
static int64_t in_proportion(int64_t n, int64_t side, int64_t of)
{
    const int64_t length = (int64_t)((double)n * (double)side / (double)of);
    return length > 1 ? length : 1;
}

static void by_side(const struct config *c, int64_t height, int64_t width, int64_t out[2])
{
    const int64_t n = c->short_side ? c->short_side : c->long_side;
    const int by_width = c->short_side ? height > width : height < width;
    out[0] = by_width ? in_proportion(n, height, width) : n;
    out[1] = by_width ? n : in_proportion(n, width, height);
}

static int64_t rounded(int64_t side, int64_t by, int64_t of)
{
    const int64_t length = (2 * side * by + of) / (2 * of);
    return length > 1 ? length : 1;
}

/* The largest size of an image's proportions in the frame: one side is the frame's, the other is
 * rounded. */
static void into_frame(const struct resize *r, int64_t height, int64_t width, int64_t out[2])
{
    const int tall = height * r->width > width * r->height;
    out[0] = tall ? r->height : rounded(height, r->width, width);
    out[1] = tall ? rounded(width, r->height, height) : r->width;
}

/* Where all images are of one size, so are all that come out, even when a decoder gives smaller
 * ones whose sides are not quite in that proportion. */
static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    struct resize *r = self;
    const enum tfu_status st = check_fill(&r->config->fill, in->dim[2], h);
    if (st != TFU_OK)
        return st;
    if (!r->height && in->dim[0] && in->dim[1]) {
        int64_t size[2];
        by_side(r->config, in->dim[0], in->dim[1], size);
        r->height = size[0];
        r->width = size[1];
    }
    *out = *in;
    out->dim[0] = r->height;
    out->dim[1] = r->width;
    return TFU_OK;
}

/* A frame may be filled in one direction alone. By the longer side, and where sizes differ, it is
 * not known which one is to be so long: a decoder keeps to both. */
static void wanted(const void *self, int64_t size[2])
{
    const struct resize *r = self;
    const struct config *c = r->config;
    const int64_t side = c->short_side ? c->short_side : c->long_side;
    size[0] = r->height ? r->height : side;
    size[1] = r->width ? r->width : side;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct resize *r = self;
    const struct config *c = r->config;
    int64_t height, width, to[2] = {r->height, r->width};
    enum tfu_status st = image_size(x, h, &height, &width);
    if (st == TFU_OK)
        st = check_image_fill(&c->fill, tfu_example_find(x, TFU_FIELD_IMAGE)->shape.dim[2], h);
    if (st == TFU_OK && !to[0])
        by_side(c, height, width, to);
    if (st == TFU_OK && c->pad)
        into_frame(r, height, width, to);
    for (uint32_t i = 0; st == TFU_OK && i < x->field_count; i++)
        if (has_pixels(x->field[i]))
            st = h->resize(h, x->field[i]->t, to[0], to[1],
                           x->field[i]->kind == TFU_FIELD_MASK ? TFU_FILTER_NEAREST
                                                               : filter_of(c->filter));
    if (st != TFU_OK)
        return st;
    place_apply(x, &(struct place_move){
                       .scale = {(double)to[0] / (double)height, (double)to[1] / (double)width}});
    const struct piece frame = {-((r->height - to[0]) / 2), -((r->width - to[1]) / 2), r->height,
                                r->width};
    return c->pad ? piece_cut(x, &frame, &c->fill, h) : TFU_OK;
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
    .summary = "another size for images, with antialiasing; for masks the nearest pixel",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
