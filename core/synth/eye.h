/* SPDX-License-Identifier: MIT
 *
 * eye.h - a retina that can be photographed, and how that was done. Of no lesions: fundus_lesions.h
 * has them.
 *
 * Places in an eye are those of a right eye seen through the pupil with the fovea at 0,0, the field
 * of the camera with radius 1: the disc is to the right. A left eye is drawn mirrored.
 */
#ifndef TFU_CORE_SYNTH_EYE_H
#define TFU_CORE_SYNTH_EYE_H

#include <stdbool.h>

#include "core/synth/shape.h"

struct tfu_eye {
    uint64_t key; /* of this eye */
    bool left;
    float disc_x, disc_y, disc_radius; /* half the height; it is a bit narrower */
    float cup_to_disc, cup_pale;
    float pigment; /* -1 light to 1 dark */
    float choroid; /* how much of its vessels is seen, 0 to 1 */
    float vessel_width, wiggle;
    float arcade;  /* height of the arcades over the fovea */
    float age;     /* 0 young, with sheen, to 1 */
    float atrophy; /* a pale crescent beside the disc, 0 to 1 */
};

/* Of the patient, and of one of the eyes. */
void tfu_eye_of(struct tfu_eye *out, uint64_t patient, bool left);

/* One photograph. */
struct tfu_eye_photo {
    uint64_t key;
    float radius;                  /* of the field in the picture */
    float x, y;                    /* where the fovea is */
    float scale;                   /* a unit in the eye in units of the picture */
    float cosine, sine;            /* of how the camera was turned */
    float mirror;                  /* -1: left */
    float cut;                     /* the field ends at y = -cut and cut */
    bool notch;                    /* a mark at its edge */
    float notch_x, notch_y;        /* where */
    float gain[3];                 /* of red, green, blue */
    float shade_x, shade_y, shade; /* light that is not even */
    float haze, blur, noise;
    int quality; /* of the JPEG */
};
void tfu_eye_photo_of(struct tfu_eye_photo *out, const struct tfu_eye *eye, uint64_t image);
/* From a place in the eye to one in the picture. */
struct tfu_point tfu_eye_place(const struct tfu_eye_photo *p, float x, float y);

/* Vessels into planes of arteries and veins, and of their reflexes. `beaded` has a bit for each
 * quadrant whose veins are irregular. */
void tfu_eye_draw_vessels(const struct tfu_eye *eye, const struct tfu_eye_photo *photo,
                          unsigned beaded, struct tfu_plane *arteries, struct tfu_plane *veins,
                          struct tfu_plane *reflex);

/* Quadrant 0 to 3 of a place in the eye. */
static inline int tfu_eye_quadrant(float x, float y)
{
    return (x > 0.25f) + 2 * (y > 0);
}

#endif
