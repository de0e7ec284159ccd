/* SPDX-License-Identifier: MIT */
#include "core/synth/camera.h"

#include <math.h>

#include <transfuse/random.h>

#include "core/synth/shape.h"

/* Mean 0, variance 1: four bytes, each uniform. */
static float spread_of(uint32_t word)
{
    const int sum =
        (int)(word & 255) + (int)(word >> 8 & 255) + (int)(word >> 16 & 255) + (int)(word >> 24);
    return ((float)sum - 510) * (1 / 147.8f);
}

void tfu_camera_noise(struct tfu_scene *s, int channels, float amplitude, float together,
                      uint64_t key)
{
    for (size_t i = 0; i < tfu_plane_count(&s->plane[0]); i++) {
        const struct tfu_random_block b = tfu_philox(key, i);
        const float common = spread_of(b.word[3]) * together;
        for (int c = 0; c < channels; c++)
            s->plane[c].v[i] += amplitude * (common + (1 - together) * spread_of(b.word[c]));
    }
}

/* A "T" in a box, as a sticker or a burnt-in sign. */
static enum tfu_status draw_tag(struct tfu_scene *s, int channels, uint64_t key,
                                struct tfu_error *e)
{
    struct tfu_random r = tfu_synth_stream(key, "tag");
    const float side = tfu_synth_chance(&r, 0.5) ? 1.f : -1.f;
    const float x = side * (float)tfu_synth_between(&r, 0.76, 0.84);
    const float y = (float)tfu_synth_between(&r, -0.84, -0.74);
    const float h = (float)tfu_synth_between(&r, 0.055, 0.075), w = h / 3.2f;
    struct tfu_plane sign;
    const enum tfu_status st = tfu_plane_new(&sign, s->plane[0].side, e);
    if (st != TFU_OK)
        return st;
    struct tfu_path path = {.count = 0};
    for (int i = 0; i < 5; i++) /* a box */
        tfu_path_add(&path, x + (i % 4 == 0 || i == 3 ? -1.5f : 1.5f) * h,
                     y + (i == 0 || i == 1 || i == 4 ? -1.5f : 1.5f) * h, w * 0.7f);
    tfu_draw_path(&sign, &path, 0, 1);
    path.count = 0;
    tfu_path_add(&path, x - 0.8f * h, y - 0.9f * h, w);
    tfu_path_add(&path, x + 0.8f * h, y - 0.9f * h, w);
    tfu_draw_path(&sign, &path, 0, 1);
    path.count = 0;
    tfu_path_add(&path, x, y - 0.9f * h, w);
    tfu_path_add(&path, x, y + h, w);
    tfu_draw_path(&sign, &path, 0, 1);
    for (int c = 0; c < channels; c++)
        tfu_plane_cover(&s->plane[c], &sign, 0.92f, 0.9f);
    tfu_plane_free(&sign);
    return TFU_OK;
}

static void draw_noise(struct tfu_scene *s, int channels, uint64_t key)
{
    for (size_t i = 0; i < tfu_plane_count(&s->plane[0]); i++) {
        const struct tfu_random_block b = tfu_philox(key, i);
        for (int c = 0; c < channels; c++) {
            float *v = &s->plane[c].v[i];
            *v += 0.13f * sqrtf(tfu_synth_unit(*v)) * spread_of(b.word[c]);
        }
    }
}

enum tfu_status tfu_camera_confound(struct tfu_scene *s, int channels, enum tfu_confounder what,
                                    uint64_t key, struct tfu_error *e)
{
    struct tfu_plane spare;
    switch (what) {
    case TFU_CONFOUNDER_NONE:
        return TFU_OK;
    case TFU_CONFOUNDER_TAG:
        return draw_tag(s, channels, key, e);
    case TFU_CONFOUNDER_NOISE:
        draw_noise(s, channels, tfu_random_key(key, "draw", "confounding noise"));
        return TFU_OK;
    case TFU_CONFOUNDER_LOW_PASS:
        if (tfu_plane_new(&spare, s->plane[0].side, e) != TFU_OK)
            return TFU_ENOMEM;
        for (int c = 0; c < channels; c++)
            tfu_plane_blur(&s->plane[c], fmaxf(0.03f, 2.4f / (float)s->side), &spare);
        tfu_plane_free(&spare);
        return TFU_OK;
    }
    return TFU_OK;
}
