/* SPDX-License-Identifier: MIT
 *
 * piece.h - a rectangle of an example cut out, with all that lies in it; it may reach beyond the
 * image.
 */
#ifndef TFU_PLUGINS_TRANSFORM_PIECE_H
#define TFU_PLUGINS_TRANSFORM_PIECE_H

#include "place.h"
#include "take.h"

struct piece {
    int64_t top, left, height, width;
};

static inline int64_t piece_within(int64_t x, int64_t end)
{
    return x < 0 ? 0 : x > end ? end : x;
}

/* `count` pixels of an image in this colour, or of a mask as unknown. */
static inline void piece_fill(const struct tfu_float_list *fill, const struct tfu_tensor *t,
                              char *to, int64_t count)
{
    const size_t size = tfu_dtype_size(t->dtype);
    if (t->shape.rank < 3 || !fill->count) {
        memset(to, t->shape.rank < 3 ? UNKNOWN_CLASS : 0, (size_t)count * pixel_size(t));
        return;
    }
    for (int64_t i = 0; i < count; i++)
        for (int64_t c = 0; c < t->shape.dim[2]; c++, to += size)
            fill_pixel(fill, t, c, to);
}

static inline enum tfu_status piece_cut_pixels(struct tfu_tensor *t, const struct piece *c,
                                               const struct tfu_float_list *fill,
                                               struct tfu_example_host *h)
{
    const int64_t height = t->shape.dim[0], width = t->shape.dim[1];
    const size_t pixel = pixel_size(t), row = pixel * (size_t)c->width;
    const char *from = t->data;
    char *to = h->alloc(h, row * (size_t)c->height);
    if (!to)
        return TFU_ENOMEM;
    const int64_t first = piece_within(c->left, width);
    const int64_t end = piece_within(c->left + c->width, width);
    for (int64_t i = 0; i < c->height; i++, to += row) {
        const int64_t y = c->top + i;
        if (y < 0 || y >= height || first > c->left || end < c->left + c->width)
            piece_fill(fill, t, to, c->width);
        if (y >= 0 && y < height && end > first)
            memcpy(to + (size_t)(first - c->left) * pixel,
                   from + (size_t)(y * width + first) * pixel, (size_t)(end - first) * pixel);
    }
    t->data = to - row * (size_t)c->height;
    t->shape.dim[0] = c->height;
    t->shape.dim[1] = c->width;
    return TFU_OK;
}

/* Boxes and points of a piece that gets another size. */
static inline void piece_move(const struct tfu_example *x, const struct piece *c, int64_t height,
                              int64_t width)
{
    const double rows = (double)height / (double)c->height;
    const double columns = (double)width / (double)c->width;
    place_apply(x, &(struct place_move){
                       .scale = {rows, columns},
                       .shift = {-(double)c->top * rows, -(double)c->left * columns},
                   });
    place_cut(x, height, width);
}

/* All of an example, in its own size. */
static inline enum tfu_status piece_cut(const struct tfu_example *x, const struct piece *c,
                                        const struct tfu_float_list *fill,
                                        struct tfu_example_host *h)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && i < x->field_count; i++)
        if (has_pixels(x->field[i]))
            st = piece_cut_pixels(x->field[i]->t, c, fill, h);
    if (st == TFU_OK)
        piece_move(x, c, c->height, c->width);
    return st;
}

#endif
