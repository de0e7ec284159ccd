/* SPDX-License-Identifier: MIT
 *
 * A chest from the front or from behind, without findings but for the size of the heart.
 */
#include <math.h>

#include "core/synth/chest.h"

static struct tfu_plane *work(struct tfu_scene *film)
{
    return &film->plane[TFU_FILM_WORK];
}

static void oval(struct tfu_plane *p, float x, float y, float radius_x, float radius_y, float soft,
                 float value)
{
    tfu_draw_ellipse(p, &(struct tfu_ellipse){.x = x,
                                              .y = y,
                                              .radius_x = radius_x,
                                              .radius_y = radius_y,
                                              .soft = soft,
                                              .value = value});
}

/* ---- soft tissue */

static void draw_body(const struct tfu_chest *c, struct tfu_scene *film)
{
    struct tfu_plane *body = &film->plane[TFU_FILM_BODY];
    const float m = c->middle, side = c->width + 0.06f + 0.07f * c->fat;
    for (int s = 0; s < 2; s++) {
        const float d = tfu_chest_sign(s);
        const struct tfu_point half[] = {{m, -1.3f},
                                         {m + d * 0.21f, -1.3f},
                                         {m + d * 0.22f, c->top - 0.16f},
                                         {m + d * 0.36f, c->top - 0.08f},
                                         {m + d * 0.75f, c->top + 0.02f},
                                         {m + d * 1.02f, c->top + 0.16f},
                                         {m + d * (side + 0.06f), -0.2f},
                                         {m + d * side, 0.3f},
                                         {m + d * (side + 0.03f), 0.75f},
                                         {m + d * (side + 0.07f), 1.3f},
                                         {m, 1.3f}};
        tfu_draw_polygon(body, half, TFU_COUNT(half), 1);
        const struct tfu_point arm[] = {
            {m + d * 0.85f, c->top + 0.05f}, {m + d * 1.1f, c->top + 0.08f},
            {m + d * 1.35f, -0.2f},          {m + d * 1.35f, 0.9f},
            {m + d * (side + 0.19f), 0.6f},  {m + d * (side + 0.11f), 0.0f}};
        tfu_draw_polygon(work(film), arm, TFU_COUNT(arm), 1);
    }
    tfu_film_add(film, 0.03f, 0.40f * c->fat);
    tfu_film_add_kept(film, TFU_FILM_BODY, 0.022f, 0.46f * c->fat + 0.10f);
    oval(work(film), m, 0.2f, 0.62f, 1.25f, 1.2f, 1); /* the body is thickest in its middle */
    tfu_film_add(film, 0, 0.12f);
}

static void draw_lungs(const struct tfu_chest *c, struct tfu_scene *film)
{
    struct tfu_plane *lungs = &film->plane[TFU_FILM_LUNGS];
    const float m = c->middle, w = c->width;
    for (int s = 0; s < 2; s++) {
        const float d = tfu_chest_sign(s), dome = c->dome[s], angle = c->angle;
        const struct tfu_point outline[] = {
            {m + d * 0.34f * w, c->top},         {m + d * 0.62f * w, c->top + 0.13f},
            {m + d * 0.85f * w, c->top + 0.40f}, {m + d * 0.97f * w, -0.02f},
            {m + d * 1.00f * w, 0.25f},          {m + d * 0.995f * w, angle},
            {m + d * 0.99f * w, angle + 0.004f}, {m + d * 0.86f * w, dome + 0.09f},
            {m + d * 0.62f * w, dome - 0.01f},   {m + d * 0.38f * w, dome - 0.01f},
            {m + d * 0.13f * w, dome + 0.07f},   {m + d * 0.13f * w, 0.0f},
            {m + d * 0.14f * w, c->top + 0.38f}, {m + d * 0.17f * w, c->top + 0.10f},
        };
        tfu_draw_region(lungs, outline, TFU_COUNT(outline), 1);
    }
    tfu_plane_blur(lungs, 0.006f, &film->plane[TFU_FILM_SPARE]);
    tfu_plane_weaken(&film->plane[TFU_FILM_SUM], lungs, 0.80f);
}

/* Liver, spleen and the rest below the diaphragm. */
static void draw_abdomen(const struct tfu_chest *c, struct tfu_scene *film)
{
    const float m = c->middle, w = c->width;
    for (int s = 0; s < 2; s++) {
        const float d = tfu_chest_sign(s), dome = c->dome[s];
        const struct tfu_point outline[] = {{m, dome + 0.06f},
                                            {m + d * 0.13f * w, dome + 0.05f},
                                            {m + d * 0.38f * w, dome - 0.01f},
                                            {m + d * 0.62f * w, dome - 0.01f},
                                            {m + d * 0.86f * w, dome + 0.09f},
                                            {m + d * 0.99f * w, c->angle},
                                            {m + d * 1.04f * w, c->angle + 0.02f},
                                            {m + d * 1.06f * w, 1.3f},
                                            {m, 1.3f}};
        tfu_draw_polygon(work(film), outline, TFU_COUNT(outline), s ? 0.9f : 1);
    }
    tfu_film_add_within(film, TFU_FILM_BODY, 0.008f, 0.24f);
    const struct tfu_point all[] = {
        {m - 1.5f, c->angle}, {m + 1.5f, c->angle}, {m + 1.5f, 1.5f}, {m - 1.5f, 1.5f}};
    tfu_draw_polygon(work(film), all, TFU_COUNT(all), 1);
    tfu_film_add_within(film, TFU_FILM_BODY, 0.12f, 0.18f);
    struct tfu_random r = tfu_synth_stream(c->study, "gas");
    if (tfu_synth_chance(&r, 0.7))
        tfu_draw_ellipse(work(film), &(struct tfu_ellipse){.x = m + 0.36f * w +
                                                                0.05f * (float)tfu_synth_spread(&r),
                                                           .y = c->dome[1] + 0.15f,
                                                           .radius_x = 0.13f,
                                                           .radius_y = 0.06f,
                                                           .soft = 0.6f,
                                                           .ragged = 0.4f,
                                                           .key = (uint32_t)c->study,
                                                           .value = 1});
    for (int i = tfu_synth_count(&r, 0, 6); i > 0; i--) {
        const float x = 0.4f * (float)tfu_synth_spread(&r), y = 0.06f * (float)tfu_synth_spread(&r);
        oval(work(film), x, 0.85f + y, 0.07f, 0.04f, 1, 0.7f);
    }
    tfu_film_add(film, 0.005f, -0.32f);
}

/* ---- the middle */

static void draw_heart(const struct tfu_chest *c, struct tfu_scene *film)
{
    const float h = c->heart, m = c->middle + c->turn, low = c->dome[1];
    const float high = low - 0.30f - 0.30f * h;
    const struct tfu_point outline[] = {
        {m - 0.16f * h, high - 0.03f}, {m - 0.25f * h, high + 0.12f}, {m - 0.315f * h, low - 0.13f},
        {m - 0.285f * h, low - 0.01f}, {m - 0.10f * h, low + 0.08f},  {m + 0.30f * h, low + 0.11f},
        {m + 0.63f * h, low + 0.05f},  {m + 0.675f * h, low - 0.06f}, {m + 0.60f * h, low - 0.20f},
        {m + 0.44f * h, high + 0.12f}, {m + 0.29f * h, high + 0.01f}, {m + 0.17f * h, high - 0.07f},
    };
    tfu_draw_region(&film->plane[TFU_FILM_HEART], outline, TFU_COUNT(outline), 1);
    tfu_film_add_kept(film, TFU_FILM_HEART, 0.012f, 0.31f);
    oval(work(film), m + 0.17f * h, low - 0.1f, 0.40f * h, 0.22f, 1.5f, 1);
    tfu_film_add_within(film, TFU_FILM_HEART, 0, 0.13f);
}

static void draw_mediastinum(const struct tfu_chest *c, struct tfu_scene *film)
{
    const float m = c->middle, wide = (c->truth->view == TFU_SYNTH_AP ? 1.15f : 1) * 0.115f;
    const float age = (float)c->truth->age / 90;
    const struct tfu_point outline[] = {
        {m - wide, -1.3f},     {m - wide, c->top + 0.15f}, {m - 1.25f * wide, -0.38f},
        {m - 1.15f * wide, 0}, {m - wide, 1.3f},           {m + wide, 1.3f},
        {m + wide, 0},         {m + 1.1f * wide, -0.25f},  {m + 1.1f * wide, c->top + 0.3f},
        {m + wide, -1.3f}};
    tfu_draw_polygon(work(film), outline, TFU_COUNT(outline), 1);
    tfu_film_add(film, 0.016f, 0.42f);
    oval(work(film), m + 1.15f * wide, c->top + 0.40f, 0.075f + 0.03f * age, 0.085f, 0.25f, 1);
    tfu_film_add(film, 0.01f, 0.18f + 0.08f * age); /* the arch of the aorta */
    struct tfu_path pipe;
    const struct tfu_point trachea[] = {
        {m, -1.2f}, {m + 0.005f, c->top + 0.1f}, {m - 0.012f, c->top + 0.42f}};
    tfu_path_curve(&pipe, trachea, TFU_COUNT(trachea), 8, 0.085f, 0.075f);
    tfu_draw_path(work(film), &pipe, 0, 1);
    for (int s = 0; s < 2; s++) {
        const float d = tfu_chest_sign(s);
        const struct tfu_point bronchus[] = {{m - 0.012f, c->top + 0.42f},
                                             {m + d * 0.07f, c->top + 0.52f},
                                             {m + d * 0.16f, c->top + 0.62f}};
        tfu_path_curve(&pipe, bronchus, TFU_COUNT(bronchus), 6, 0.05f, 0.035f);
        tfu_draw_path(work(film), &pipe, 0, 0.7f);
    }
    tfu_film_add(film, 0.010f, -0.22f);
}

/* ---- bones */

static void draw_spine(const struct tfu_chest *c, struct tfu_scene *film)
{
    const float m = c->middle + c->turn * 0.5f;
    for (int i = 0; i < 18; i++) {
        const float y = -1.0f + 0.122f * (float)i, w = 0.075f + 0.0012f * (float)i;
        const struct tfu_point bone[] = {
            {m - w, y - 0.046f}, {m, y - 0.040f}, {m + w, y - 0.046f}, {m + 0.9f * w, y},
            {m + w, y + 0.046f}, {m, y + 0.040f}, {m - w, y + 0.046f}, {m - 0.9f * w, y}};
        tfu_draw_polygon(work(film), bone, TFU_COUNT(bone), 0.6f);
        oval(work(film), m, y + 0.03f, 0.012f, 0.028f, 0.6f, 1);
        oval(work(film), m - 0.6f * w, y - 0.012f, 0.014f, 0.02f, 0.6f, 0.9f);
        oval(work(film), m + 0.6f * w, y - 0.012f, 0.014f, 0.02f, 0.6f, 0.9f);
    }
    tfu_film_add(film, 0.006f, 0.15f * c->bone);
}

/* One rib of a side: from the spine up and around (`front` 0), then down to the front (1). */
static void rib_path(const struct tfu_chest *c, int s, int number, int front, struct tfu_path *out)
{
    const float d = tfu_chest_sign(s), gap = (c->angle - c->top) / 10.2f;
    const float y = c->top + 0.035f + gap * (float)number, m = c->middle;
    const float slope = 0.10f + 0.012f * (float)number, end = y + slope + 0.04f;
    const float wall = tfu_chest_wall(c, end) * 1.012f, from = 0.09f;
    if (!front) {
        const struct tfu_point p[] = {{m + d * from, y},
                                      {m + d * (from + 0.30f * (wall - from)), y - 0.028f},
                                      {m + d * (from + 0.68f * (wall - from)), y + 0.3f * slope},
                                      {m + d * wall * 0.985f, y + 0.95f * slope},
                                      {m + d * wall, end + 0.03f}};
        tfu_path_curve(out, p, TFU_COUNT(p), 7, 0.040f, 0.034f);
    } else {
        const float reach = 0.36f + 0.03f * (float)number;
        const struct tfu_point p[] = {{m + d * wall, end + 0.02f},
                                      {m + d * wall * 0.95f, end + 0.11f},
                                      {m + d * (0.72f * wall), end + 0.19f},
                                      {m + d * fmaxf(reach, 0.3f) * wall, end + 0.21f}};
        tfu_path_curve(out, p, TFU_COUNT(p), 7, 0.034f, 0.045f);
    }
}

static void draw_ribs(const struct tfu_chest *c, struct tfu_scene *film)
{
    struct tfu_path path;
    for (int front = 0; front < 2; front++) {
        for (int s = 0; s < 2; s++)
            for (int i = 0; i < (front ? 8 : 11); i++) {
                rib_path(c, s, i, front, &path);
                tfu_draw_path(work(film), &path, 0.5f, 1);
            }
        tfu_film_add(film, 0.005f, (front ? 0.085f : 0.155f) * c->bone);
    }
}

static void draw_shoulders(const struct tfu_chest *c, struct tfu_scene *film)
{
    const float m = c->middle, in = c->truth->view == TFU_SYNTH_AP ? 0.16f : 0.02f;
    struct tfu_path path;
    for (int s = 0; s < 2; s++) {
        const float d = tfu_chest_sign(s), tilt = d * c->turn;
        const struct tfu_point clavicle[] = {{m + d * 0.075f, c->top + 0.17f + tilt},
                                             {m + d * 0.28f, c->top + 0.085f + tilt},
                                             {m + d * 0.55f, c->top + 0.075f},
                                             {m + d * 0.86f, c->top - 0.01f}};
        tfu_path_curve(&path, clavicle, TFU_COUNT(clavicle), 8, 0.060f, 0.050f);
        tfu_draw_path(work(film), &path, 0.4f, 1);
        const struct tfu_point arm[] = {
            {m + d * 0.97f, c->top + 0.1f}, {m + d * 1.04f, c->top + 0.5f}, {m + d * 1.12f, 0.4f}};
        tfu_path_curve(&path, arm, TFU_COUNT(arm), 8, 0.11f, 0.085f);
        tfu_draw_path(work(film), &path, 0.45f, 1);
        oval(work(film), m + d * 0.95f, c->top + 0.09f, 0.095f, 0.10f, 0.2f, 0.8f);
    }
    tfu_film_add(film, 0.006f, 0.26f * c->bone);
    for (int s = 0; s < 2; s++) {
        const float d = tfu_chest_sign(s), x = c->width + 0.05f - in;
        const struct tfu_point blade[] = {{m + d * (x + 0.02f), c->top + 0.18f},
                                          {m + d * (x + 0.22f), c->top + 0.14f},
                                          {m + d * (x + 0.17f), c->top + 0.45f},
                                          {m + d * (x + 0.03f), c->top + 0.80f},
                                          {m + d * (x - 0.03f), c->top + 0.45f}};
        tfu_draw_polygon(work(film), blade, TFU_COUNT(blade), 1);
    }
    tfu_film_add(film, 0.010f, 0.075f * c->bone);
}

/* ---- in the lungs */

/* Arteries and veins from the roots of the lungs outwards. */
static void draw_vessels(const struct tfu_chest *c, struct tfu_scene *film)
{
    struct tfu_random r = tfu_synth_stream(c->patient, "lung vessels");
    const float root = (c->top + c->angle) / 2 + 0.02f;
    const float wet = c->truth->severity[TFU_FINDING_OEDEMA];
    for (int s = 0; s < 2; s++) {
        const float d = tfu_chest_sign(s), x0 = c->middle + d * 0.15f;
        for (int i = 0; i < 26; i++) {
            struct tfu_path path = {.count = 0};
            double heading = (i + 0.5 * tfu_synth_spread(&r)) / 26 * 0.56 - 0.28; /* up to down */
            float x = x0, y = root + 0.05f * (float)tfu_synth_spread(&r) + (s ? -0.03f : 0);
            float width = (float)tfu_synth_between(&r, 0.010, 0.026) * (1 + 0.4f * wet);
            for (int k = 0; k < 26; k++) {
                tfu_path_add(&path, x, y, width);
                x += d * 0.022f * (float)tfu_synth_cos(heading);
                y += 0.022f * (float)tfu_synth_sin(heading);
                heading += 0.03 * tfu_synth_spread(&r);
                width *= 0.90f;
            }
            tfu_draw_path(work(film), &path, 0, 1);
        }
        tfu_draw_ellipse(work(film), &(struct tfu_ellipse){.x = x0,
                                                           .y = root,
                                                           .radius_x = 0.055f,
                                                           .radius_y = 0.11f,
                                                           .soft = 1,
                                                           .ragged = 0.35f,
                                                           .key = (uint32_t)c->patient,
                                                           .value = 1});
    }
    tfu_film_add_within(film, TFU_FILM_LUNGS, 0.005f, 0.105f + 0.04f * wet);
}

static void draw_breasts(const struct tfu_chest *c, struct tfu_scene *film)
{
    if (!c->truth->female)
        return;
    for (int s = 0; s < 2; s++)
        oval(work(film), c->middle + tfu_chest_sign(s) * 0.62f * c->width, c->angle - 0.14f,
             0.26f + 0.04f * c->fat, 0.22f + 0.04f * c->fat, 0.5f, 1);
    tfu_film_add(film, 0.01f, 0.085f * c->fat);
}

void tfu_chest_draw_frontal(const struct tfu_chest *c, struct tfu_scene *film)
{
    draw_body(c, film);
    draw_lungs(c, film);
    draw_abdomen(c, film);
    draw_mediastinum(c, film);
    draw_heart(c, film);
    draw_spine(c, film);
    draw_ribs(c, film);
    draw_shoulders(c, film);
    draw_vessels(c, film);
    draw_breasts(c, film);
}
