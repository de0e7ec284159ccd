/* SPDX-License-Identifier: MIT
 *
 * What numbers weights want of an image: a gray one repeated in more channels, channels in their
 * order, and (x - mean) / deviation for each. Usually the last transform.
 */
#include <stdlib.h>
#include <string.h>

#include <transfuse/transform.h>

enum { CHANNELS_MAX = 4 }; /* that have a mean and a deviation of their own */

struct config {
    int64_t channels;
    int32_t from;
    const char *preprocessing;
    struct tfu_float_list mean, deviation;
};

enum from { FROM_NUMBERS = 0, FROM_DATA = 1 };
static const char *const froms[] = {"numbers", "data", NULL};

static const struct tfu_option options[] = {
    TFU_OPT_INT(
        struct config, channels, 0, 0, 65536,
        "number of channels that a gray image is repeated in, as weights of colour images need; "
        "0: as it is"),
    TFU_OPT_ENUM(
        struct config, from, "numbers", froms,
        "numbers: mean and deviation are those of the other keys; data: they are measured on the "
        "training examples, where `normalise` gets them, and stand in the resolved configuration"),
    TFU_OPT_STRING(
        struct config, preprocessing, "", 0,
        "mean and deviation by the name of published weights that want them: torchvision, timm, "
        "inception, keras_resnet, radimagenet or torchxrayvision; empty: `mean` and `deviation` "
        "say them"),
    TFU_OPT_FLOAT_LIST(
        struct config, mean, -1e6, 1e6,
        "what is subtracted from the pixels, which are from 0 to 1 in files of 8 bits: one number, "
        "or one a channel; empty: 0"),
    TFU_OPT_FLOAT_LIST(struct config, deviation, 1e-6, 1e6,
                       "what pixels are then divided by: one number, or one a channel; empty: 1"),
};

struct normalise {
    const struct config *config;
    const struct tfu_normalisation *named; /* NULL: by numbers */
    int64_t channels;                      /* that come out */
    double mean[CHANNELS_MAX], deviation[CHANNELS_MAX];
    int scales, reverse;           /* reverse: blue first */
    struct tfu_normalisation says; /* no channels: more than it has numbers for */
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    const struct tfu_normalisation *named = NULL;
    *self = NULL;
    if (c->from == FROM_DATA)
        return h->fail(h, TFU_EINVAL,
                       "`from: data` is for `data.train`, `data.valid` and `data.test` of a "
                       "configuration, whose training examples are measured; here give `mean` and "
                       "`deviation`");
    if (c->preprocessing[0]) {
        if (c->mean.count || c->deviation.count)
            return h->fail(h, TFU_EINVAL,
                           "%s says the mean and the deviation; remove `mean` and `deviation`",
                           c->preprocessing);
        named = h->published(h, c->preprocessing);
        if (!named)
            return TFU_EINVAL;
    }
    struct normalise *n = calloc(1, sizeof *n);
    if (!n)
        return h->fail(h, TFU_ENOMEM, "out of memory for the transform normalise");
    n->config = c;
    n->named = named;
    *self = n;
    return TFU_OK;
}

/* ---- for images of so many channels */

static enum tfu_status check_count(const char *key, uint64_t count, int64_t channels,
                                   struct tfu_transform_host *h)
{
    if (count <= 1 || count == (uint64_t)channels)
        return TFU_OK;
    return h->fail(h, TFU_EINVAL,
                   "%s has %llu numbers, but the images have %lld channels; give one number, "
                   "or one for each",
                   key, (unsigned long long)count, (long long)channels);
}

/* One number is for all channels. */
static double number_of(const struct tfu_float_list *list, int64_t channel, double otherwise)
{
    return list->count ? list->item[list->count > 1 ? channel : 0] : otherwise;
}

static enum tfu_status take_numbers(struct normalise *n, struct tfu_transform_host *h)
{
    const struct config *c = n->config;
    enum tfu_status st = check_count("mean", c->mean.count, n->channels, h);
    if (st == TFU_OK)
        st = check_count("deviation", c->deviation.count, n->channels, h);
    if (st == TFU_OK && n->channels > CHANNELS_MAX && (c->mean.count || c->deviation.count))
        st = h->fail(h, TFU_EINVAL,
                     "mean and deviation are for images of up to %d channels; these have %lld",
                     CHANNELS_MAX, (long long)n->channels);
    for (int64_t k = 0; st == TFU_OK && k < n->channels && k < CHANNELS_MAX; k++) {
        n->mean[k] = number_of(&c->mean, k, 0);
        n->deviation[k] = number_of(&c->deviation, k, 1);
    }
    return st;
}

static enum tfu_status take_named(struct normalise *n, struct tfu_transform_host *h)
{
    const struct tfu_normalisation *named = n->named;
    if ((int64_t)named->channels != n->channels)
        return h->fail(
            h, TFU_EINVAL, "preprocessing %s is for %u channel%s, but the images have %lld%s",
            n->config->preprocessing, named->channels, named->channels == 1 ? "" : "s",
            (long long)n->channels,
            n->channels == 1 ? "; set `normalise: {channels: 3}` to repeat the gray one"
            : named->channels == 1
                ? "; have the dataset give gray ones, as image_folder does by `channels: 1`"
                : "");
    for (uint32_t k = 0; k < named->channels && k < CHANNELS_MAX; k++) {
        n->mean[k] = named->mean[k];
        n->deviation[k] = named->deviation[k];
    }
    n->reverse = strcmp(named->order, "bgr") == 0;
    return TFU_OK;
}

/* Channels that come out; images of 0 channels are of different ones. */
static enum tfu_status take_channels(struct normalise *n, int64_t from,
                                     struct tfu_transform_host *h)
{
    n->channels = n->config->channels ? n->config->channels : from;
    if (!n->channels)
        return h->fail(h, TFU_EINVAL,
                       "the images have different numbers of channels; set `channels` to repeat "
                       "those that are gray, or have the dataset give all of one kind");
    if (from && n->channels != from && from != 1)
        return h->fail(h, TFU_EINVAL,
                       "channels: %lld, but the images have %lld; only a gray image can be "
                       "repeated",
                       (long long)n->channels, (long long)from);
    return TFU_OK;
}

static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    struct normalise *n = self;
    enum tfu_status st = take_channels(n, in->dim[2], h);
    if (st == TFU_OK)
        st = n->named ? take_named(n, h) : take_numbers(n, h);
    if (st != TFU_OK)
        return st;
    *out = *in;
    out->dim[2] = n->channels;
    if (n->channels > CHANNELS_MAX)
        return TFU_OK;
    for (int64_t k = 0; k < n->channels; k++)
        n->scales |= n->mean[k] != 0 || n->deviation[k] != 1;
    n->says = (struct tfu_normalisation){
        .struct_size = sizeof n->says,
        .channels = (uint32_t)n->channels,
        .mean = n->mean,
        .deviation = n->deviation,
        .published = n->named ? n->named->published : NULL,
        .order = n->named           ? n->named->order
                 : n->channels == 1 ? "gray"
                                    : "rgb",
    };
    return TFU_OK;
}

static const struct tfu_normalisation *normalisation(const void *self)
{
    const struct normalise *n = self;
    return n->says.channels ? &n->says : NULL;
}

/* ---- images */

static enum tfu_status repeat(struct tfu_tensor *image, int64_t channels,
                              struct tfu_example_host *h)
{
    const int64_t pixels = image->shape.dim[0] * image->shape.dim[1];
    const float *from = image->data;
    float *to = h->alloc(h, (size_t)pixels * (size_t)channels * sizeof *to);
    if (!to)
        return TFU_ENOMEM;
    image->data = to;
    image->shape.dim[2] = channels;
    for (int64_t i = 0; i < pixels; i++)
        for (int64_t k = 0; k < channels; k++)
            *to++ = from[i];
    return TFU_OK;
}

static void swap_ends(int64_t pixels, int64_t channels, float *image)
{
    for (int64_t i = 0; i < pixels; i++) {
        float *first = image + i * channels, *last = first + channels - 1;
        const float keep = *first;
        *first = *last;
        *last = keep;
    }
}

static void scale(const struct normalise *n, int64_t pixels, float *image)
{
    for (int64_t i = 0; i < pixels; i++)
        for (int64_t k = 0; k < n->channels; k++) {
            float *x = &image[i * n->channels + k];
            *x = (float)(((double)*x - n->mean[k]) / n->deviation[k]);
        }
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct normalise *n = self;
    struct tfu_tensor *image = tfu_example_find(x, TFU_FIELD_IMAGE);
    if (!image)
        return h->fail(h, TFU_EINVAL, "the example has no image; the dataset is to add one");
    const int64_t from = image->shape.dim[2], pixels = image->shape.dim[0] * image->shape.dim[1];
    if (from != n->channels && from != 1)
        return h->fail(h, TFU_EINVAL,
                       "channels: %lld, but the image has %lld; only a gray image can be repeated",
                       (long long)n->channels, (long long)from);
    enum tfu_status st = h->to_floats(h, image);
    if (st == TFU_OK && from != n->channels)
        st = repeat(image, n->channels, h);
    if (st == TFU_OK && n->reverse)
        swap_ends(pixels, n->channels, image->data);
    if (st == TFU_OK && n->scales)
        scale(n, pixels, image->data);
    return st;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .create = create,
    .destroy = free,
    .shape = shape,
    .run = run,
    .normalisation = normalisation,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "normalise",
    .version = "1.0",
    .summary = "the numbers that weights want: (x - mean) / deviation, gray images repeated",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
