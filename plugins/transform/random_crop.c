/* SPDX-License-Identifier: MIT
 *
 * A piece of the image at a place drawn by chance, as torchvision's RandomCrop has it: of `size`,
 * with `padding` around the image. With `scale` the piece's area and ratio are drawn as well, and
 * it is resized to `size`, as RandomResizedCrop does (Szegedy et al., "Going deeper with
 * convolutions", CVPR 2015). Without chance it is the piece in the middle.
 */
#include <math.h>
#include <stdlib.h>

#include "draw.h"
#include "exact.h"
#include "filter.h"
#include "piece.h"

struct config {
    struct tfu_int_list size;
    int64_t padding;
    struct tfu_float_list scale, ratio, fill;
    int32_t filter;
};

static const struct tfu_option options[] = {
    {.name = "size",
     .help = "height and width in pixels of what comes out",
     .type = TFU_INT_LIST,
     .flags = TFU_OPT_REQUIRED,
     .offset = offsetof(struct config, size),
     .imin = 1,
     .imax = 65536},
    TFU_OPT_INT(struct config, padding, 0, 0, 65536,
                "pixels that are put at each side of the image first; unknown in a mask"),
    TFU_OPT_FLOAT_LIST(struct config, scale, 1e-6, 1,
                       "least and largest share of the image's area that a piece has, which is "
                       "then resized to `size`; empty: pieces are of `size`"),
    TFU_OPT_FLOAT_LIST(struct config, ratio, 1e-3, 1e3,
                       "with `scale`: least and largest ratio of a piece's width to its height; "
                       "empty: 3/4 to 4/3"),
    TFU_OPT_FLOAT_LIST(struct config, fill, 0, 1,
                       "colour of the padding from 0 to 1: one number, or one a channel; empty: 0"),
    TFU_OPT_ENUM(struct config, filter, "bilinear", filter_choices,
                 "with `scale`: how pieces are resized, both with antialiasing"),
};

struct crop {
    int64_t height, width, padding; /* height and width of what comes out */
    int resized;
    enum tfu_filter filter;
    const struct tfu_float_list *fill;
    struct range scale, ratio;
};

/* ---- the configuration */

static enum tfu_status check(const struct config *c, struct tfu_transform_host *h)
{
    if (c->padding && c->scale.count)
        return h->fail(h, TFU_EINVAL,
                       "padding is for pieces of a fixed size; remove `padding` or `scale`");
    if (c->ratio.count && !c->scale.count)
        return h->fail(h, TFU_EINVAL,
                       "ratio is for pieces whose area is drawn; set `scale` as well, or remove "
                       "`ratio`");
    enum tfu_status st = check_two("size", "[height, width]", c->size.count, h);
    if (st == TFU_OK)
        st = check_range("scale", &c->scale, h);
    return st == TFU_OK ? check_range("ratio", &c->ratio, h) : st;
}

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    const enum tfu_status st = check(c, h);
    if (st != TFU_OK)
        return st;
    struct crop *p = malloc(sizeof *p);
    if (!p)
        return h->fail(h, TFU_ENOMEM, "out of memory for the transform random_crop");
    *p = (struct crop){.height = c->size.item[0],
                       .width = c->size.item[1],
                       .padding = c->padding,
                       .resized = c->scale.count > 0,
                       .filter = filter_of(c->filter),
                       .fill = &c->fill,
                       .scale = range_of(&c->scale, 1, 1),
                       .ratio = range_of(&c->ratio, 3.0 / 4, 4.0 / 3)};
    *self = p;
    return TFU_OK;
}

/* ---- sizes */

/* Padding that makes an image of this length long enough; 0: it is. */
static int64_t padding_for(int64_t length, int64_t wanted)
{
    return wanted > length ? (wanted - length + 1) / 2 : 0;
}

/* What is missing of an image of height x width, as padding; a length of 0 is not known. */
static int64_t missing(const struct crop *p, int64_t height, int64_t width)
{
    if (p->resized)
        return 0;
    const int64_t rows = height ? padding_for(height, p->height) : 0;
    const int64_t columns = width ? padding_for(width, p->width) : 0;
    const int64_t most = rows > columns ? rows : columns;
    return most > p->padding ? most : 0;
}

#define TOO_SMALL                                                                                  \
    "a piece of %lldx%lld is larger than the image of %lldx%lld with %lld pixels of padding; put " \
    "a `resize` in front, or set `padding` to %lld"

static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    const struct crop *p = self;
    const int64_t padding = missing(p, in->dim[0], in->dim[1]);
    const enum tfu_status st = check_fill(p->fill, in->dim[2], h);
    if (st != TFU_OK)
        return st;
    if (padding && in->dim[0] && in->dim[1])
        return h->fail(h, TFU_ESHAPE, TOO_SMALL, (long long)p->height, (long long)p->width,
                       (long long)in->dim[0], (long long)in->dim[1], (long long)p->padding,
                       (long long)padding);
    *out = *in;
    out->dim[0] = p->height;
    out->dim[1] = p->width;
    return TFU_OK;
}

/* A piece that is resized has at least `size` in an image of that many times it, whatever is drawn;
 * any other is made of the image's own pixels. */
static void wanted(const void *self, int64_t size[2])
{
    const struct crop *p = self;
    const double tall = (double)p->height / (double)p->width;
    const double times = sqrt(fmax(p->ratio.high * tall, 1 / (p->ratio.low * tall)) / p->scale.low);
    size[0] = p->resized ? (int64_t)ceil((double)p->height * times) : 0;
    size[1] = p->resized ? (int64_t)ceil((double)p->width * times) : 0;
}

/* ---- the piece */

/* The middle of an image; where the rest is odd, the pixel more is behind. */
static struct piece in_the_middle(int64_t height, int64_t width, int64_t of_height,
                                  int64_t of_width)
{
    return (struct piece){(of_height - height) / 2, (of_width - width) / 2, height, width};
}

/* The largest one of this ratio of width to height. */
static struct piece largest_of(double ratio, int64_t height, int64_t width)
{
    int64_t h = height, w = width;
    if ((double)width > ratio * (double)height)
        w = (int64_t)fmax(1, round((double)height * ratio));
    else
        h = (int64_t)fmax(1, round((double)width / ratio));
    return in_the_middle(h < height ? h : height, w < width ? w : width, height, width);
}

/* Area uniform in `scale`, ratio uniform in its logarithm. What does not fit is drawn again, ten
 * times in all; then it is the largest one in the middle whose ratio is allowed. */
static struct piece draw_resized(const struct crop *p, int64_t height, int64_t width,
                                 struct draw *d)
{
    enum { ATTEMPTS = 10 };
    const double low = exact_log(p->ratio.low), high = exact_log(p->ratio.high);
    for (int i = 0; i < ATTEMPTS; i++) {
        const double share = draw_between(d, p->scale.low, p->scale.high);
        const double area = share * (double)height * (double)width;
        const double ratio = exact_exp(draw_between(d, low, high));
        const int64_t w = (int64_t)rint(sqrt(area * ratio));
        const int64_t h = (int64_t)rint(sqrt(area / ratio));
        if (w > 0 && w <= width && h > 0 && h <= height) {
            const int64_t top = draw_below(d, height - h + 1);
            return (struct piece){top, draw_below(d, width - w + 1), h, w};
        }
    }
    const double whole = (double)width / (double)height;
    return largest_of(fmin(fmax(whole, p->ratio.low), p->ratio.high), height, width);
}

/* In an image that it fits into. */
static struct piece choose(const struct crop *p, int64_t height, int64_t width,
                           const struct tfu_example_host *h)
{
    struct draw d = draw_begin(h);
    if (p->resized)
        return h->random ? draw_resized(p, height, width, &d)
                         : largest_of((double)p->width / (double)p->height, height, width);
    const int64_t tall = height + 2 * p->padding, wide = width + 2 * p->padding;
    struct piece c = in_the_middle(p->height, p->width, tall, wide);
    if (h->random) {
        c.top = draw_below(&d, tall - p->height + 1);
        c.left = draw_below(&d, wide - p->width + 1);
    }
    c.top -= p->padding;
    c.left -= p->padding;
    return c;
}

/* ---- the example */

static enum tfu_status cut_field(const struct crop *p, const struct tfu_field *f,
                                 const struct piece *c, struct tfu_example_host *h)
{
    const enum tfu_status st = piece_cut_pixels(f->t, c, p->fill, h);
    if (st != TFU_OK || !p->resized)
        return st;
    return h->resize(h, f->t, p->height, p->width,
                     f->kind == TFU_FIELD_MASK ? TFU_FILTER_NEAREST : p->filter);
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct crop *p = self;
    int64_t height, width;
    enum tfu_status st = image_size(x, h, &height, &width);
    if (st == TFU_OK)
        st = check_image_fill(p->fill, tfu_example_find(x, TFU_FIELD_IMAGE)->shape.dim[2], h);
    if (st != TFU_OK)
        return st;
    if (missing(p, height, width))
        return h->fail(h, TFU_ESHAPE, TOO_SMALL, (long long)p->height, (long long)p->width,
                       (long long)height, (long long)width, (long long)p->padding,
                       (long long)missing(p, height, width));
    const struct piece c = choose(p, height, width, h);
    for (uint32_t i = 0; st == TFU_OK && i < x->field_count; i++)
        if (has_pixels(x->field[i]))
            st = cut_field(p, x->field[i], &c, h);
    if (st != TFU_OK)
        return st;
    piece_move(x, &c, p->height, p->width);
    return TFU_OK;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM | TFU_TRANSFORM_GEOMETRIC,
    .create = create,
    .destroy = free,
    .shape = shape,
    .wanted = wanted,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "random_crop",
    .version = "1.0",
    .summary =
        "a piece of the image at a place drawn by chance, resized where its area is drawn as well",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
