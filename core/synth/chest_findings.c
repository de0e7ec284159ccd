/* SPDX-License-Identifier: MIT
 *
 * What is wrong in a chest from the front: fluid, consolidation, oedema, collapsed plates; and what
 * physicians put in.
 */
#include <math.h>

#include "core/synth/chest.h"

/* The picture, if any, and the boxes, if any. */
struct findings {
    const struct tfu_chest *c;
    struct tfu_scene *film;
    struct tfu_synth_truth *boxes;
    struct tfu_error *e;
    enum tfu_status status;
};

static void add_box(struct findings *f, enum tfu_finding what, float x, float y, float radius_x,
                    float radius_y)
{
    if (f->boxes && f->status == TFU_OK)
        f->status = tfu_truth_add_box(f->boxes, (int)what, x, y, radius_x, radius_y, f->e);
}

static bool is_on(const struct tfu_chest *c, enum tfu_finding what, int side)
{
    return c->side[what] == side || c->side[what] == 2;
}

/* Fluid fills the angle of ribs and diaphragm first, and climbs at the wall. */
static void add_effusion(struct findings *f, int s, float severity)
{
    const struct tfu_chest *c = f->c;
    const float d = tfu_chest_sign(s), m = c->middle, w = c->width;
    const float high = 0.10f + 0.50f * severity * severity, level = c->angle - high;
    const float wall = tfu_chest_wall(c, level);
    const float climb = 0.05f + 0.10f * high;
    add_box(f, TFU_FINDING_EFFUSION, m + d * 0.55f * w, c->angle - high / 2, 0.45f * w, high / 2);
    if (!f->film)
        return;
    const struct tfu_point p[] = {
        {m + d * wall * 1.01f, level - climb},        {m + d * wall * 0.93f, level - 0.1f * climb},
        {m + d * wall * 0.70f, level + 0.5f * climb}, {m + d * 0.13f * w, level + 0.8f * climb},
        {m + d * 0.13f * w, c->angle + 0.1f},         {m + d * 1.01f * w, c->angle + 0.1f}};
    tfu_draw_polygon(&f->film->plane[TFU_FILM_EFFUSION], p, TFU_COUNT(p), 1);
}

/* A lobe or a part of it, its bronchi still full of air. */
static void add_consolidation(struct findings *f, int s, float severity)
{
    const struct tfu_chest *c = f->c;
    struct tfu_random r = tfu_synth_stream(c->study, s ? "left patch" : "right patch");
    const float y = (float)tfu_synth_between(&r, c->top + 0.35, c->dome[s] - 0.12);
    const float wall = tfu_chest_wall(c, y), part = (float)tfu_synth_between(&r, 0.42, 0.70);
    const float x = c->middle + tfu_chest_sign(s) * wall * part;
    const float size = (float)tfu_synth_between(&r, 0.09, 0.15) + 0.10f * severity;
    const float radius_x = fminf(size, 0.3f * wall), radius_y = size;
    add_box(f, TFU_FINDING_CONSOLIDATION, x, y, radius_x, radius_y);
    if (!f->film)
        return;
    tfu_draw_ellipse(&f->film->plane[TFU_FILM_CONSOLIDATION],
                     &(struct tfu_ellipse){.x = x,
                                           .y = y,
                                           .radius_x = radius_x,
                                           .radius_y = radius_y,
                                           .angle = 0.05f * (float)tfu_synth_spread(&r),
                                           .soft = 0.55f,
                                           .ragged = 0.45f,
                                           .key = (uint32_t)c->study + (uint32_t)s,
                                           .value = 1});
}

static void add_bronchograms(struct findings *f)
{
    const struct tfu_chest *c = f->c;
    struct tfu_random r = tfu_synth_stream(c->study, "bronchograms");
    struct tfu_plane *work = &f->film->plane[TFU_FILM_WORK];
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < 7; i++) {
            struct tfu_path path = {.count = 0};
            double heading = 0.25 * tfu_synth_spread(&r);
            float x = c->middle + tfu_chest_sign(s) * 0.2f, y = -0.05f, width = 0.016f;
            for (int k = 0; k < 20; k++) {
                tfu_path_add(&path, x, y, width);
                x += tfu_chest_sign(s) * 0.025f * (float)tfu_synth_cos(heading);
                y += 0.025f * (float)tfu_synth_sin(heading);
                width *= 0.97f;
            }
            tfu_draw_path(work, &path, 0, 1);
        }
    const struct tfu_plane *patch = &f->film->plane[TFU_FILM_CONSOLIDATION];
    for (size_t i = 0; i < tfu_plane_count(work); i++)
        work->v[i] *= patch->v[i];
    tfu_film_add(f->film, 0.004f, -0.06f);
}

/* Haze around both roots, and lines of full septa at the sides. */
static void add_oedema(struct findings *f, float severity)
{
    const struct tfu_chest *c = f->c;
    const float y = (c->top + c->angle) / 2 + 0.04f, w = c->width;
    add_box(f, TFU_FINDING_OEDEMA, c->middle, y, 0.9f * w, 0.45f);
    if (!f->film)
        return;
    struct tfu_plane *work = &f->film->plane[TFU_FILM_WORK];
    struct tfu_plane *cloud = &f->film->plane[TFU_FILM_SPARE];
    tfu_plane_fill(cloud, 0);
    tfu_plane_add_noise(cloud, &(struct tfu_noise){c->study + 5, 9, 1, 0.5f, 0.6f, 4});
    for (int row = 0; row < work->side; row++)
        for (int column = 0; column < work->side; column++) {
            const size_t i = (size_t)row * (size_t)work->side + (size_t)column;
            const float dy = (tfu_plane_place(work, row) - y) / 0.42f;
            const float x = fabsf(tfu_plane_place(work, column) - c->middle);
            const float dx = (x - 0.26f) / 0.28f;
            work->v[i] = tfu_synth_bell(dx * dx + dy * dy) * (1 + 0.7f * cloud->v[i]);
        }
    tfu_film_add_within(f->film, TFU_FILM_LUNGS, 0, 0.07f + 0.22f * severity);
    struct tfu_random r = tfu_synth_stream(c->study, "septa");
    const int lines = (int)(severity * 9);
    for (int k = 0; k < 2 * lines; k++) {
        const float at = c->angle - 0.06f - 0.035f * (float)(k / 2);
        const float d = tfu_chest_sign(k % 2), wall = tfu_chest_wall(c, at);
        struct tfu_path path = {.count = 0};
        tfu_path_add(&path, c->middle + d * wall, at, 0.008f);
        const float length = (float)tfu_synth_between(&r, 0.05, 0.1);
        const float tilt = 0.01f * (float)tfu_synth_spread(&r);
        tfu_path_add(&path, c->middle + d * (wall - length), at + tilt, 0.006f);
        tfu_draw_path(work, &path, 0, 1);
    }
    tfu_film_add_within(f->film, TFU_FILM_LUNGS, 0.002f, 0.10f);
}

/* Plates near the base; the diaphragm above which they lie stands higher (chest.c). */
static void add_atelectasis(struct findings *f, int s, float severity)
{
    const struct tfu_chest *c = f->c;
    struct tfu_random r = tfu_synth_stream(c->study, s ? "left plates" : "right plates");
    const float d = tfu_chest_sign(s), w = c->width;
    for (int i = tfu_synth_count(&r, 1, 2) + (severity > 0.5f); i > 0; i--) {
        const float y = c->dome[s] - (float)tfu_synth_between(&r, 0.05, 0.22);
        const float from = (float)tfu_synth_between(&r, 0.2, 0.4),
                    tilt = 0.05f * (float)tfu_synth_spread(&r);
        const float to = from + (float)tfu_synth_between(&r, 0.28, 0.45);
        const float thick = 0.012f + 0.020f * severity;
        const struct tfu_point p[] = {{c->middle + d * from * w, y},
                                      {c->middle + d * (from + to) / 2 * w, y + tilt / 2 - 0.01f},
                                      {c->middle + d * to * w, y + tilt}};
        add_box(f, TFU_FINDING_ATELECTASIS, p[1].x, y + tilt / 2, (to - from) / 2 * w,
                fabsf(tilt) / 2 + thick);
        if (!f->film)
            continue;
        struct tfu_path path;
        tfu_path_curve(&path, p, TFU_COUNT(p), 8, thick, 0.7f * thick);
        tfu_draw_path(&f->film->plane[TFU_FILM_ATELECTASIS], &path, 0, 1);
    }
}

/* A line into the great vein, wires of a monitor, at times a tube or a pacemaker. */
static void draw_devices(const struct tfu_chest *c, struct tfu_scene *film)
{
    struct tfu_random r = tfu_synth_stream(c->study, "devices");
    struct tfu_plane *work = &film->plane[TFU_FILM_WORK];
    struct tfu_path path;
    const float m = c->middle, t = c->top;
    if (tfu_synth_chance(&r, 0.7)) {
        const struct tfu_point line[] = {{m - 0.62f, t - 0.1f},
                                         {m - 0.42f, t + 0.06f},
                                         {m - 0.16f, t + 0.22f},
                                         {m - 0.11f, -0.1f}};
        tfu_path_curve(&path, line, TFU_COUNT(line), 8, 0.012f, 0.012f);
        tfu_draw_path(work, &path, 0.3f, 0.8f);
    }
    if (tfu_synth_chance(&r, 0.4)) {
        const struct tfu_point tube[] = {{m + 0.02f, -1.2f}, {m + 0.01f, t + 0.05f}, {m, t + 0.3f}};
        tfu_path_curve(&path, tube, TFU_COUNT(tube), 8, 0.026f, 0.026f);
        tfu_draw_path(work, &path, 0.7f, 0.8f);
    }
    if (tfu_synth_chance(&r, 0.25)) {
        const float x = m + 0.52f, y = t + 0.28f;
        tfu_draw_ellipse(
            work,
            &(struct tfu_ellipse){
                .x = x, .y = y, .radius_x = 0.095f, .radius_y = 0.075f, .soft = 0.1f, .value = 1});
        const struct tfu_point lead[] = {{x - 0.08f, y},
                                         {m + 0.2f, t + 0.3f},
                                         {m - 0.08f, -0.1f},
                                         {m + 0.16f, c->dome[1] - 0.04f}};
        tfu_path_curve(&path, lead, TFU_COUNT(lead), 8, 0.012f, 0.012f);
        tfu_draw_path(work, &path, 0, 1);
    }
    for (int i = tfu_synth_count(&r, 0, 3); i > 0; i--) {
        const float x = 0.55f * (float)tfu_synth_spread(&r),
                    y = -0.1f + 0.25f * (float)tfu_synth_spread(&r);
        const struct tfu_point wire[] = {
            {x, y}, {x + 0.1f * (float)tfu_synth_spread(&r), y + 0.4f}, {1.5f * x, 1.2f}};
        tfu_draw_ellipse(
            work,
            &(struct tfu_ellipse){
                .x = x, .y = y, .radius_x = 0.02f, .radius_y = 0.02f, .soft = 0.3f, .value = 1});
        tfu_path_curve(&path, wire, TFU_COUNT(wire), 10, 0.009f, 0.009f);
        tfu_draw_path(work, &path, 0, 0.7f);
    }
    tfu_film_add(film, 0.001f, 0.45f);
}

enum tfu_status tfu_chest_findings_frontal(const struct tfu_chest *c, struct tfu_scene *film,
                                           struct tfu_synth_truth *boxes, struct tfu_error *e)
{
    struct findings f = {c, film, boxes, e, TFU_OK};
    const float *severity = c->truth->severity;
    const float heart = c->heart, x = c->middle + c->turn;
    if (severity[TFU_FINDING_CARDIOMEGALY] > 0)
        add_box(&f, TFU_FINDING_CARDIOMEGALY, x + 0.18f * heart, c->dome[1] - 0.10f - 0.15f * heart,
                0.5f * heart, 0.20f + 0.15f * heart);
    if (severity[TFU_FINDING_OEDEMA] > 0)
        add_oedema(&f, severity[TFU_FINDING_OEDEMA]);
    for (int s = 0; s < 2; s++) {
        if (severity[TFU_FINDING_CONSOLIDATION] > 0 && is_on(c, TFU_FINDING_CONSOLIDATION, s))
            add_consolidation(&f, s, severity[TFU_FINDING_CONSOLIDATION]);
        if (severity[TFU_FINDING_ATELECTASIS] > 0 && is_on(c, TFU_FINDING_ATELECTASIS, s))
            add_atelectasis(&f, s, severity[TFU_FINDING_ATELECTASIS]);
        if (severity[TFU_FINDING_EFFUSION] > 0 && is_on(c, TFU_FINDING_EFFUSION, s))
            add_effusion(&f, s, severity[TFU_FINDING_EFFUSION]);
    }
    if (!film)
        return f.status;
    struct tfu_plane *patch = &film->plane[TFU_FILM_CONSOLIDATION];
    for (size_t i = 0; i < tfu_plane_count(patch); i++)
        patch->v[i] *= film->plane[TFU_FILM_LUNGS].v[i];
    tfu_film_add_kept(film, TFU_FILM_CONSOLIDATION, 0.012f,
                      0.15f + 0.17f * severity[TFU_FINDING_CONSOLIDATION]);
    if (severity[TFU_FINDING_CONSOLIDATION] > 0)
        add_bronchograms(&f);
    tfu_film_add_kept(film, TFU_FILM_ATELECTASIS, 0.005f,
                      0.13f + 0.12f * severity[TFU_FINDING_ATELECTASIS]);
    /* no more than the abdomen beside it */
    struct tfu_plane *fluid = &film->plane[TFU_FILM_EFFUSION];
    tfu_plane_blur(fluid, 0.012f, &film->plane[TFU_FILM_SPARE]);
    for (size_t i = 0; i < tfu_plane_count(fluid); i++)
        film->plane[TFU_FILM_SUM].v[i] += 0.72f * fluid->v[i] * film->plane[TFU_FILM_LUNGS].v[i];
    if (c->truth->devices)
        draw_devices(c, film);
    return f.status;
}
