/* SPDX-License-Identifier: MIT */
#include "core/data/normalise.h"

#include <string.h>

static enum tfu_status check_count(const char *key, uint64_t count, int64_t channels,
                                   struct tfu_error *e)
{
    if (count <= 1 || count == (uint64_t)channels)
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "%s has %llu numbers, but the images have %lld channels; give one number, "
                         "or one for each",
                         key, (unsigned long long)count, (long long)channels);
}

/* `mean` and `deviation` of the configuration: one number is for all channels. */
static enum tfu_status take_numbers(struct tfu_normalise *n, const struct tfu_data_select *s,
                                    struct tfu_error *e)
{
    enum tfu_status st = check_count("mean", s->normalise.mean.count, n->channels, e);
    if (st == TFU_OK)
        st = check_count("deviation", s->normalise.deviation.count, n->channels, e);
    if (st == TFU_OK && n->channels > TFU_PREPROCESSING_CHANNELS_MAX &&
        (s->normalise.mean.count || s->normalise.deviation.count))
        st =
            tfu_error_set(e, TFU_EINVAL,
                          "mean and deviation are for images of up to %d channels; these have %lld",
                          TFU_PREPROCESSING_CHANNELS_MAX, (long long)n->channels);
    if (st != TFU_OK || n->channels > TFU_PREPROCESSING_CHANNELS_MAX)
        return st;
    struct tfu_preprocessing *p = &n->preprocessing;
    p->channels = (size_t)n->channels;
    p->order = n->channels == 1 ? "gray" : "rgb";
    for (size_t c = 0; c < p->channels; c++) {
        p->mean[c] = s->normalise.mean.count
                         ? s->normalise.mean.item[s->normalise.mean.count > 1 ? c : 0]
                         : 0;
        p->deviation[c] =
            s->normalise.deviation.count
                ? s->normalise.deviation.item[s->normalise.deviation.count > 1 ? c : 0]
                : 1;
    }
    return TFU_OK;
}

static enum tfu_status take_named(struct tfu_normalise *n, const char *name, struct tfu_error *e)
{
    const char *const *known = tfu_preprocessing_names();
    size_t count = 0;
    while (known[count])
        count++;
    const char *nearest = tfu_text_nearest(name, known, count);
    if (!tfu_preprocessing_named(name, &n->preprocessing))
        return tfu_error_set(e, TFU_EINVAL, "there is no preprocessing '%s'%s%s%s", name,
                             nearest ? "; did you mean '" : "", nearest ? nearest : "",
                             nearest ? "'?" : "");
    if ((int64_t)n->preprocessing.channels != n->channels)
        return tfu_error_set(
            e, TFU_EINVAL, "preprocessing %s is for %zu channels, but the images have %lld%s", name,
            n->preprocessing.channels, (long long)n->channels,
            n->channels == 1 ? "; set `normalise: {channels: 3}` to repeat the gray one" : "");
    n->reverse = strcmp(n->preprocessing.order, "bgr") == 0;
    return TFU_OK;
}

enum tfu_status tfu_normalise_init(struct tfu_normalise *n, const struct tfu_data_select *select,
                                   int64_t from, struct tfu_error *e)
{
    *n = (struct tfu_normalise){
        .from = from, .channels = select->normalise.channels ? select->normalise.channels : from};
    if (n->channels != from && from != 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "channels: %lld, but the images have %lld; only a gray image can be "
                             "repeated",
                             (long long)n->channels, (long long)from);
    const bool named = select->normalise.preprocessing && select->normalise.preprocessing[0];
    const enum tfu_status st =
        named ? take_named(n, select->normalise.preprocessing, e) : take_numbers(n, select, e);
    for (size_t c = 0; c < n->preprocessing.channels; c++)
        n->scales |= n->preprocessing.mean[c] != 0 || n->preprocessing.deviation[c] != 1;
    return st;
}

static void repeat(int64_t pixels, int64_t channels, float *image)
{
    for (int64_t i = pixels - 1; i >= 0; i--) /* from the end: nothing is overwritten unread */
        for (int64_t c = channels - 1; c >= 0; c--)
            image[i * channels + c] = image[i];
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

void tfu_normalise_run(const struct tfu_normalise *n, int64_t pixels, float *image)
{
    const struct tfu_preprocessing *p = &n->preprocessing;
    if (n->channels != n->from)
        repeat(pixels, n->channels, image);
    if (n->reverse)
        swap_ends(pixels, n->channels, image);
    if (!n->scales)
        return;
    for (int64_t i = 0; i < pixels; i++)
        for (size_t c = 0; c < p->channels; c++) {
            float *x = &image[(size_t)i * p->channels + c];
            *x = (float)(((double)*x - p->mean[c]) / p->deviation[c]);
        }
}
