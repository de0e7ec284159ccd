/* SPDX-License-Identifier: MIT
 *
 * colour.h - brightness, contrast, saturation and hue of images of floats from 0 to 1, as
 * torchvision.transforms.functional adjusts them.
 */
#ifndef TFU_PLUGINS_TRANSFORM_COLOUR_H
#define TFU_PLUGINS_TRANSFORM_COLOUR_H

#include <math.h>

#include <transfuse/transform.h>

enum { COLOUR_GRAY = 1, COLOUR_RGB = 3 };

/* Pixels of floats. */
struct colour_image {
    float *x;
    int64_t pixels, channels;
};

static inline double colour_cut(double x)
{
    return x > 0 ? x < 1 ? x : 1 : 0;
}

/* ITU-R 601, as torchvision and PIL have it. */
static inline double colour_luma(const float *rgb)
{
    return 0.299 * (double)rgb[0] + 0.587 * (double)rgb[1] + 0.114 * (double)rgb[2];
}

static inline double colour_gray(const struct colour_image *m, int64_t pixel)
{
    const float *x = m->x + pixel * m->channels;
    return m->channels == COLOUR_RGB ? colour_luma(x) : (double)x[0];
}

/* Images of another number of channels have no colours, or are gray. */
#define COLOUR_CHANNELS                                                                            \
    "it is for images of 3 channels, or gray ones, and these have %lld; have the dataset give "    \
    "`channels: 3`"

/* In shape(); 0: they differ. */
static inline enum tfu_status colour_check(int64_t channels, struct tfu_transform_host *h)
{
    return channels == 0 || channels == COLOUR_GRAY || channels == COLOUR_RGB
               ? TFU_OK
               : h->fail(h, TFU_ESHAPE, COLOUR_CHANNELS, (long long)channels);
}

/* An example's image as floats that may be written to. */
static inline enum tfu_status colour_begin(const struct tfu_example *x, struct colour_image *m,
                                           struct tfu_example_host *h)
{
    struct tfu_tensor *image = tfu_example_find(x, TFU_FIELD_IMAGE);
    *m = (struct colour_image){NULL, 0, 0};
    if (!image)
        return h->fail(h, TFU_EINVAL, "the example has no image; the dataset is to add one");
    const int64_t *dim = image->shape.dim;
    if (dim[2] != COLOUR_GRAY && dim[2] != COLOUR_RGB)
        return h->fail(h, TFU_ESHAPE, COLOUR_CHANNELS, (long long)dim[2]);
    const enum tfu_status st = h->to_floats(h, image);
    *m = (struct colour_image){image->data, dim[0] * dim[1], dim[2]};
    return st;
}

/* factor * x */
static inline void colour_brightness(const struct colour_image *m, double factor)
{
    for (int64_t i = 0; i < m->pixels * m->channels; i++)
        m->x[i] = (float)colour_cut(factor * (double)m->x[i]);
}

/* factor * x + (1 - factor) * gray, with the mean gray of the image */
static inline void colour_contrast(const struct colour_image *m, double factor)
{
    double sum = 0;
    for (int64_t i = 0; i < m->pixels; i++)
        sum += colour_gray(m, i);
    const double rest = (1 - factor) * sum / (double)m->pixels;
    for (int64_t i = 0; i < m->pixels * m->channels; i++)
        m->x[i] = (float)colour_cut(factor * (double)m->x[i] + rest);
}

/* factor * x + (1 - factor) * gray, with the pixel's own */
static inline void colour_saturation(const struct colour_image *m, double factor)
{
    for (int64_t i = 0; m->channels == COLOUR_RGB && i < m->pixels; i++) {
        float *x = m->x + i * m->channels;
        const double rest = (1 - factor) * colour_luma(x);
        for (int c = 0; c < COLOUR_RGB; c++)
            x[c] = (float)colour_cut(factor * (double)x[c] + rest);
    }
}

/* The hue of a pixel in turns (0 red, 1/3 green, 2/3 blue), from its largest channel and what that
 * is above the smallest. */
static inline double colour_hue_of(const float *x, double most, double chroma)
{
    const double r = (double)x[0], g = (double)x[1], b = (double)x[2];
    const double sixths = most == r   ? (g - b) / chroma
                          : most == g ? 2 + (b - r) / chroma
                                      : 4 + (r - g) / chroma;
    return sixths / 6;
}

/* The hue in HSV moved by so many turns. */
static inline void colour_hue(const struct colour_image *m, double turns)
{
    for (int64_t i = 0; m->channels == COLOUR_RGB && i < m->pixels; i++) {
        float *x = m->x + i * m->channels;
        const double most = fmax(fmax((double)x[0], (double)x[1]), (double)x[2]);
        const double least = fmin(fmin((double)x[0], (double)x[1]), (double)x[2]);
        if (!(most > least))
            continue; /* gray */
        const double hue = colour_hue_of(x, most, most - least) + turns;
        const double sixths = 6 * (hue - floor(hue));
        for (int c = 0; c < COLOUR_RGB; c++) {
            /* from 5, 3 and 1 sixths on a channel falls, and is at its least for two of them */
            const double at = fmod(sixths + 5 - 2 * c, 6);
            const double share = fmax(0, fmin(fmin(at, 4 - at), 1));
            x[c] = (float)colour_cut(most - (most - least) * share);
        }
    }
}

#endif
