/* SPDX-License-Identifier: MIT
 *
 * warp.h - an example that is bent within its frame: for each pixel that comes out the place in the
 * image that it comes from, and for boxes and points the way there.
 *
 * Places are (y, x) in pixels from the upper left corner of the image, as in <transfuse/example.h>.
 */
#ifndef TFU_PLUGINS_TRANSFORM_WARP_H
#define TFU_PLUGINS_TRANSFORM_WARP_H

#include <math.h>

#include "place.h"
#include "take.h"

typedef void warp_map(const void *how, const double from[2], double to[2]);

struct warp {
    warp_map *back;    /* from a place in what comes out to that in the image */
    warp_map *forward; /* the reverse */
    const void *how;   /* what both are called with */
    int nearest;       /* the pixel at that place; else between four of them */
    const struct tfu_float_list *fill;
};

static const char *const warp_choices[] = {"bilinear", "nearest", NULL};

#define OPT_WARP_FILTER(cfg)                                                                       \
    TFU_OPT_ENUM(                                                                                  \
        cfg, filter, "bilinear", warp_choices,                                                     \
        "bilinear: between the four pixels around the place; nearest: that at the place. "         \
        "Masks take the nearest")

/* ---- pixels */

static inline enum tfu_status warp_nearest(const struct warp *w, struct tfu_tensor *t,
                                           struct tfu_example_host *h)
{
    const int64_t height = t->shape.dim[0], width = t->shape.dim[1];
    const int64_t channels = t->shape.rank > 2 ? t->shape.dim[2] : 1;
    const size_t number = tfu_dtype_size(t->dtype), pixel = pixel_size(t);
    const char *from = t->data;
    char *to = h->alloc(h, (size_t)(height * width) * pixel);
    if (!to)
        return TFU_ENOMEM;
    t->data = to;
    for (int64_t y = 0; y < height; y++)
        for (int64_t x = 0; x < width; x++, to += pixel) {
            double at[2];
            w->back(w->how, (const double[]){(double)y + 0.5, (double)x + 0.5}, at);
            const double row = floor(at[0]), column = floor(at[1]);
            if (row >= 0 && column >= 0 && row < (double)height && column < (double)width)
                memcpy(to, from + (size_t)((int64_t)row * width + (int64_t)column) * pixel, pixel);
            else if (t->shape.rank < 3)
                memset(to, UNKNOWN_CLASS, pixel);
            else
                for (int64_t c = 0; c < channels; c++)
                    fill_pixel(w->fill, t, c, to + (size_t)c * number);
        }
    return TFU_OK;
}

/* The four pixels around a place; those outside have no index. */
struct warp_corners {
    int64_t index[4]; /* -1: outside */
    double share[4];
};

static inline struct warp_corners warp_around(const double at[2], int64_t height, int64_t width)
{
    const double y = at[0] - 0.5, x = at[1] - 0.5, top = floor(y), left = floor(x);
    struct warp_corners k;
    for (int i = 0; i < 4; i++) {
        const double row = top + i / 2, column = left + i % 2;
        const int inside =
            row >= 0 && column >= 0 && row < (double)height && column < (double)width;
        k.index[i] = inside ? (int64_t)row * width + (int64_t)column : -1;
        k.share[i] = (1 - fabs(y - row)) * (1 - fabs(x - column));
    }
    return k;
}

static inline enum tfu_status warp_bilinear(const struct warp *w, struct tfu_tensor *t,
                                            struct tfu_example_host *h)
{
    const enum tfu_status st = h->to_floats(h, t);
    if (st != TFU_OK)
        return st;
    const int64_t height = t->shape.dim[0], width = t->shape.dim[1], channels = t->shape.dim[2];
    const float *from = t->data;
    float *to = h->alloc(h, (size_t)(height * width * channels) * sizeof *to);
    if (!to)
        return TFU_ENOMEM;
    t->data = to;
    for (int64_t y = 0; y < height; y++)
        for (int64_t x = 0; x < width; x++) {
            double at[2];
            w->back(w->how, (const double[]){(double)y + 0.5, (double)x + 0.5}, at);
            const struct warp_corners k = warp_around(at, height, width);
            for (int64_t c = 0; c < channels; c++) {
                double sum = 0;
                for (int i = 0; i < 4; i++)
                    sum += k.share[i] * (k.index[i] < 0 ? fill_of(w->fill, c)
                                                        : (double)from[k.index[i] * channels + c]);
                *to++ = (float)sum;
            }
        }
    return TFU_OK;
}

/* ---- boxes and points */

/* The least box around where the edges of one go. */
static inline void warp_box(const struct warp *w, float box[4])
{
    enum { STEPS = 8 };
    const double top = (double)box[0], left = (double)box[1];
    const double high = (double)box[2] - top, wide = (double)box[3] - left;
    double least[2] = {INFINITY, INFINITY}, most[2] = {-INFINITY, -INFINITY};
    if (!isfinite(top + left + high + wide))
        return; /* it is not known where it is */
    for (int i = 0; i < 4 * STEPS; i++) {
        const double along = (double)(i % STEPS) / STEPS,
                     edges[4][2] = {{0, along}, {along, 1}, {1, 1 - along}, {1 - along, 0}};
        const double *edge = edges[i / STEPS];
        double to[2];
        w->forward(w->how, (const double[]){top + edge[0] * high, left + edge[1] * wide}, to);
        for (int k = 0; k < 2; k++) {
            least[k] = fmin(least[k], to[k]);
            most[k] = fmax(most[k], to[k]);
        }
    }
    for (int k = 0; k < 4; k++)
        box[k] = (float)(k < 2 ? least[k] : most[k - 2]);
}

static inline void warp_places(const struct warp *w, const struct tfu_example *x)
{
    for (uint32_t i = 0; i < x->field_count; i++) {
        const struct tfu_tensor *t = x->field[i]->t;
        float *at = t->data;
        for (int64_t k = 0; x->field[i]->kind == TFU_FIELD_BOXES && k < t->shape.dim[0]; k++)
            warp_box(w, at + k * BOX_COLUMNS);
        for (int64_t k = 0; x->field[i]->kind == TFU_FIELD_POINTS && k < t->shape.dim[0]; k++) {
            float *p = at + k * POINT_COLUMNS;
            double to[2];
            if (!isfinite(p[0]) || !isfinite(p[1]))
                continue;
            w->forward(w->how, (const double[]){(double)p[0], (double)p[1]}, to);
            p[0] = (float)to[0];
            p[1] = (float)to[1];
        }
    }
}

/* ---- all of an example, whose fields that have pixels are of one size */

static inline enum tfu_status warp_example(const struct warp *w, const struct tfu_example *x,
                                           struct tfu_example_host *h)
{
    const struct tfu_tensor *image = tfu_example_find(x, TFU_FIELD_IMAGE);
    enum tfu_status st = check_image_fill(w->fill, image->shape.dim[2], h);
    for (uint32_t i = 0; st == TFU_OK && i < x->field_count; i++)
        if (has_pixels(x->field[i]))
            st = w->nearest || x->field[i]->kind == TFU_FIELD_MASK
                     ? warp_nearest(w, x->field[i]->t, h)
                     : warp_bilinear(w, x->field[i]->t, h);
    if (st != TFU_OK)
        return st;
    warp_places(w, x);
    place_cut(x, image->shape.dim[0], image->shape.dim[1]);
    return TFU_OK;
}

#endif
