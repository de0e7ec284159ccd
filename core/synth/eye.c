/* SPDX-License-Identifier: MIT */
#include "core/synth/eye.h"

#include <math.h>

static float between(struct tfu_random *r, double low, double high)
{
    return (float)tfu_synth_between(r, low, high);
}

static float spread(struct tfu_random *r)
{
    return (float)tfu_synth_spread(r);
}

void tfu_eye_of(struct tfu_eye *out, uint64_t patient, bool left)
{
    struct tfu_random both = tfu_synth_stream(patient, "eyes");
    struct tfu_random one = tfu_synth_stream(patient, left ? "left eye" : "right eye");
    out->key = tfu_random_key(patient, "draw", left ? "left retina" : "right retina");
    out->left = left;
    out->disc_x = 0.64f + 0.03f * spread(&both) + 0.01f * spread(&one);
    out->disc_y = -0.04f + 0.03f * spread(&both) + 0.015f * spread(&one);
    out->disc_radius = 0.14f + 0.009f * spread(&both) + 0.003f * spread(&one);
    const float cup = 0.36f + 0.11f * spread(&both) + 0.03f * spread(&one);
    out->cup_to_disc = fminf(fmaxf(cup, 0.12f), 0.78f);
    out->cup_pale = between(&both, 0.4, 1);
    out->pigment = fminf(fmaxf(0.5f * spread(&both), -1), 1);
    out->choroid = tfu_synth_chance(&both, 0.45) ? between(&both, 0.3, 1) : 0.12f;
    out->vessel_width = between(&both, 0.85, 1.2);
    out->wiggle = between(&both, 0.6, 1.6);
    out->arcade = between(&both, 0.46, 0.6);
    out->age = between(&both, 0, 1);
    out->atrophy = tfu_synth_chance(&both, 0.3) ? between(&one, 0.3, 1) : 0;
}

void tfu_eye_photo_of(struct tfu_eye_photo *out, const struct tfu_eye *eye, uint64_t image)
{
    struct tfu_random r = tfu_synth_stream(image, "photograph");
    out->key = image;
    out->mirror = eye->left ? -1 : 1;
    out->radius = between(&r, 0.93, 0.985);
    out->cut = tfu_synth_chance(&r, 0.35) ? between(&r, 0.78, 0.9) : 2;
    out->scale = out->radius * between(&r, 0.92, 1.12);
    /* most cameras look between fovea and disc */
    out->x = -out->mirror * out->radius * (float)(0.18 + 0.14 * tfu_synth_spread(&r));
    out->y = out->radius * 0.05f * spread(&r);
    const double turn = 0.012 * tfu_synth_spread(&r);
    out->cosine = (float)tfu_synth_cos(turn);
    out->sine = (float)tfu_synth_sin(turn);
    out->notch = tfu_synth_chance(&r, 0.3);
    const double at = (eye->left ? 0.875 : 0.625) + 0.02 * tfu_synth_spread(&r);
    out->notch_x = out->radius * (float)tfu_synth_cos(at);
    out->notch_y = out->radius * (float)tfu_synth_sin(at);
    const float exposure = 1 + 0.1f * spread(&r), warmth = 0.06f * spread(&r);
    out->gain[0] = fminf(exposure * (1 + 0.3f * warmth), 1.16f);
    out->gain[1] = exposure * (1 - 1.2f * warmth);
    out->gain[2] = exposure * (1 - 2.0f * warmth + 0.08f * spread(&r));
    const double light = tfu_random_uniform(&r);
    out->shade_x = (float)tfu_synth_cos(light);
    out->shade_y = (float)tfu_synth_sin(light);
    out->shade = between(&r, 0.02, 0.2);
    out->haze = tfu_synth_chance(&r, 0.25) ? between(&r, 0.05, 0.35) : between(&r, 0, 0.05);
    out->blur = tfu_synth_chance(&r, 0.15) ? between(&r, 0.004, 0.009) : between(&r, 0.001, 0.004);
    out->noise = between(&r, 0.006, 0.022);
    out->quality = tfu_synth_count(&r, 75, 95);
}

struct tfu_point tfu_eye_place(const struct tfu_eye_photo *p, float x, float y)
{
    const float sx = x * p->mirror * p->scale, sy = y * p->scale;
    return (struct tfu_point){p->x + p->cosine * sx - p->sine * sy,
                              p->y + p->sine * sx + p->cosine * sy};
}
