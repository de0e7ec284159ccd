/* SPDX-License-Identifier: MIT */
#include "core/synth/shape.h"

#include <math.h>
#include <stddef.h>

static void put(struct tfu_plane *p, int x, int y, float value)
{
    float *v = &p->v[(size_t)y * (size_t)p->side + (size_t)x];
    if (value > *v)
        *v = value;
}

/* The pixels from place `low` to `high` of a row or column, cut to the plane. */
static void pixel_range(const struct tfu_plane *p, float low, float high, int *first, int *last)
{
    const float end = (float)(p->side - 1);
    const float from = tfu_plane_pixel(p, low), to = tfu_plane_pixel(p, high);
    *first = from > 0 ? (from < end + 1 ? (int)from : p->side) : 0;
    *last = to < end ? (to > -1 ? (int)to + 1 : -1) : p->side - 1;
}

/* ---- ellipses */

void tfu_draw_ellipse(struct tfu_plane *p, const struct tfu_ellipse *shape)
{
    const float pixel = 2 / (float)p->side;
    const float c = (float)tfu_synth_cos((double)shape->angle);
    const float s = (float)tfu_synth_sin((double)shape->angle);
    /* one that is thinner than a pixel covers a part of it */
    const float rx = fmaxf(shape->radius_x, pixel / 2), ry = fmaxf(shape->radius_y, pixel / 2);
    const float radius = fminf(rx, ry), soft = fmaxf(shape->soft, pixel / radius);
    /* a soft edge adds soft^2 / 12 of the area: where pixels alone make it soft that is too much */
    const float more = (soft * soft - shape->soft * shape->soft) / 12;
    const float value = shape->value * (shape->radius_x / rx) * (shape->radius_y / ry) / (1 + more);
    const float reach = fmaxf(rx, ry) * (1 + soft / 2 + shape->ragged) + pixel;
    int x0, x1, y0, y1;
    pixel_range(p, shape->x - reach, shape->x + reach, &x0, &x1);
    pixel_range(p, shape->y - reach, shape->y + reach, &y0, &y1);
    for (int y = y0; y <= y1; y++)
        for (int x = x0; x <= x1; x++) {
            const float dx = tfu_plane_place(p, x) - shape->x,
                        dy = tfu_plane_place(p, y) - shape->y;
            const float u = (dx * c + dy * s) / rx, v = (dy * c - dx * s) / ry;
            float d = sqrtf(u * u + v * v);
            if (shape->ragged > 0)
                d += shape->ragged * (0.65f * tfu_noise_at(shape->key, u * 1.7f + 9, v * 1.7f + 9) +
                                      0.35f * tfu_noise_at(shape->key, u * 4 + 50, v * 4 + 50));
            const float covered = tfu_synth_unit((1 - d) / soft + 0.5f);
            if (covered > 0)
                put(p, x, y, covered * value);
        }
}

/* ---- lines */

void tfu_path_add(struct tfu_path *path, float x, float y, float width)
{
    if (path->count == TFU_PATH_MAX)
        return;
    path->point[path->count] = (struct tfu_point){x, y};
    path->width[path->count++] = width;
}

static void draw_segment(struct tfu_plane *p, struct tfu_point a, struct tfu_point b, float width_a,
                         float width_b, float hollow, float value)
{
    const float pixel = 2 / (float)p->side;
    const float reach = fmaxf(fmaxf(width_a, width_b), pixel) / 2 + pixel;
    const float ex = b.x - a.x, ey = b.y - a.y, length = ex * ex + ey * ey;
    int x0, x1, y0, y1;
    pixel_range(p, fminf(a.x, b.x) - reach, fmaxf(a.x, b.x) + reach, &x0, &x1);
    pixel_range(p, fminf(a.y, b.y) - reach, fmaxf(a.y, b.y) + reach, &y0, &y1);
    for (int y = y0; y <= y1; y++)
        for (int x = x0; x <= x1; x++) {
            const float dx = tfu_plane_place(p, x) - a.x, dy = tfu_plane_place(p, y) - a.y;
            const float t = length > 0 ? tfu_synth_unit((dx * ex + dy * ey) / length) : 0;
            const float ox = dx - t * ex, oy = dy - t * ey;
            const float d2 = ox * ox + oy * oy;
            if (d2 > reach * reach)
                continue;
            const float width = tfu_synth_mix(width_a, width_b, t), half = fmaxf(width, pixel) / 2;
            const float d = sqrtf(d2), covered = tfu_synth_unit((half - d) / pixel + 0.5f);
            const float across = d / half;
            const float middle = 1 - hollow * (1 - tfu_synth_unit(across * across));
            put(p, x, y, covered * middle * value * (width < pixel ? width / pixel : 1));
        }
}

void tfu_draw_path(struct tfu_plane *p, const struct tfu_path *path, float hollow, float value)
{
    for (int i = 0; i + 1 < path->count; i++)
        draw_segment(p, path->point[i], path->point[i + 1], path->width[i], path->width[i + 1],
                     hollow, value);
}

static float through(float a, float b, float c, float d, float t)
{
    return b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

static struct tfu_point curve_point(struct tfu_point a, struct tfu_point b, struct tfu_point c,
                                    struct tfu_point d, float t)
{
    return (struct tfu_point){through(a.x, b.x, c.x, d.x, t), through(a.y, b.y, c.y, d.y, t)};
}

void tfu_path_curve(struct tfu_path *out, const struct tfu_point *point, int count, int steps,
                    float width, float width_end)
{
    out->count = 0;
    const int total = (count - 1) * steps;
    for (int i = 0; i <= total; i++) {
        const int k = i < total ? i / steps : count - 2;
        const struct tfu_point at = curve_point(point[k > 0 ? k - 1 : 0], point[k], point[k + 1],
                                                point[k + 2 < count ? k + 2 : count - 1],
                                                (float)(i - k * steps) / (float)steps);
        tfu_path_add(out, at.x, at.y, tfu_synth_mix(width, width_end, (float)i / (float)total));
    }
}

/* ---- regions */

enum { LINES = 4, CROSSINGS = 64 }; /* lines in a pixel; where one may cross the border */

/* Adds the share of each pixel of the row between two places on one of its lines. */
static void add_span(float *row, int n, float from, float to)
{
    if (from < -0.5f)
        from = -0.5f;
    if (to > (float)n - 0.5f)
        to = (float)n - 0.5f;
    for (int x = from < to ? (int)(from + 0.5f) : n; x < n && (float)x - 0.5f < to; x++) {
        const float low = fmaxf(from, (float)x - 0.5f), high = fminf(to, (float)x + 0.5f);
        row[x] += (high - low) / LINES;
    }
}

static int find_crossings(const struct tfu_plane *p, const struct tfu_point *point, int count,
                          float y, float *at)
{
    int n = 0;
    for (int i = 0; i < count && n < CROSSINGS; i++) {
        const struct tfu_point a = point[i], b = point[i + 1 < count ? i + 1 : 0];
        if ((a.y <= y) == (b.y <= y))
            continue;
        const float x = tfu_plane_pixel(p, a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y)));
        int k = n++;
        for (; k > 0 && at[k - 1] > x; k--)
            at[k] = at[k - 1];
        at[k] = x;
    }
    return n;
}

void tfu_draw_polygon(struct tfu_plane *p, const struct tfu_point *point, int count, float value)
{
    float *row = p->v + tfu_plane_count(p), low = point[0].y, high = point[0].y;
    for (int i = 1; i < count; i++) {
        low = fminf(low, point[i].y);
        high = fmaxf(high, point[i].y);
    }
    int y0, y1;
    pixel_range(p, low, high, &y0, &y1);
    for (int y = y0; y <= y1; y++) {
        for (int x = 0; x < p->side; x++)
            row[x] = 0;
        for (int line = 0; line < LINES; line++) {
            float at[CROSSINGS];
            const float place = ((float)y + ((float)line + 0.5f) / LINES) * 2 / (float)p->side - 1;
            const int n = find_crossings(p, point, count, place, at);
            for (int k = 0; k + 1 < n; k += 2)
                add_span(row, p->side, at[k], at[k + 1]);
        }
        for (int x = 0; x < p->side; x++)
            if (row[x] > 0)
                put(p, x, y, row[x] * value);
    }
}

void tfu_draw_region(struct tfu_plane *p, const struct tfu_point *point, int count, float value)
{
    enum { STEPS = 6, MOST = 40 };
    struct tfu_point all[MOST * STEPS];
    if (count > MOST)
        count = MOST;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < STEPS; k++)
            all[i * STEPS + k] =
                curve_point(point[(i + count - 1) % count], point[i], point[(i + 1) % count],
                            point[(i + 2) % count], (float)k / STEPS);
    tfu_draw_polygon(p, all, count * STEPS, value);
}
