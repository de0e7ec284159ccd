/* SPDX-License-Identifier: MIT */
#include "core/synth/truth.h"

#include <stdlib.h>

const char *const tfu_synth_kinds[TFU_SYNTH_KINDS + 1] = {"fundus", "cxr", "natural", NULL};
const char *const tfu_lesion_names[TFU_LESIONS] = {"MA", "HE", "EX", "SE", "NV", "PH"};
const char *const tfu_finding_names[TFU_FINDINGS] = {"Atelectasis", "Cardiomegaly", "Consolidation",
                                                     "Edema", "Pleural Effusion"};

/* Wilkinson et al., Proposed international clinical diabetic retinopathy and diabetic macular edema
 * disease severity scales, Ophthalmology 110, 2003. Intraretinal microvascular abnormalities, the
 * third way to grade 3, are not drawn. */
int tfu_fundus_grade(const struct tfu_fundus_truth *t)
{
    if (t->count[TFU_LESION_NEW_VESSEL] || t->count[TFU_LESION_PRERETINAL])
        return 4;
    bool everywhere = true;
    for (int q = 0; q < 4; q++)
        everywhere = everywhere && t->haemorrhages[q] > 20;
    if (everywhere || t->beaded >= 2)
        return 3;
    if (t->count[TFU_LESION_HAEMORRHAGE] || t->count[TFU_LESION_HARD_EXUDATE] ||
        t->count[TFU_LESION_SOFT_EXUDATE] || t->beaded)
        return 2;
    return t->count[TFU_LESION_MICROANEURYSM] ? 1 : 0;
}

enum tfu_status tfu_truth_add_box(struct tfu_synth_truth *t, int label, float x, float y,
                                  float radius_x, float radius_y, struct tfu_error *e)
{
    if (t->box_count == t->box_capacity) {
        const int capacity = t->box_capacity ? 2 * t->box_capacity : 8;
        struct tfu_synth_box *more = realloc(t->box, (size_t)capacity * sizeof *more);
        if (!more)
            return tfu_error_memory(e, "keeping what was drawn", 0);
        t->box = more;
        t->box_capacity = capacity;
    }
    t->box[t->box_count++] =
        (struct tfu_synth_box){x - radius_x, y - radius_y, x + radius_x, y + radius_y, label};
    return TFU_OK;
}

void tfu_truth_free(struct tfu_synth_truth *t)
{
    free(t->box);
    t->box = NULL;
    t->box_count = t->box_capacity = 0;
}
