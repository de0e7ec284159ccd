/* SPDX-License-Identifier: MIT */
#include "core/audit/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/example.h"
#include "core/data/resize.h"

enum { UNKNOWN_CLASS = 255, BOX_COLUMNS = 5, POINT_COLUMNS = 3 };

/* Of classes 1, 2, ...; class 0 of a mask is what lies behind all else, and stays as it is. */
static const unsigned char colours[][3] = {{230, 60, 60},  {60, 180, 75},  {0, 130, 200},
                                           {245, 200, 0},  {145, 30, 180}, {70, 220, 220},
                                           {240, 130, 40}, {240, 80, 230}};

static const unsigned char *colour_of(float class)
{
    const size_t count = sizeof colours / sizeof *colours;
    return class >= 1 ? colours[((size_t) class - 1) % count] : colours[count - 1];
}

/* Where the image lies in the picture. */
struct frame {
    struct tfu_image *out;
    int64_t top, left, height, width;
    double scale; /* from pixels of the image to those of the picture */
};

static struct frame fit(struct tfu_image *out, int64_t top, int64_t left, int64_t side,
                        int64_t height, int64_t width)
{
    const double scale = (double)side / (double)(height > width ? height : width);
    struct frame f = {.out = out, .scale = scale};
    f.height = (int64_t)fmax(1, floor((double)height * scale + 0.5));
    f.width = (int64_t)fmax(1, floor((double)width * scale + 0.5));
    f.top = top + (side - f.height) / 2;
    f.left = left + (side - f.width) / 2;
    return f;
}

/* ---- the image */

static void undo_normalisation(float *pixels, int64_t count, int64_t channels,
                               const struct tfu_preprocessing *p)
{
    if (!p || p->channels == 0)
        return;
    for (int64_t i = 0; i < count; i++)
        for (int64_t c = 0; c < channels; c++) {
            const size_t k = (size_t)c < p->channels ? (size_t)c : 0;
            float *v = &pixels[i * channels + c];
            *v = (float)((double)*v * p->deviation[k] + p->mean[k]);
        }
    for (int64_t i = 0; channels == 3 && strcmp(p->order, "bgr") == 0 && i < count; i++) {
        const float blue = pixels[3 * i];
        pixels[3 * i] = pixels[3 * i + 2];
        pixels[3 * i + 2] = blue;
    }
}

static enum tfu_status shrink(const float *pixels, const int64_t dim[3], const struct frame *f,
                              float **out, struct tfu_error *e)
{
    struct tfu_resize *r;
    *out = malloc((size_t)(f->height * f->width * dim[2]) * sizeof **out);
    if (!*out)
        return tfu_error_memory(e, "drawing an example", 0);
    enum tfu_status st = tfu_resize_new(&r, dim[0], dim[1], f->height, f->width, dim[2], e);
    if (st != TFU_OK)
        return st;
    void *scratch = malloc(tfu_resize_scratch(r) + 1);
    if (scratch)
        tfu_resize_run(r, TFU_F32, pixels, scratch, *out);
    else
        st = tfu_error_memory(e, "drawing an example", 0);
    free(scratch);
    tfu_resize_free(r);
    return st;
}

static enum tfu_status put_pixels(const struct frame *f, const float *pixels, int64_t channels,
                                  struct tfu_error *e)
{
    struct tfu_image small;
    const enum tfu_status st = tfu_image_new(&small, f->height, f->width, e);
    if (st != TFU_OK)
        return st;
    tfu_image_from_numbers(&small, pixels, channels, 0, 1);
    for (int64_t y = 0; y < f->height; y++)
        memcpy(f->out->pixel + ((f->top + y) * f->out->width + f->left) * 3,
               small.pixel + y * f->width * 3, (size_t)f->width * 3);
    tfu_image_free(&small);
    return TFU_OK;
}

static enum tfu_status draw_image(const struct frame *f, const struct tfu_tensor *t,
                                  const struct tfu_preprocessing *undo, struct tfu_error *e)
{
    const int64_t *dim = t->shape.dim;
    float *small = NULL;
    float *pixels = malloc((size_t)tfu_shape_count(&t->shape) * sizeof *pixels);
    if (!pixels)
        return tfu_error_memory(e, "drawing an example", 0);
    tfu_example_copy_floats(t, pixels);
    undo_normalisation(pixels, dim[0] * dim[1], dim[2], undo);
    enum tfu_status st = shrink(pixels, dim, f, &small, e);
    if (st == TFU_OK)
        st = put_pixels(f, small, dim[2], e);
    free(small);
    free(pixels);
    return st;
}

/* ---- what lies in it */

static void put(const struct frame *f, double y, double x, const unsigned char colour[3],
                double share)
{
    const int64_t row = (int64_t)floor(y), column = (int64_t)floor(x);
    if (row < 0 || row >= f->height || column < 0 || column >= f->width)
        return;
    unsigned char *p = f->out->pixel + ((f->top + row) * f->out->width + f->left + column) * 3;
    for (int c = 0; c < 3; c++)
        p[c] = (unsigned char)((1 - share) * p[c] + share * colour[c] + 0.5);
}

static void draw_mask(const struct frame *f, const struct tfu_tensor *t)
{
    const unsigned char *mask = t->data;
    for (int64_t y = 0; y < f->height; y++)
        for (int64_t x = 0; x < f->width; x++) {
            int64_t row = (int64_t)(((double)y + 0.5) / f->scale);
            int64_t column = (int64_t)(((double)x + 0.5) / f->scale);
            row = row < t->shape.dim[0] ? row : t->shape.dim[0] - 1;
            column = column < t->shape.dim[1] ? column : t->shape.dim[1] - 1;
            const unsigned char class = mask[row * t->shape.dim[1] + column];
            if (class != 0 && class != UNKNOWN_CLASS)
                put(f, (double)y, (double)x, colour_of(class), 0.5);
        }
}

static void draw_box(const struct frame *f, const float *box)
{
    const double top = (double)box[0] * f->scale, left = (double)box[1] * f->scale;
    const double bottom = (double)box[2] * f->scale - 1, right = (double)box[3] * f->scale - 1;
    const unsigned char *colour = colour_of(box[4]);
    if (!isfinite(top + left + bottom + right))
        return;
    for (double x = fmax(left, 0); x <= fmin(right, (double)f->width); x++) {
        put(f, top, x, colour, 1);
        put(f, bottom, x, colour, 1);
    }
    for (double y = fmax(top, 0); y <= fmin(bottom, (double)f->height); y++) {
        put(f, y, left, colour, 1);
        put(f, y, right, colour, 1);
    }
}

static void draw_point(const struct frame *f, const float *point)
{
    const double y = (double)point[0] * f->scale, x = (double)point[1] * f->scale;
    if (!isfinite(y + x))
        return;
    for (int k = -3; k <= 3; k++) {
        put(f, y + k, x, colour_of(point[2]), 1);
        put(f, y, x + k, colour_of(point[2]), 1);
    }
}

static void draw_field(const struct frame *f, const struct tfu_field *field)
{
    const float *row = field->t->data;
    const int64_t count = field->t->shape.dim[0];
    if (field->kind == TFU_FIELD_MASK)
        draw_mask(f, field->t);
    for (int64_t i = 0; field->kind == TFU_FIELD_BOXES && i < count; i++)
        draw_box(f, row + i * BOX_COLUMNS);
    for (int64_t i = 0; field->kind == TFU_FIELD_POINTS && i < count; i++)
        draw_point(f, row + i * POINT_COLUMNS);
}

enum tfu_status tfu_picture_draw(struct tfu_image *out, int64_t top, int64_t left, int64_t side,
                                 const struct tfu_example *x, const struct tfu_preprocessing *undo,
                                 int64_t *height, int64_t *width, struct tfu_error *e)
{
    const struct tfu_tensor *t = tfu_example_find(x, TFU_FIELD_IMAGE);
    *height = t->shape.dim[0];
    *width = t->shape.dim[1];
    const struct frame f = fit(out, top, left, side, *height, *width);
    const enum tfu_status st = draw_image(&f, t, undo, e);
    for (uint32_t i = 0; st == TFU_OK && i < x->field_count; i++)
        draw_field(&f, x->field[i]);
    return st;
}
