/* SPDX-License-Identifier: MIT */
#include "core/synth/natural_texture.h"

#include <math.h>

#include "core/synth/plane.h"

const char *const tfu_texture_names[TFU_TEXTURES] = {
    "stripes", "checks", "dots", "waves", "bricks", "wood", "marble", "cells", "grass", "rings"};
const char *const tfu_shape_names[TFU_SHAPES] = {
    "disc", "ring", "square", "triangle", "star", "cross", "crescent", "hexagon", "heart", "arrow"};

static float wave(float turns)
{
    return 0.5f + 0.5f * (float)tfu_synth_sin((double)turns);
}

static float part(float x)
{
    return x - floorf(x);
}

static float noise(uint32_t key, float u, float v)
{
    return tfu_noise_at(key, u + 100, v + 100);
}

/* Distances to the nearest and the second nearest of points that lie one to a cell. */
static void nearest_points(uint32_t key, float u, float v, float *first, float *second)
{
    const int iu = (int)floorf(u), iv = (int)floorf(v);
    *first = *second = 9;
    for (int dv = -1; dv <= 1; dv++)
        for (int du = -1; du <= 1; du++) {
            const float x = (float)(iu + du), y = (float)(iv + dv);
            const float px = x + 0.5f + 0.42f * noise(key, x, y);
            const float py = y + 0.5f + 0.42f * noise(key + 1, x, y);
            const float d = sqrtf((px - u) * (px - u) + (py - v) * (py - v));
            if (d < *first) {
                *second = *first;
                *first = d;
            } else if (d < *second) {
                *second = d;
            }
        }
}

static float bricks(float u, float v)
{
    const float row = floorf(v * 2), x = part(u + 0.5f * part(row / 2) * 2), y = part(v * 2);
    const float gap = fminf(fminf(x, 1 - x), fminf(y, 1 - y) / 2);
    return tfu_synth_step(0.03f, 0.07f, gap);
}

float tfu_texture_at(int texture, uint32_t key, float u, float v)
{
    float first, second;
    switch (texture) {
    case 0:
        return tfu_synth_step(0.42f, 0.58f, wave(u));
    case 1:
        return (part(u / 2) < 0.5f) == (part(v / 2) < 0.5f) ? 1.f : 0.f;
    case 2: {
        const float x = part(u) - 0.5f, y = part(v) - 0.5f;
        return tfu_synth_step(0.33f, 0.27f, sqrtf(x * x + y * y));
    }
    case 3:
        return wave(v * 1.4f + 0.22f * (wave(u * 0.7f) - 0.5f) * 4);
    case 4:
        return bricks(u, v);
    case 5: {
        const float far = sqrtf(u * u * 0.08f + v * v) + 0.35f * noise(key, u * 0.25f, v * 0.7f);
        return 0.75f * part(far * 1.5f) + 0.25f * wave(v * 9 + noise(key, u, v * 6));
    }
    case 6: {
        const float bend =
            noise(key, u * 0.6f, v * 0.6f) + 0.5f * noise(key + 1, u * 1.3f, v * 1.3f);
        return sqrtf(fabsf((float)tfu_synth_sin((double)(0.3f * u + 0.9f * bend))));
    }
    case 7:
        nearest_points(key, u, v, &first, &second);
        return tfu_synth_step(0.02f, 0.16f, second - first) * (0.5f + 0.5f * (1 - first));
    case 8: {
        const float lean = u * 3 + 0.8f * noise(key, u * 0.4f, v * 0.3f);
        return 0.5f + 0.3f * noise(key + 1, lean * 2, v * 0.45f) +
               0.2f * noise(key + 2, lean * 5, v);
    }
    default:
        return wave(sqrtf(u * u + v * v));
    }
}

/* ---- shapes */

/* Inside of a regular polygon: the least distance to one of its sides. */
static float polygon(int sides, float u, float v)
{
    float inside = 9;
    for (int i = 0; i < sides; i++) {
        const double turns = (i + 0.25 * (sides == 3)) / sides + (sides == 3 ? 0 : 0.5 / sides);
        inside = fminf(inside,
                       0.72f - u * (float)tfu_synth_cos(turns) - v * (float)tfu_synth_sin(turns));
    }
    return sides == 3 ? inside - 0.2f : inside;
}

/* The corners of a star lie on two circles. */
static float star(float u, float v)
{
    float inside = -9;
    for (int i = 0; i < 5; i++) { /* a ray: a narrow triangle from the middle */
        const double turns = i / 5.0 - 0.25;
        const float along = u * (float)tfu_synth_cos(turns) + v * (float)tfu_synth_sin(turns);
        const float across =
            fabsf(v * (float)tfu_synth_cos(turns) - u * (float)tfu_synth_sin(turns));
        inside = fmaxf(inside, fminf(0.31f * (1 - along) - across, along + 0.12f));
    }
    return inside;
}

static float heart(float u, float v)
{
    const float x = fabsf(u), y = v + 0.05f;
    const float lobe = 0.42f - sqrtf((x - 0.36f) * (x - 0.36f) + (y + 0.25f) * (y + 0.25f));
    const float middle = fminf(fminf(0.5f - x, y + 0.25f), 0.1f - y);
    const float point = fmaxf(middle, fminf(y, 0.558f - 0.8f * x - 0.6f * y));
    return fmaxf(lobe, point);
}

float tfu_shape_at(int shape, float u, float v)
{
    const float d = sqrtf(u * u + v * v), x = fabsf(u), y = fabsf(v);
    switch (shape) {
    case 0:
        return 0.8f - d;
    case 1:
        return 0.2f - fabsf(d - 0.65f);
    case 2:
        return fminf(0.68f - x, 0.68f - y);
    case 3:
        return polygon(3, u, v);
    case 4:
        return star(u, v);
    case 5:
        return fmaxf(fminf(0.85f - x, 0.26f - y), fminf(0.26f - x, 0.85f - y));
    case 6:
        return fminf(0.82f - d, sqrtf((u - 0.42f) * (u - 0.42f) + v * v) - 0.66f);
    case 7:
        return polygon(6, u, v);
    case 8:
        return heart(u, v);
    default:
        return fmaxf(fminf(fminf(0.2f - y, u + 0.85f), 0.3f - u),
                     fminf(u - 0.05f, 0.62f * (0.95f - u) - 0.75f * y));
    }
}
