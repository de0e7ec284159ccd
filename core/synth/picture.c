/* SPDX-License-Identifier: MIT */
#include "core/synth/picture.h"

#include <stdbool.h>
#include <stdlib.h>

void tfu_picture_free(struct tfu_picture *p)
{
    free(p->pixel);
    for (int i = 0; i < p->mask_count; i++)
        free(p->mask[i].pixel);
    *p = (struct tfu_picture){.pixel = NULL};
}

/* Small pictures are drawn finer: what is thinner than their pixels keeps its share of them. */
static int choose_factor(int side)
{
    const int factor = (255 + side) / side;
    return factor > 8 ? 8 : factor > 1 ? factor : side < 384 ? 2 : 1;
}

enum tfu_status tfu_scene_new(struct tfu_scene *out, int side, int count, struct tfu_error *e)
{
    *out = (struct tfu_scene){.side = side, .factor = choose_factor(side), .count = count};
    enum tfu_status st = TFU_OK;
    for (int i = 0; i < count && st == TFU_OK; i++)
        st = tfu_plane_new(&out->plane[i], side * out->factor, e);
    if (st != TFU_OK)
        tfu_scene_free(out);
    return st;
}

void tfu_scene_free(struct tfu_scene *s)
{
    for (int i = 0; i < s->count; i++)
        tfu_plane_free(&s->plane[i]);
    s->count = 0;
}

enum tfu_status tfu_scene_shrink(struct tfu_scene *s, struct tfu_error *e)
{
    if (s->factor == 1)
        return TFU_OK;
    for (int i = 0; i < s->count; i++) {
        struct tfu_plane small;
        const enum tfu_status st = tfu_plane_new(&small, s->side, e);
        if (st != TFU_OK)
            return st;
        tfu_plane_shrink(&small, &s->plane[i]);
        tfu_plane_free(&s->plane[i]);
        s->plane[i] = small;
    }
    s->factor = 1;
    return TFU_OK;
}

static unsigned char level(float v)
{
    return (unsigned char)(tfu_synth_unit(v) * 255 + 0.5f);
}

enum tfu_status tfu_scene_pixels(const struct tfu_scene *s, int channels, struct tfu_picture *out,
                                 struct tfu_error *e)
{
    const size_t count = tfu_plane_count(&s->plane[0]), step = (size_t)channels;
    unsigned char *pixel = malloc(count * step);
    if (!pixel)
        return tfu_error_memory(e, "drawing an image", count * step);
    for (size_t c = 0; c < step; c++)
        for (size_t i = 0; i < count; i++)
            pixel[i * step + c] = level(s->plane[c].v[i]);
    out->side = s->side;
    out->channels = channels;
    out->pixel = pixel;
    return TFU_OK;
}

enum tfu_status tfu_scene_mask(const struct tfu_scene *s, int plane, const char *name,
                               struct tfu_picture *out, struct tfu_error *e)
{
    const size_t count = tfu_plane_count(&s->plane[plane]);
    const float *v = s->plane[plane].v;
    bool empty = true;
    for (size_t i = 0; i < count && empty; i++)
        empty = v[i] < 1.0f / 3;
    if (empty)
        return TFU_OK;
    unsigned char *pixel = malloc(count);
    if (!pixel)
        return tfu_error_memory(e, "drawing a mask", count);
    for (size_t i = 0; i < count; i++)
        pixel[i] = v[i] < 1.0f / 3 ? 0 : 255;
    out->mask[out->mask_count++] = (struct tfu_picture_mask){name, pixel};
    return TFU_OK;
}
