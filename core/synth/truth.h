/* SPDX-License-Identifier: MIT
 *
 * truth.h - what is known of a picture because it was drawn so.
 */
#ifndef TFU_CORE_SYNTH_TRUTH_H
#define TFU_CORE_SYNTH_TRUTH_H

#include <stdbool.h>

#include "core/base/error.h"

enum tfu_synth_kind { TFU_SYNTH_FUNDUS, TFU_SYNTH_CXR, TFU_SYNTH_NATURAL, TFU_SYNTH_KINDS };

/* ---- photographs of the retina */

enum tfu_lesion {
    TFU_LESION_MICROANEURYSM,
    TFU_LESION_HAEMORRHAGE,
    TFU_LESION_HARD_EXUDATE,
    TFU_LESION_SOFT_EXUDATE,
    TFU_LESION_NEW_VESSEL, /* a tuft of them */
    TFU_LESION_PRERETINAL, /* a haemorrhage in front of the retina */
    TFU_LESIONS
};

struct tfu_fundus_truth {
    bool left;              /* the left eye */
    int count[TFU_LESIONS]; /* of each lesion, drawn */
    int haemorrhages[4];    /* of them, in each quadrant */
    int beaded;             /* quadrants whose veins are beaded */
    int grade;              /* tfu_fundus_grade() of these */
    int oedema_risk;        /* 0 no hard exudates; 1; 2: within a disc's diameter of the fovea */
    float cup_to_disc;      /* of the vertical diameters */
    float disc_x, disc_y, fovea_x, fovea_y, disc_radius; /* places of plane.h, in the picture */
};

/* The international clinical scale of diabetic retinopathy, 0 to 4, of what is seen. */
int tfu_fundus_grade(const struct tfu_fundus_truth *t);

/* ---- X-rays of the chest */

enum tfu_finding {
    TFU_FINDING_ATELECTASIS,
    TFU_FINDING_CARDIOMEGALY,
    TFU_FINDING_CONSOLIDATION,
    TFU_FINDING_OEDEMA,
    TFU_FINDING_EFFUSION,
    TFU_FINDINGS
};
enum tfu_synth_view { TFU_SYNTH_PA, TFU_SYNTH_AP, TFU_SYNTH_LATERAL };

struct tfu_cxr_truth {
    enum tfu_synth_view view;
    int study, number; /* of the patient, and of the view in it, from 1 */
    bool female;
    int age;
    float severity[TFU_FINDINGS]; /* 0: not there; to 1 */
    bool devices;
    /* Of the widths of heart and chest; of a lateral view that of the frontal one of its study.
     * Above 0.5 the heart is enlarged. */
    float cardiothoracic;
};

/* ---- all */

/* A thing in a picture; sides in places of plane.h. */
struct tfu_synth_box {
    float left, top, right, bottom;
    int label; /* enum tfu_lesion or tfu_finding */
};

struct tfu_synth_truth {
    enum tfu_synth_kind kind;
    struct tfu_fundus_truth fundus;
    struct tfu_cxr_truth cxr;
    int class; /* of a natural picture */
    bool confounded;
    struct tfu_synth_box *box;
    int box_count, box_capacity;
};

enum tfu_status tfu_truth_add_box(struct tfu_synth_truth *t, int label, float x, float y,
                                  float radius_x, float radius_y, struct tfu_error *e);
void tfu_truth_free(struct tfu_synth_truth *t);

/* "fundus"; "MA"; "Pleural Effusion" as CheXpert writes it. */
extern const char *const tfu_synth_kinds[TFU_SYNTH_KINDS + 1];
extern const char *const tfu_lesion_names[TFU_LESIONS];
extern const char *const tfu_finding_names[TFU_FINDINGS];

#endif
