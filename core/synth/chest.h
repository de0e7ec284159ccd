/* SPDX-License-Identifier: MIT
 *
 * chest.h - a chest and how it was X-rayed. Places are those of plane.h; the patient's right side
 * is to the left of the picture.
 *
 * What is drawn is how much the body weakens the rays: tissues lie behind each other and their
 * shares add up, which makes the picture look through. A film turns the sum into brightness.
 */
#ifndef TFU_CORE_SYNTH_CHEST_H
#define TFU_CORE_SYNTH_CHEST_H

#include "core/synth/camera.h"
#include "core/synth/shape.h"
#include "core/synth/truth.h"

struct tfu_chest {
    uint64_t patient, study, image; /* keys */
    const struct tfu_cxr_truth *truth;
    float middle;           /* x of the spine */
    float width;            /* half of the chest's inside */
    float top, angle;       /* y of the lungs' tips, and of the angles of ribs and diaphragm */
    float dome[2];          /* y of the diaphragm, right and left */
    float heart;            /* width of the heart */
    float fat, bone;        /* thickness of soft tissue; density of bone */
    int side[TFU_FINDINGS]; /* 0 right, 1 left, 2 both: where a finding is */
    float turn;             /* of the patient: the heart's borders move */
};

/* The same patient's chest in each image, but for breath, place and turn. Fills in the
 * cardiothoracic ratio. */
void tfu_chest_of(struct tfu_chest *out, uint64_t patient, uint64_t study, uint64_t image,
                  struct tfu_cxr_truth *truth);

/* -1 for the right lung, 1 for the left. */
static inline float tfu_chest_sign(int side)
{
    return side ? 1 : -1;
}

/* Half the inner width of the chest at a height. */
float tfu_chest_wall(const struct tfu_chest *c, float y);

enum {
    TFU_FILM_SUM, /* of what weakens the rays; brightness in the end */
    TFU_FILM_WORK,
    TFU_FILM_SPARE,
    TFU_FILM_BODY,
    TFU_FILM_LUNGS,
    TFU_FILM_HEART,
    TFU_FILM_EFFUSION,
    TFU_FILM_CONSOLIDATION,
    TFU_FILM_ATELECTASIS,
    TFU_FILM_PLANES
};

/* What was drawn into the work plane is blurred, added to the sum `amount` times, and taken away
 * from the work plane. Negative: air. */
void tfu_film_add(struct tfu_scene *film, float blur, float amount);
/* The same, but only where the mask `plane` (the body, the lungs) is. */
void tfu_film_add_within(struct tfu_scene *film, int plane, float blur, float amount);
/* Likewise from a plane that is kept as a mask. */
void tfu_film_add_kept(struct tfu_scene *film, int plane, float blur, float amount);

/* The parts of a picture, in their order. */
void tfu_chest_draw_frontal(const struct tfu_chest *c, struct tfu_scene *film);
void tfu_chest_draw_lateral(const struct tfu_chest *c, struct tfu_scene *film);
/* Findings but for the size of the heart; boxes are added to `boxes` where it is not NULL, and
 * nothing is drawn where `film` is NULL. */
enum tfu_status tfu_chest_findings_frontal(const struct tfu_chest *c, struct tfu_scene *film,
                                           struct tfu_synth_truth *boxes, struct tfu_error *e);
enum tfu_status tfu_chest_findings_lateral(const struct tfu_chest *c, struct tfu_scene *film,
                                           struct tfu_synth_truth *boxes, struct tfu_error *e);

#endif
