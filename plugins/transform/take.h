/* SPDX-License-Identifier: MIT
 *
 * take.h - what transforms have in common of their options: an instance that is its options, ranges
 * that numbers are drawn from, colours of what is outside the image.
 */
#ifndef TFU_PLUGINS_TRANSFORM_TAKE_H
#define TFU_PLUGINS_TRANSFORM_TAKE_H

#include <transfuse/transform.h>

/* ---- an instance that has nothing to keep but its options */

static inline enum tfu_status take_options(void **self, const void *config)
{
    *self = (void *)(uintptr_t)config;
    return TFU_OK;
}

/* create() where nothing is to be checked. */
static inline enum tfu_status create_options(void **self, const void *config,
                                             struct tfu_transform_host *h)
{
    (void)h;
    return take_options(self, config);
}

static inline void leave_options(void *self)
{
    (void)self;
}

/* shape() of what cuts out as much as each image has of something. */
static inline enum tfu_status shape_of_each(void *self, const struct tfu_shape *in,
                                            struct tfu_shape *out, struct tfu_transform_host *h)
{
    (void)self, (void)h;
    *out = *in;
    out->dim[0] = out->dim[1] = 0;
    return TFU_OK;
}

/* wanted() of what is in pixels, so that a smaller image is not the same. */
static inline void want_all(const void *self, int64_t size[2])
{
    (void)self;
    size[0] = size[1] = 0;
}

/* wanted() of a geometric transform in shares of the image: a smaller one that will do behind it
 * will do. */
static inline void want_same(const void *self, int64_t size[2])
{
    (void)self, (void)size;
}

/* ---- ranges */

/* The option `p` of most random transforms. */
#define OPT_P(cfg)                                                                                 \
    TFU_OPT_FLOAT(cfg, p, 1, 0, 1, "probability with which it is done to an example in training")

struct range {
    double low, high;
};

/* A range in an option, [least, largest]; empty: `otherwise`. */
static inline struct range range_of(const struct tfu_float_list *list, double low, double high)
{
    return list->count == 2 ? (struct range){list->item[0], list->item[1]}
                            : (struct range){low, high};
}

static inline enum tfu_status check_two(const char *key, const char *what, uint64_t count,
                                        struct tfu_transform_host *h)
{
    return count == 2 ? TFU_OK
                      : h->fail(h, TFU_EINVAL, "%s: expected two numbers, %s, got %llu", key, what,
                                (unsigned long long)count);
}

static inline enum tfu_status check_range(const char *key, const struct tfu_float_list *list,
                                          struct tfu_transform_host *h)
{
    if (!list->count)
        return TFU_OK;
    const enum tfu_status st = check_two(key, "[least, largest]", list->count, h);
    if (st != TFU_OK || list->item[0] <= list->item[1])
        return st;
    return h->fail(h, TFU_EINVAL, "%s: %g is larger than %g; give the least first", key,
                   list->item[0], list->item[1]);
}

/* ---- the colour outside the image, which a mask has as unknown */

#define OPT_FILL(cfg)                                                                              \
    TFU_OPT_FLOAT_LIST(cfg, fill, 0, 1,                                                            \
                       "colour from 0 to 1 of what lies outside the image: one number, or one a "  \
                       "channel; empty: 0")

static inline double fill_of(const struct tfu_float_list *fill, int64_t channel)
{
    return fill->count ? fill->item[fill->count > 1 ? channel : 0] : 0;
}

#define FILL_COUNT                                                                                 \
    "fill has %llu numbers, but the images have %lld channels; give one number, or one for each"

/* In shape(); 0 channels: they differ, and each image is looked at. */
static inline enum tfu_status check_fill(const struct tfu_float_list *fill, int64_t channels,
                                         struct tfu_transform_host *h)
{
    if (fill->count <= 1 || !channels || fill->count == (uint64_t)channels)
        return TFU_OK;
    return h->fail(h, TFU_EINVAL, FILL_COUNT, (unsigned long long)fill->count, (long long)channels);
}

static inline enum tfu_status check_image_fill(const struct tfu_float_list *fill, int64_t channels,
                                               struct tfu_example_host *h)
{
    if (fill->count <= 1 || fill->count == (uint64_t)channels)
        return TFU_OK;
    return h->fail(h, TFU_EINVAL, FILL_COUNT, (unsigned long long)fill->count, (long long)channels);
}

/* Writes the colour of a channel as a number of the image's type. */
static inline void fill_pixel(const struct tfu_float_list *fill, const struct tfu_tensor *image,
                              int64_t channel, void *number)
{
    const double x = fill_of(fill, channel);
    if (image->dtype == TFU_U8)
        *(uint8_t *)number = (uint8_t)(x * 255 + 0.5);
    else if (image->dtype == TFU_U16)
        *(uint16_t *)number = (uint16_t)(x * 65535 + 0.5);
    else
        *(float *)number = (float)x;
}

#endif
