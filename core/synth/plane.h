/* SPDX-License-Identifier: MIT
 *
 * plane.h - a square of numbers, a canvas of several of them, and what is done to all of their
 * pixels.
 *
 * Places are given from -1 to 1, x to the right and y down, whatever the number of pixels: the same
 * drawing at another size is the same picture.
 */
#ifndef TFU_CORE_SYNTH_PLANE_H
#define TFU_CORE_SYNTH_PLANE_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/synth/numbers.h"

struct tfu_plane {
    int side;
    float *v; /* side x side, and a row to spare behind them */
};

/* Zero everywhere. */
enum tfu_status tfu_plane_new(struct tfu_plane *out, int side, struct tfu_error *e);
void tfu_plane_free(struct tfu_plane *p);
void tfu_plane_fill(struct tfu_plane *p, float value);

/* The place of the middle of pixel i of a row or column, and the pixel (with a part) of a place. */
static inline float tfu_plane_place(const struct tfu_plane *p, int i)
{
    return ((float)i + 0.5f) * 2 / (float)p->side - 1;
}
static inline float tfu_plane_pixel(const struct tfu_plane *p, float place)
{
    return (place + 1) * (float)p->side / 2 - 0.5f;
}
static inline size_t tfu_plane_count(const struct tfu_plane *p)
{
    return (size_t)p->side * (size_t)p->side;
}

/* Near a Gaussian blur of standard deviation `sigma` (in places, not pixels): three means over
 * windows. `spare` is overwritten. */
void tfu_plane_blur(struct tfu_plane *p, float sigma, struct tfu_plane *spare);

/* Adds noise with `octaves` layers, the first with `frequency` cells over the side, each further
 * one twice as fine and `gain` times as strong; about -amplitude to amplitude in all. `stretch`
 * more cells down than across. */
struct tfu_noise {
    uint64_t key;
    float frequency, stretch, amplitude, gain;
    int octaves;
};
void tfu_plane_add_noise(struct tfu_plane *p, const struct tfu_noise *noise);
/* The same noise at one place, of one octave: -1 to 1. */
float tfu_noise_at(uint32_t key, float x, float y);

/* Each of them goes over all pixels. */
void tfu_plane_add(struct tfu_plane *to, const struct tfu_plane *from, float factor);
/* to *= 1 - amount * share, where `share` is 0 to 1 */
void tfu_plane_weaken(struct tfu_plane *to, const struct tfu_plane *share, float amount);
/* to moves by `amount * share` towards `value` */
void tfu_plane_cover(struct tfu_plane *to, const struct tfu_plane *share, float value,
                     float amount);

/* `to` has a whole fraction of the side of `from`; each pixel is a mean. */
void tfu_plane_shrink(struct tfu_plane *to, const struct tfu_plane *from);

#endif
