/* SPDX-License-Identifier: MIT
 *
 * A chest from its left side, the breastbone to the left of the picture: both lungs lie behind
 * each other.
 */
#include <math.h>

#include "core/synth/chest.h"

static struct tfu_plane *work(struct tfu_scene *film)
{
    return &film->plane[TFU_FILM_WORK];
}

static void region(struct tfu_plane *p, const struct tfu_point *point, int count, float middle)
{
    struct tfu_point moved[24];
    for (int i = 0; i < count; i++)
        moved[i] = (struct tfu_point){point[i].x + middle, point[i].y};
    tfu_draw_region(p, moved, count, 1);
}

/* The angle of the diaphragm at the back. */
static float back_angle(const struct tfu_chest *c)
{
    return c->angle + 0.14f;
}

static void draw_outline(const struct tfu_chest *c, struct tfu_scene *film)
{
    const float m = c->middle, belly = 0.08f * (c->fat - 1);
    const struct tfu_point body[] = {
        {-0.25f, -1.4f},        {-0.28f, -0.86f},       {-0.52f, -0.55f}, {-0.68f, -0.1f},
        {-0.70f - belly, 0.4f}, {-0.72f - belly, 1.4f}, {0.74f, 1.4f},    {0.76f, 0.4f},
        {0.82f, -0.1f},         {0.74f, -0.5f},         {0.45f, -0.85f},  {0.30f, -1.4f}};
    region(&film->plane[TFU_FILM_BODY], body, TFU_COUNT(body), m);
    tfu_film_add_kept(film, TFU_FILM_BODY, 0.03f, 0.62f * c->fat);
    const struct tfu_point arms[] = {{m + 0.30f, -0.62f}, {m - 0.1f, -0.8f}, {m - 0.55f, -1.2f}};
    struct tfu_path path;
    tfu_path_curve(&path, arms, TFU_COUNT(arms), 8, 0.36f, 0.30f);
    tfu_draw_path(work(film), &path, 0, 1);
    tfu_film_add(film, 0.03f, 0.28f * c->fat);
}

static void draw_lungs(const struct tfu_chest *c, struct tfu_scene *film)
{
    const float dome = c->dome[0], back = back_angle(c);
    const struct tfu_point lungs[] = {
        {0.02f, -0.74f}, {0.30f, -0.66f},        {0.52f, -0.36f},        {0.60f, 0.0f},
        {0.59f, 0.35f},  {0.57f, back},          {0.562f, back},         {0.40f, dome + 0.14f},
        {0.10f, dome},   {-0.25f, dome + 0.01f}, {-0.55f, dome + 0.12f}, {-0.56f, dome + 0.11f},
        {-0.54f, -0.1f}, {-0.44f, -0.42f},       {-0.22f, -0.62f}};
    region(&film->plane[TFU_FILM_LUNGS], lungs, TFU_COUNT(lungs), c->middle);
    tfu_plane_blur(&film->plane[TFU_FILM_LUNGS], 0.01f, &film->plane[TFU_FILM_SPARE]);
    tfu_plane_weaken(&film->plane[TFU_FILM_SUM], &film->plane[TFU_FILM_LUNGS], 0.72f);
    for (int s = 0; s < 2; s++) { /* the two halves of the diaphragm, not quite in line */
        const float lift = s ? 0.05f : 0;
        const struct tfu_point below[] = {{-0.95f, 1.4f},         {-0.95f, dome + 0.2f},
                                          {-0.56f, dome + 0.12f}, {-0.25f, dome + 0.01f + lift},
                                          {0.10f, dome + lift},   {0.40f, dome + 0.14f + lift},
                                          {0.57f, back},          {0.95f, back + 0.1f},
                                          {0.95f, 1.4f}};
        region(work(film), below, TFU_COUNT(below), c->middle);
        tfu_film_add_within(film, TFU_FILM_BODY, 0.008f, 0.24f);
    }
}

static void draw_middle(const struct tfu_chest *c, struct tfu_scene *film)
{
    const float m = c->middle, dome = c->dome[0], size = c->truth->cardiothoracic / 0.44f;
    const float back = -0.02f + 0.24f * (size - 1), high = dome - 0.42f * size;
    const struct tfu_point heart[] = {{-0.52f, dome + 0.08f},       {-0.52f, dome - 0.16f},
                                      {-0.40f, high + 0.10f},       {-0.20f, high},
                                      {back + 0.02f, high + 0.14f}, {back + 0.13f, dome - 0.12f},
                                      {back + 0.10f, dome + 0.04f}, {-0.2f, dome + 0.10f}};
    region(&film->plane[TFU_FILM_HEART], heart, TFU_COUNT(heart), m);
    tfu_film_add_kept(film, TFU_FILM_HEART, 0.02f, 0.34f);
    struct tfu_path path;
    const struct tfu_point aorta[] = {{m - 0.16f, high + 0.05f},
                                      {m - 0.10f, -0.36f},
                                      {m + 0.08f, -0.44f},
                                      {m + 0.26f, -0.32f},
                                      {m + 0.34f, 0.0f}};
    tfu_path_curve(&path, aorta, TFU_COUNT(aorta), 8, 0.13f, 0.11f);
    tfu_draw_path(work(film), &path, 0.2f, 1);
    tfu_film_add(film, 0.02f, 0.10f);
    tfu_draw_ellipse(work(film), &(struct tfu_ellipse){.x = m + 0.03f,
                                                       .y = -0.14f,
                                                       .radius_x = 0.11f,
                                                       .radius_y = 0.13f,
                                                       .soft = 0.9f,
                                                       .ragged = 0.4f,
                                                       .key = (uint32_t)c->patient,
                                                       .value = 1});
    tfu_film_add(film, 0.01f, 0.13f);
    const struct tfu_point trachea[] = {{m - 0.02f, -1.2f}, {m + 0.02f, -0.6f}, {m + 0.06f, -0.2f}};
    tfu_path_curve(&path, trachea, TFU_COUNT(trachea), 8, 0.09f, 0.08f);
    tfu_draw_path(work(film), &path, 0, 1);
    tfu_film_add(film, 0.012f, -0.14f);
}

static void draw_bones(const struct tfu_chest *c, struct tfu_scene *film)
{
    const float m = c->middle;
    struct tfu_path path;
    for (int i = 0; i < 16; i++) {
        const float y = -1.0f + 0.135f * (float)i, t = (y + 0.1f) * (y + 0.1f);
        const float x = m + 0.52f - 0.20f * t, w = 0.075f, h = 0.050f;
        const struct tfu_point bone[] = {
            {x - w, y - h}, {x + w, y - h + 0.01f}, {x + w, y + h}, {x - w, y + h - 0.01f}};
        tfu_draw_polygon(work(film), bone, TFU_COUNT(bone), 1);
    }
    tfu_film_add(film, 0.008f, 0.17f * c->bone);
    for (int i = 0; i < 11; i++) {
        const float y = -0.72f + 0.118f * (float)i;
        const struct tfu_point rib[] = {{m + 0.50f, y},
                                        {m + 0.66f, y + 0.06f},
                                        {m + 0.35f, y + 0.20f},
                                        {m - 0.10f, y + 0.36f},
                                        {m - 0.40f, y + 0.44f}};
        tfu_path_curve(&path, rib, TFU_COUNT(rib), 7, 0.038f, 0.030f);
        tfu_draw_path(work(film), &path, 0.5f, 1);
    }
    tfu_film_add(film, 0.005f, 0.075f * c->bone);
    const struct tfu_point sternum[] = {
        {m - 0.42f, -0.50f}, {m - 0.57f, -0.12f}, {m - 0.60f, 0.2f}};
    tfu_path_curve(&path, sternum, TFU_COUNT(sternum), 8, 0.05f, 0.04f);
    tfu_draw_path(work(film), &path, 0.3f, 1);
    tfu_film_add(film, 0.006f, 0.14f * c->bone);
}

void tfu_chest_draw_lateral(const struct tfu_chest *c, struct tfu_scene *film)
{
    draw_outline(c, film);
    draw_lungs(c, film);
    draw_middle(c, film);
    draw_bones(c, film);
}

/* ---- findings */

static void patch(struct tfu_scene *film, int plane, float x, float y, float radius_x,
                  float radius_y, float angle, uint64_t key)
{
    tfu_draw_ellipse(&film->plane[plane], &(struct tfu_ellipse){.x = x,
                                                                .y = y,
                                                                .radius_x = radius_x,
                                                                .radius_y = radius_y,
                                                                .angle = angle,
                                                                .soft = 0.6f,
                                                                .ragged = 0.4f,
                                                                .key = (uint32_t)key,
                                                                .value = 1});
}

enum tfu_status tfu_chest_findings_lateral(const struct tfu_chest *c, struct tfu_scene *film,
                                           struct tfu_synth_truth *boxes, struct tfu_error *e)
{
    const float *severity = c->truth->severity, m = c->middle;
    struct tfu_random r = tfu_synth_stream(c->study, "lateral");
    const float fluid = severity[TFU_FINDING_EFFUSION];
    const float level = back_angle(c) - 0.12f - 0.45f * fluid * fluid;
    const float px = m + (float)tfu_synth_between(&r, -0.25, 0.4);
    const float py = (float)tfu_synth_between(&r, -0.35, c->dome[0] - 0.1);
    const float size = 0.11f + 0.11f * severity[TFU_FINDING_CONSOLIDATION];
    const float by = c->dome[0] - (float)tfu_synth_between(&r, 0.04, 0.16);
    enum tfu_status st = TFU_OK;
    if (boxes && severity[TFU_FINDING_CONSOLIDATION] > 0)
        st = tfu_truth_add_box(boxes, TFU_FINDING_CONSOLIDATION, px, py, size, size, e);
    if (boxes && fluid > 0 && st == TFU_OK)
        st = tfu_truth_add_box(boxes, TFU_FINDING_EFFUSION, m + 0.4f, (level + back_angle(c)) / 2,
                               0.2f, (back_angle(c) - level) / 2, e);
    if (boxes && severity[TFU_FINDING_ATELECTASIS] > 0 && st == TFU_OK)
        st = tfu_truth_add_box(boxes, TFU_FINDING_ATELECTASIS, m + 0.2f, by, 0.2f, 0.03f, e);
    if (!film)
        return st;
    if (fluid > 0) {
        const struct tfu_point p[] = {
            {m + 0.62f, level - 0.08f},       {m + 0.48f, level},
            {m + 0.2f, level + 0.06f},        {m - 0.1f, level + 0.07f},
            {m - 0.1f, back_angle(c) + 0.1f}, {m + 0.62f, back_angle(c) + 0.1f}};
        tfu_draw_polygon(&film->plane[TFU_FILM_EFFUSION], p, TFU_COUNT(p), 1);
    }
    if (severity[TFU_FINDING_CONSOLIDATION] > 0)
        patch(film, TFU_FILM_CONSOLIDATION, px, py, size, size, 0, c->study);
    if (severity[TFU_FINDING_ATELECTASIS] > 0) {
        struct tfu_path path;
        const struct tfu_point p[] = {{m, by}, {m + 0.2f, by - 0.01f}, {m + 0.4f, by + 0.03f}};
        tfu_path_curve(&path, p, TFU_COUNT(p), 6, 0.02f, 0.016f);
        tfu_draw_path(&film->plane[TFU_FILM_ATELECTASIS], &path, 0, 1);
    }
    if (severity[TFU_FINDING_OEDEMA] > 0) {
        patch(film, TFU_FILM_WORK, m + 0.04f, -0.08f, 0.5f, 0.5f, 0, c->study + 3);
        tfu_film_add_within(film, TFU_FILM_LUNGS, 0.05f,
                            0.06f + 0.20f * severity[TFU_FINDING_OEDEMA]);
    }
    for (int plane = TFU_FILM_EFFUSION; plane <= TFU_FILM_ATELECTASIS; plane++) {
        static const float amount[] = {0.45f, 0.24f, 0.18f};
        struct tfu_plane *p = &film->plane[plane];
        for (size_t i = 0; i < tfu_plane_count(p); i++)
            p->v[i] *= film->plane[TFU_FILM_LUNGS].v[i];
        tfu_film_add_kept(film, plane, 0.01f, amount[plane - TFU_FILM_EFFUSION]);
    }
    return st;
}
