/* SPDX-License-Identifier: MIT */
#include "core/synth/natural.h"

#include <math.h>
#include <stdbool.h>

#include "core/synth/natural_texture.h"

const char *const tfu_natural_classes[TFU_NATURAL_CLASSES] = {
    "arrow",  "bricks", "cells",   "checks",   "crescent", "cross", "disc",
    "dots",   "grass",  "heart",   "hexagon",  "marble",   "ring",  "rings",
    "square", "star",   "stripes", "triangle", "waves",    "wood"};

/* Where the class is among the shapes (from 0) or the textures (from TFU_SHAPES). */
static int drawing_of(int class)
{
    /* their names in the order of the alphabet, as folders have them */
    static const int of[TFU_NATURAL_CLASSES] = {9, 14, 17, 11, 6, 5, 0,  12, 18, 8,
                                                7, 16, 1,  19, 2, 4, 10, 3,  13, 15};
    return of[class];
}

/* A texture in its place, or a shape. */
struct layer {
    int drawing; /* as above; -1: clouds */
    uint32_t key;
    float x, y, cosine, sine, scale;
    float low[3], high[3]; /* colours of 0 and 1 */
};

static void draw_colours(struct tfu_random *r, struct layer *l)
{
    float apart;
    do { /* that are told from each other */
        apart = 0;
        for (int c = 0; c < 3; c++) {
            l->low[c] = (float)tfu_synth_between(r, 0.03, 0.97);
            l->high[c] = (float)tfu_synth_between(r, 0.03, 0.97);
            apart += fabsf(l->high[c] - l->low[c]);
        }
    } while (apart < 0.6f);
}

static struct layer draw_layer(struct tfu_random *r, int drawing)
{
    struct layer l = {.drawing = drawing, .key = (uint32_t)tfu_random_below(r, 1u << 31)};
    const bool shape = drawing >= 0 && drawing < TFU_SHAPES;
    const double turn = shape ? 0.06 * tfu_synth_spread(r) : tfu_random_uniform(r);
    l.cosine = (float)tfu_synth_cos(turn);
    l.sine = (float)tfu_synth_sin(turn);
    l.scale =
        shape ? (float)tfu_synth_between(r, 0.35, 0.85) : (float)tfu_synth_between(r, 0.16, 0.45);
    l.x = (float)tfu_synth_between(r, -0.9, 0.9) * (shape ? 1 - l.scale : 1);
    l.y = (float)tfu_synth_between(r, -0.9, 0.9) * (shape ? 1 - l.scale : 1);
    draw_colours(r, &l);
    return l;
}

static float layer_at(const struct layer *l, float x, float y, float pixel)
{
    const float dx = (x - l->x) / l->scale, dy = (y - l->y) / l->scale;
    const float u = l->cosine * dx + l->sine * dy, v = l->cosine * dy - l->sine * dx;
    if (l->drawing < 0)
        return 0.5f + 0.35f * tfu_noise_at(l->key, u * 0.5f + 40, v * 0.5f + 40) +
               0.15f * tfu_noise_at(l->key, u * 1.7f + 40, v * 1.7f + 40);
    if (l->drawing < TFU_SHAPES)
        return tfu_synth_unit(tfu_shape_at(l->drawing, u, v) * l->scale / pixel + 0.5f);
    return tfu_synth_unit(tfu_texture_at(l->drawing - TFU_SHAPES, l->key, u, v));
}

/* A layer over the planes; of a shape its share, which is kept in plane 3. */
static void paint(struct tfu_scene *s, const struct layer *l, float contrast, float light_x,
                  float light_y)
{
    const bool shape = l->drawing >= 0 && l->drawing < TFU_SHAPES;
    const int side = s->plane[0].side;
    for (int row = 0; row < side; row++)
        for (int column = 0; column < side; column++) {
            const size_t i = (size_t)row * (size_t)side + (size_t)column;
            const float x = tfu_plane_place(&s->plane[0], column);
            const float y = tfu_plane_place(&s->plane[0], row);
            const float t = layer_at(l, x, y, 2 / (float)side);
            const float light = 1 + light_x * x + light_y * y;
            const float value = 0.5f + contrast * (t - 0.5f);
            if (shape)
                s->plane[3].v[i] = t;
            for (int c = 0; c < 3; c++) {
                float *v = &s->plane[c].v[i];
                *v = shape ? tfu_synth_mix(*v, l->high[c] * light, t)
                           : tfu_synth_mix(l->low[c], l->high[c], value) * light;
            }
        }
}

int tfu_natural_quality(const struct tfu_natural_request *q)
{
    struct tfu_random r = tfu_synth_stream(q->image, "quality");
    return tfu_synth_count(&r, 70, 95);
}

enum tfu_status tfu_natural_draw(const struct tfu_natural_request *q, struct tfu_picture *out,
                                 struct tfu_error *e)
{
    struct tfu_random r = tfu_synth_stream(q->image, "natural");
    struct tfu_scene s;
    *out = (struct tfu_picture){.pixel = NULL};
    enum tfu_status st = tfu_scene_new(&s, q->side, 5, e);
    if (st != TFU_OK)
        return st;
    const int drawing = drawing_of(q->class);
    const bool shape = drawing < TFU_SHAPES;
    const float x = 0.2f * (float)tfu_synth_spread(&r), y = 0.2f * (float)tfu_synth_spread(&r);
    /* a shape lies before clouds, at times before a pale texture */
    const int behind = !shape ? drawing
                       : tfu_synth_chance(&r, 0.5)
                           ? TFU_SHAPES + tfu_synth_count(&r, 0, TFU_TEXTURES - 1)
                           : -1;
    struct layer ground = draw_layer(&r, behind);
    paint(&s, &ground, shape && behind >= 0 ? 0.35f : (float)tfu_synth_between(&r, 0.6, 1), x, y);
    if (shape) {
        const struct layer thing = draw_layer(&r, drawing);
        paint(&s, &thing, 1, -x, y);
    }
    for (int c = 0; c < 3; c++)
        tfu_plane_blur(&s.plane[c], (float)tfu_synth_between(&r, 0, 0.008), &s.plane[4]);
    st = tfu_scene_shrink(&s, e);
    if (st == TFU_OK)
        st = tfu_scene_mask(&s, 3, "SHAPE", out, e);
    if (st == TFU_OK) {
        tfu_camera_noise(&s, 3, (float)tfu_synth_between(&r, 0.01, 0.05), 0.4f,
                         tfu_random_key(q->image, "draw", "noise"));
        st = tfu_camera_confound(&s, 3, q->confounder, q->image, e);
    }
    if (st == TFU_OK)
        st = tfu_scene_pixels(&s, 3, out, e);
    tfu_scene_free(&s);
    if (st != TFU_OK)
        tfu_picture_free(out);
    return st;
}
