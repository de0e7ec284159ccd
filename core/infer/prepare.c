/* SPDX-License-Identifier: MIT */
#include "core/infer/prepare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/image_channels.h"
#include "core/data/resize.h"

/* An image has at most so many numbers. */
#define NUMBERS_MAX (INT64_C(1) << 28)

static enum tfu_status check(const struct tfu_model_prepare *p, const int64_t dim[3],
                             const struct tfu_raw_image *i, struct tfu_error *e)
{
    if (!p->channels)
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "the file does not say how images are prepared: %s; prepare them "
                             "elsewhere, as floats that the network takes",
                             p->why ? p->why : "it is not known");
    if (i->dtype != TFU_U8 && i->dtype != TFU_U16 && i->dtype != TFU_F32)
        return tfu_error_set(e, TFU_EINVAL,
                             "an image has numbers of type %u; there are TFU_U8, TFU_U16 and "
                             "TFU_F32",
                             i->dtype);
    if (i->channels < 1 || i->channels > 4 || i->height < 1 || i->width < 1 ||
        i->height > NUMBERS_MAX / i->width || i->height * i->width > NUMBERS_MAX / 4)
        return tfu_error_set(e, TFU_ESHAPE,
                             "an image of %lld x %lld pixels and %lld channels; there are 1 to 4 "
                             "channels, and at most %lld pixels",
                             (long long)i->height, (long long)i->width, (long long)i->channels,
                             (long long)(NUMBERS_MAX / 4));
    if (!p->height && (i->height != dim[0] || i->width != dim[1]))
        return tfu_error_set(e, TFU_ESHAPE,
                             "an image of %lld x %lld pixels, where the network takes %lld x %lld "
                             "and resizes none",
                             (long long)i->height, (long long)i->width, (long long)dim[0],
                             (long long)dim[1]);
    return TFU_OK;
}

static void to_floats(uint32_t dtype, const void *from, size_t n, float *out)
{
    if (dtype == TFU_U8)
        for (size_t i = 0; i < n; i++)
            out[i] = (float)((const uint8_t *)from)[i] / 255.0f;
    else if (dtype == TFU_U16)
        for (size_t i = 0; i < n; i++)
            out[i] = (float)((const uint16_t *)from)[i] / 65535.0f;
    else
        memcpy(out, from, n * sizeof *out);
}

static enum tfu_status resize(const struct tfu_model_prepare *p, const struct tfu_raw_image *i,
                              const void *pixels, float *out, struct tfu_error *e)
{
    const size_t n = (size_t)(i->height * i->width * p->channels);
    if (!p->height || (i->height == p->height && i->width == p->width)) {
        to_floats(i->dtype, pixels, n, out);
        return TFU_OK;
    }
    struct tfu_resize *r;
    enum tfu_status st =
        p->bicubic ? tfu_resize_new_bicubic(&r, i->height, i->width, p->height, p->width,
                                            p->channels, i->dtype != TFU_F32, e)
                   : tfu_resize_new(&r, i->height, i->width, p->height, p->width, p->channels, e);
    if (st != TFU_OK)
        return st;
    void *scratch = malloc(tfu_resize_scratch(r) + 1);
    if (scratch)
        tfu_resize_run(r, i->dtype, pixels, scratch, out);
    else
        st = tfu_error_memory(e, "resizing an image", 0);
    free(scratch);
    tfu_resize_free(r);
    return st;
}

/* From the last pixel to the first, as a gray one becomes several where it lies. */
static void finish(const struct tfu_model_prepare *p, const int64_t dim[3], float *x)
{
    const int64_t channels = dim[2];
    for (int64_t i = dim[0] * dim[1]; i-- > 0;) {
        float pixel[TFU_MODEL_CHANNELS_MAX];
        for (int64_t c = 0; c < channels; c++)
            pixel[c] = x[i * p->channels + (p->channels == channels ? c : 0)];
        for (int64_t c = 0; c < channels; c++) {
            const float v = pixel[p->reverse ? channels - 1 - c : c];
            x[i * channels + c] =
                p->normalise ? (float)(((double)v - p->mean[c]) / p->deviation[c]) : v;
        }
    }
}

enum tfu_status tfu_model_prepare(const struct tfu_model_prepare *p, const int64_t dim[3],
                                  const struct tfu_raw_image *image, float *out,
                                  struct tfu_error *e)
{
    enum tfu_status st = check(p, dim, image, e);
    void *copy = NULL;
    if (st != TFU_OK)
        return st;
    const int64_t pixels = image->height * image->width;
    const int64_t most = image->channels > p->channels ? image->channels : p->channels;
    const size_t size = image->dtype == TFU_U8 ? 1 : image->dtype == TFU_U16 ? 2 : 4;
    if (image->channels != p->channels) {
        copy = malloc((size_t)(pixels * most) * size);
        if (!copy)
            return tfu_error_memory(e, "preparing an image", 0);
        memcpy(copy, image->pixels, (size_t)(pixels * image->channels) * size);
        tfu_image_channels(copy, image->dtype, pixels, image->channels, p->channels);
    }
    st = resize(p, image, copy ? copy : image->pixels, out, e);
    free(copy);
    if (st == TFU_OK)
        finish(p, dim, out);
    return st;
}
