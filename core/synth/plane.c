/* SPDX-License-Identifier: MIT */
#include "core/synth/plane.h"

#include <math.h>
#include <stdlib.h>

enum tfu_status tfu_plane_new(struct tfu_plane *out, int side, struct tfu_error *e)
{
    const size_t bytes = (size_t)(side + 1) * (size_t)side * sizeof *out->v;
    *out = (struct tfu_plane){side, calloc(1, bytes)};
    return out->v ? TFU_OK : tfu_error_memory(e, "drawing an image", bytes);
}

void tfu_plane_free(struct tfu_plane *p)
{
    free(p->v);
    p->v = NULL;
}

void tfu_plane_fill(struct tfu_plane *p, float value)
{
    for (size_t i = 0; i < tfu_plane_count(p); i++)
        p->v[i] = value;
}

/* ---- blur */

/* Means over 2 * radius + 1 numbers of a row, the ends repeated beyond the ends. */
static void mean_row(float *to, const float *from, int n, int radius)
{
    float sum = from[0] * (float)radius;
    for (int i = 0; i <= radius; i++)
        sum += from[i < n ? i : n - 1];
    const float scale = 1 / (float)(2 * radius + 1);
    for (int i = 0; i < n; i++) {
        to[i] = sum * scale;
        const int out = i - radius, in = i + radius + 1;
        sum += from[in < n ? in : n - 1] - from[out > 0 ? out : 0];
    }
}

/* The same for all columns at once, so that memory is read in its order. */
static void mean_columns(float *to, const float *from, int n, int radius, float *sum)
{
    const size_t row = (size_t)n;
    const float scale = 1 / (float)(2 * radius + 1);
    for (int x = 0; x < n; x++)
        sum[x] = from[x] * (float)radius;
    for (int i = 0; i <= radius; i++)
        for (int x = 0; x < n; x++)
            sum[x] += from[(size_t)(i < n ? i : n - 1) * row + (size_t)x];
    for (int y = 0; y < n; y++) {
        const float *out = from + (size_t)(y > radius ? y - radius : 0) * row;
        const float *in = from + (size_t)(y + radius + 1 < n ? y + radius + 1 : n - 1) * row;
        float *here = to + (size_t)y * row;
        for (int x = 0; x < n; x++) {
            here[x] = sum[x] * scale;
            sum[x] += in[x] - out[x];
        }
    }
}

void tfu_plane_blur(struct tfu_plane *p, float sigma, struct tfu_plane *spare)
{
    const int n = p->side;
    const float pixels = sigma * (float)n / 2;
    /* three windows of 2r+1 have variance 3 * ((2r+1)^2 - 1) / 12 */
    int radius = tfu_synth_floor((sqrtf(4 * pixels * pixels + 1) - 1) / 2 + 0.5f);
    if (radius < 1)
        return;
    if (radius >= n)
        radius = n - 1;
    for (int pass = 0; pass < 3; pass++) {
        for (int y = 0; y < n; y++)
            mean_row(spare->v + (size_t)y * (size_t)n, p->v + (size_t)y * (size_t)n, n, radius);
        mean_columns(p->v, spare->v, n, radius, spare->v + tfu_plane_count(spare));
    }
}

/* ---- noise */

/* A number from -1 to 1 of a corner of the lattice (Wang's and Murmur's finishers). */
static float corner(uint32_t key, int x, int y)
{
    uint32_t h = key ^ ((uint32_t)x * 0x9E3779B1u) ^ ((uint32_t)y * 0x85EBCA77u);
    h = (h ^ h >> 16) * 0x85EBCA6Bu;
    h = (h ^ h >> 13) * 0xC2B2AE35u;
    h ^= h >> 16;
    return (float)(h >> 8) * (1.0f / 8388608.0f) - 1;
}

static float ease(float t)
{
    return t * t * (3 - 2 * t);
}

float tfu_noise_at(uint32_t key, float x, float y)
{
    const int ix = tfu_synth_floor(x), iy = tfu_synth_floor(y);
    const float sx = ease(x - (float)ix), sy = ease(y - (float)iy);
    return tfu_synth_mix(tfu_synth_mix(corner(key, ix, iy), corner(key, ix + 1, iy), sx),
                         tfu_synth_mix(corner(key, ix, iy + 1), corner(key, ix + 1, iy + 1), sx),
                         sy);
}

/* One row of one octave; corners are looked up once a cell. */
static void add_noise_row(float *row, int n, uint32_t key, float frequency, float y,
                          float amplitude)
{
    const int iy = tfu_synth_floor(y);
    const float sy = ease(y - (float)iy), step = frequency / (float)n;
    int cell = -1;
    float left = 0, right = tfu_synth_mix(corner(key, 0, iy), corner(key, 0, iy + 1), sy);
    for (int i = 0; i < n; i++) {
        const float x = ((float)i + 0.5f) * step;
        while (cell < (int)x) {
            cell++;
            left = right;
            right = tfu_synth_mix(corner(key, cell + 1, iy), corner(key, cell + 1, iy + 1), sy);
        }
        row[i] += amplitude * tfu_synth_mix(left, right, ease(x - (float)cell));
    }
}

void tfu_plane_add_noise(struct tfu_plane *p, const struct tfu_noise *noise)
{
    float frequency = noise->frequency, amplitude = noise->amplitude;
    for (int octave = 0; octave < noise->octaves; octave++) {
        const uint32_t key = (uint32_t)tfu_random_subkey(noise->key, (uint64_t)octave);
        for (int y = 0; y < p->side; y++)
            add_noise_row(p->v + (size_t)y * (size_t)p->side, p->side, key, frequency,
                          ((float)y + 0.5f) * frequency * noise->stretch / (float)p->side,
                          amplitude);
        frequency *= 2;
        amplitude *= noise->gain;
    }
}

/* ---- all pixels */

void tfu_plane_add(struct tfu_plane *to, const struct tfu_plane *from, float factor)
{
    for (size_t i = 0; i < tfu_plane_count(to); i++)
        to->v[i] += from->v[i] * factor;
}

void tfu_plane_weaken(struct tfu_plane *to, const struct tfu_plane *share, float amount)
{
    for (size_t i = 0; i < tfu_plane_count(to); i++)
        to->v[i] *= 1 - amount * share->v[i];
}

void tfu_plane_cover(struct tfu_plane *to, const struct tfu_plane *share, float value, float amount)
{
    for (size_t i = 0; i < tfu_plane_count(to); i++)
        to->v[i] += (value - to->v[i]) * share->v[i] * amount;
}

void tfu_plane_shrink(struct tfu_plane *to, const struct tfu_plane *from)
{
    const int k = from->side / to->side;
    const float scale = 1 / (float)(k * k);
    for (int y = 0; y < to->side; y++)
        for (int x = 0; x < to->side; x++) {
            float sum = 0;
            for (int dy = 0; dy < k; dy++)
                for (int dx = 0; dx < k; dx++)
                    sum +=
                        from->v[(size_t)(y * k + dy) * (size_t)from->side + (size_t)(x * k + dx)];
            to->v[(size_t)y * (size_t)to->side + (size_t)x] = sum * scale;
        }
}
