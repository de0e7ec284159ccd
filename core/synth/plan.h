/* SPDX-License-Identifier: MIT
 *
 * plan.h - which pictures a set has: patients, their pictures, and the parts of the set that they
 * belong to. Nothing is drawn here.
 */
#ifndef TFU_CORE_SYNTH_PLAN_H
#define TFU_CORE_SYNTH_PLAN_H

#include "core/base/error.h"
#include "core/synth/options.h"

enum tfu_synth_part { TFU_PART_TRAIN, TFU_PART_VALID, TFU_PART_TEST };
extern const char *const tfu_synth_parts[3]; /* "train" */

struct tfu_synth_item {
    int64_t patient; /* from 0 */
    int64_t number;  /* in its part, from 0 */
    enum tfu_synth_part part;
    uint64_t patient_key, study_key, image_key;
    bool left; /* of eyes */
    int visit; /* of the same eye, from 1 */
    enum tfu_synth_view view;
    int study, view_number; /* from 1 */
};

struct tfu_synth_plan {
    struct tfu_synth_item *item;
    int64_t count, patients;
};

enum tfu_status tfu_synth_plan_new(struct tfu_synth_plan *out, const struct tfu_synth_options *o,
                                   struct tfu_error *e);
void tfu_synth_plan_free(struct tfu_synth_plan *p);

#endif
