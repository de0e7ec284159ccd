/* SPDX-License-Identifier: MIT */
#include "core/conformance/example.h"

#include <math.h>
#include <string.h>

const char *tfu_check_field_name(uint32_t kind)
{
    static const char *const names[] = {"?",           "the pixels", "the class", "the labels",
                                        "the numbers", "the mask",   "the boxes", "the points"};
    return kind < TFU_COUNT(names) ? names[kind] : "?";
}

/* ---- memory */

static void *guarded(struct tfu_check_example *x, size_t bytes, size_t unit, const char *name)
{
    if (x->count == TFU_CHECK_MEMORY) {
        tfu_error_set(x->work.error, TFU_ENOMEM, "it takes memory more than %d times",
                      TFU_CHECK_MEMORY);
        return NULL;
    }
    struct tfu_guarded *g = &x->memory[x->count];
    if (tfu_guarded_new(g, bytes, unit < 4 ? 4 : unit, x->guard, name, x->work.error) != TFU_OK)
        return NULL;
    x->count++;
    memset(g->data, x->paint, bytes);
    return g->data;
}

static void *host_alloc(struct tfu_example_host *h, size_t bytes)
{
    return guarded(h->host, bytes, 4, "memory of alloc()");
}

/* ---- fields */

static void put_number(struct tfu_tensor *t, int64_t at, double unit)
{
    if (t->dtype == TFU_U8)
        ((uint8_t *)t->data)[at] = (uint8_t)lrint(unit * 255);
    else if (t->dtype == TFU_U16)
        ((uint16_t *)t->data)[at] = (uint16_t)lrint(unit * 65535);
    else
        ((float *)t->data)[at] = (float)unit;
}

static bool in_square(const struct tfu_check_scene *s, int64_t y, int64_t x)
{
    const int64_t half = TFU_CHECK_SQUARE / 2;
    return y >= s->y - half && y <= s->y + half && x >= s->x - half && x <= s->x + half;
}

/* From 0 to 1, neighbours far from each other: multiples of the golden ratio. */
static double any_number(int64_t at)
{
    return (double)((uint32_t)at * 2654435769u >> 8) / 16777216.0;
}

static void paint_image(const struct tfu_check_scene *s, struct tfu_tensor *t)
{
    for (int64_t p = 0; p < s->height * s->width; p++)
        for (int64_t c = 0; c < s->channels; c++) {
            const int64_t at = p * s->channels + c;
            const double any = any_number(at);
            const bool bright = !s->dark && in_square(s, p / s->width, p % s->width);
            put_number(t, at, s->marked ? (bright ? 0.75 : 0.25) : any);
        }
}

static void paint_mask(const struct tfu_check_scene *s, struct tfu_tensor *t)
{
    for (int64_t p = 0; p < s->height * s->width; p++)
        ((uint8_t *)t->data)[p] =
            s->marked ? in_square(s, p / s->width, p % s->width) : any_number(p) < 0.25;
}

/* One box around the square, and one point in its middle; else a few that differ. */
static void paint_places(const struct tfu_check_scene *s, struct tfu_tensor *t, int64_t columns)
{
    const float half = TFU_CHECK_SQUARE / 2.0f;
    for (int64_t i = 0; i < t->shape.dim[0]; i++) {
        float *at = (float *)t->data + i * columns;
        const float y = s->marked ? (float)s->y + 0.5f : (float)s->height * (float)(i + 1) / 4;
        const float x = s->marked ? (float)s->x + 0.5f : (float)s->width * (float)(3 - i) / 4;
        const float high = s->marked ? half : (float)s->height / 4;
        const float wide = s->marked ? half : (float)s->width / 4;
        at[columns - 1] = (float)i;
        at[0] = columns == 3 ? y : y - high;
        at[1] = columns == 3 ? x : x - wide;
        if (columns == 5) {
            at[2] = y + high;
            at[3] = x + wide;
        }
    }
}

/* add() of the host, but for where the memory lies. */
static struct tfu_tensor *host_add(struct tfu_example_host *h, uint32_t kind, uint32_t dtype,
                                   const struct tfu_shape *shape)
{
    struct tfu_check_example *x = h->host;
    struct tfu_tensor *t = tfu_example_append(&x->work, kind, dtype, shape, NULL);
    const size_t unit = tfu_dtype_size(dtype);
    if (t)
        t->data =
            guarded(x, (size_t)tfu_shape_count(shape) * unit, unit, tfu_check_field_name(kind));
    return t && t->data ? t : NULL;
}

static struct tfu_tensor *add(struct tfu_check_example *x, uint32_t kind, uint32_t dtype,
                              struct tfu_shape shape)
{
    return host_add(&x->work.host, kind, dtype, &shape);
}

static bool add_others(struct tfu_check_example *x, const struct tfu_check_scene *s)
{
    const int64_t rows = s->empty ? 0 : s->marked ? 1 : 3;
    struct tfu_tensor *mask =
        add(x, TFU_FIELD_MASK, TFU_U8, tfu_shape_make(2, s->height, s->width, 1, 1, 1));
    struct tfu_tensor *boxes =
        mask ? add(x, TFU_FIELD_BOXES, TFU_F32, tfu_shape_make(2, rows, 5, 1, 1, 1)) : NULL;
    struct tfu_tensor *points =
        boxes ? add(x, TFU_FIELD_POINTS, TFU_F32, tfu_shape_make(2, rows, 3, 1, 1, 1)) : NULL;
    struct tfu_tensor *class =
        points ? add(x, TFU_FIELD_CLASS, TFU_F32, tfu_shape_make(1, 1, 1, 1, 1, 1)) : NULL;
    struct tfu_tensor *numbers =
        class ? add(x, TFU_FIELD_NUMBERS, TFU_F32, tfu_shape_make(1, 2, 1, 1, 1, 1)) : NULL;
    if (!numbers)
        return false;
    paint_mask(s, mask);
    paint_places(s, boxes, 5);
    paint_places(s, points, 3);
    ((float *)class->data)[0] = 2;
    ((float *)numbers->data)[0] = 0.125f;
    ((float *)numbers->data)[1] = NAN; /* not known */
    return true;
}

static void start(struct tfu_check_example *x, struct tfu_image_files *files, enum tfu_guard guard,
                  unsigned char paint, struct tfu_error *e)
{
    tfu_example_begin(&x->work, files, e);
    x->guard = guard;
    x->paint = paint;
    x->count = 0;
}

void tfu_check_example_begin_empty(struct tfu_check_example *x, struct tfu_image_files *files,
                                   enum tfu_guard guard, unsigned char paint, struct tfu_error *e)
{
    start(x, files, guard, paint, e);
    x->work.host.add = host_add;
    x->work.adds = true;
}

enum tfu_status tfu_check_example_begin(struct tfu_check_example *x,
                                        const struct tfu_check_scene *s, enum tfu_guard guard,
                                        struct tfu_error *e)
{
    start(x, NULL, guard, 0xfe, e); /* as floats these are no pixels */
    struct tfu_tensor *image = add(x, TFU_FIELD_IMAGE, s->dtype,
                                   tfu_shape_make(3, s->height, s->width, s->channels, 1, 1));
    if (!image || (!s->alone && !add_others(x, s)))
        return e->status;
    paint_image(s, image);
    x->work.host.alloc = host_alloc;
    return TFU_OK;
}

void tfu_check_example_end(struct tfu_check_example *x)
{
    for (uint32_t i = 0; i < x->count; i++)
        tfu_guarded_free(&x->memory[i]);
    x->count = 0;
    tfu_example_end(&x->work);
}

const char *tfu_check_example_overrun(const struct tfu_check_example *x)
{
    for (uint32_t i = 0; i < x->count; i++)
        if (!tfu_guarded_intact(&x->memory[i]))
            return i < x->work.example.field_count
                       ? tfu_check_field_name(x->work.example.field[i]->kind)
                       : "what alloc() gave";
    return NULL;
}

/* ---- comparing */

static bool is_of(uint32_t kind, enum tfu_check_fields which)
{
    return which == TFU_CHECK_ALL_FIELDS ? true
           : which == TFU_CHECK_IMAGE    ? kind == TFU_FIELD_IMAGE
           : which == TFU_CHECK_PLACED   ? kind != TFU_FIELD_IMAGE && tfu_field_has_place(kind)
                                         : !tfu_field_has_place(kind);
}

bool tfu_check_example_same(const struct tfu_check_example *a, const struct tfu_check_example *b,
                            enum tfu_check_fields which)
{
    const struct tfu_example *p = &a->work.example, *q = &b->work.example;
    for (uint32_t i = 0; i < p->field_count && i < q->field_count; i++) {
        const struct tfu_tensor *s = p->field[i]->t, *t = q->field[i]->t;
        if (!is_of(p->field[i]->kind, which))
            continue;
        if (p->field[i]->kind != q->field[i]->kind || s->dtype != t->dtype ||
            !tfu_shape_equal(&s->shape, &t->shape) ||
            memcmp(s->data, t->data,
                   (size_t)tfu_shape_count(&s->shape) * tfu_dtype_size(s->dtype)) != 0)
            return false;
    }
    return which != TFU_CHECK_ALL_FIELDS || p->field_count == q->field_count;
}
