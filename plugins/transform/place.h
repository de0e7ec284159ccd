/* SPDX-License-Identifier: MIT
 *
 * place.h - what geometric transforms share: fields that lie in the image, their pixels, and boxes
 * and points that move with them.
 */
#ifndef TFU_PLUGINS_TRANSFORM_PLACE_H
#define TFU_PLUGINS_TRANSFORM_PLACE_H

#include <string.h>

#include <transfuse/transform.h>

enum { UNKNOWN_CLASS = 255 }; /* of a mask's pixel */

/* Boxes are top, left, bottom, right, class; points are y, x, class. */
enum { BOX_COLUMNS = 5, POINT_COLUMNS = 3 };

/* Pixels: an image H,W,C or a mask H,W. */
static inline int has_pixels(const struct tfu_field *f)
{
    return f->kind == TFU_FIELD_IMAGE || f->kind == TFU_FIELD_MASK;
}

/* Bytes of one pixel. */
static inline size_t pixel_size(const struct tfu_tensor *t)
{
    return tfu_dtype_size(t->dtype) * (size_t)(t->shape.rank > 2 ? t->shape.dim[2] : 1);
}

/* The size of the image, where all that has pixels is of that size. */
static inline enum tfu_status image_size(const struct tfu_example *x, struct tfu_example_host *h,
                                         int64_t *height, int64_t *width)
{
    const struct tfu_tensor *image = tfu_example_find(x, TFU_FIELD_IMAGE);
    *height = *width = 0;
    if (!image)
        return h->fail(h, TFU_EINVAL, "the example has no image; the dataset is to add one");
    *height = image->shape.dim[0];
    *width = image->shape.dim[1];
    for (uint32_t i = 0; i < x->field_count; i++) {
        const struct tfu_tensor *t = x->field[i]->t;
        if (has_pixels(x->field[i]) && (t->shape.dim[0] != *height || t->shape.dim[1] != *width))
            return h->fail(h, TFU_ESHAPE,
                           "the mask has %lldx%lld pixels, but the image %lldx%lld; they are to be "
                           "of the same size to move together",
                           (long long)t->shape.dim[0], (long long)t->shape.dim[1],
                           (long long)*height, (long long)*width);
    }
    return TFU_OK;
}

/* y * scale[0] + shift[0], and so for x. */
struct place_move {
    double scale[2], shift[2];
};

static inline float place_moved(const struct place_move *m, int axis, float at)
{
    return (float)((double)at * m->scale[axis] + m->shift[axis]);
}

/* Moves all boxes and points. */
static inline void place_apply(const struct tfu_example *x, const struct place_move *m)
{
    for (uint32_t i = 0; i < x->field_count; i++) {
        const uint32_t kind = x->field[i]->kind;
        const struct tfu_tensor *t = x->field[i]->t;
        const int columns = kind == TFU_FIELD_BOXES ? BOX_COLUMNS : POINT_COLUMNS;
        if (kind != TFU_FIELD_BOXES && kind != TFU_FIELD_POINTS)
            continue;
        for (int64_t row = 0; row < t->shape.dim[0]; row++) {
            float *at = (float *)t->data + row * columns;
            for (int c = 0; c < columns - 1; c++)
                at[c] = place_moved(m, c % 2, at[c]);
        }
    }
}

/* Leaves what is unknown (NaN) so. */
static inline float place_within(float at, float limit)
{
    return at < 0 ? 0 : at > limit ? limit : at;
}

/* Cuts a box at the image's edges. False: nothing is left. */
static inline int place_cut_box(float *box, float height, float width)
{
    for (int c = 0; c < 4; c++)
        box[c] = place_within(box[c], c % 2 ? width : height);
    return !(box[0] >= box[2]) && !(box[1] >= box[3]);
}

/* Is a point in the image? Its edges are. */
static inline int place_has_point(const float *at, float height, float width)
{
    return !(at[0] < 0) && !(at[0] > height) && !(at[1] < 0) && !(at[1] > width);
}

/* Cuts boxes at an image's edges; drops those of which nothing is left, and points outside. */
static inline void place_cut(const struct tfu_example *x, int64_t height, int64_t width)
{
    for (uint32_t i = 0; i < x->field_count; i++) {
        const int boxes = x->field[i]->kind == TFU_FIELD_BOXES;
        struct tfu_tensor *t = x->field[i]->t;
        const int columns = boxes ? BOX_COLUMNS : POINT_COLUMNS;
        if (!boxes && x->field[i]->kind != TFU_FIELD_POINTS)
            continue;
        int64_t kept = 0;
        for (int64_t row = 0; row < t->shape.dim[0]; row++) {
            float *at = (float *)t->data + row * columns;
            const int stays = boxes ? place_cut_box(at, (float)height, (float)width)
                                    : place_has_point(at, (float)height, (float)width);
            if (stays)
                memmove((float *)t->data + kept++ * columns, at, (size_t)columns * sizeof *at);
        }
        t->shape.dim[0] = kept;
    }
}

#endif
