/* SPDX-License-Identifier: MIT
 *
 * fundus_lesions.h - which lesions are in a photograph of a retina, and their shapes.
 *
 * Counts by the grade that is asked for; "few": small ones oftener, half of them in the first
 * quarter of the range:
 *
 *   grade  microaneurysms  haemorrhages    hard exudates     soft exudates  and
 *   0      0               0               0                 0
 *   1      1 - 9, few      0               0                 0
 *   2      2 - 14, few     1 - 12, few     half: none,       0 - 2, few
 *                                          half: 2 - 30, few
 *   3      8 - 24          21 - 27 a       as grade 2        0 - 5          either the first of
 *                          quadrant, or                                     haemorrhages, or beaded
 *                          8 - 30                                           veins in 2 - 4
 * quadrants 4      6 - 20          4 - 36          as grade 2        0 - 4          1 - 3 tufts of
 * new vessels; 2 of 5 a preretinal haemorrhage
 */
#ifndef TFU_CORE_SYNTH_FUNDUS_LESIONS_H
#define TFU_CORE_SYNTH_FUNDUS_LESIONS_H

#include "core/synth/eye.h"
#include "core/synth/truth.h"

struct tfu_lesion_shape {
    enum tfu_lesion kind;
    float x, y;               /* in the eye */
    float radius_x, radius_y; /* in the eye */
    float angle;              /* in the picture, in turns */
    uint32_t key;
};

enum { TFU_LESION_SHAPES_MAX = 320 };
struct tfu_lesion_list {
    int count;
    unsigned beaded; /* a bit a quadrant */
    struct tfu_lesion_shape shape[TFU_LESION_SHAPES_MAX];
};

/* Fills the list, and of `truth` what follows from it, the grade too. All of it lies in the field
 * of the photograph. */
void tfu_lesions_choose(struct tfu_lesion_list *out, const struct tfu_eye *eye,
                        const struct tfu_eye_photo *photo, int grade,
                        struct tfu_fundus_truth *truth);

/* Into a plane for each kind, but preretinal haemorrhages into that of the others. */
void tfu_lesions_draw(const struct tfu_lesion_list *list, const struct tfu_eye_photo *photo,
                      struct tfu_plane *const plane[TFU_LESIONS]);

#endif
