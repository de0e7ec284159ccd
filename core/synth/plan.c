/* SPDX-License-Identifier: MIT */
#include "core/synth/plan.h"

#include <stdlib.h>

#include "core/synth/numbers.h"

const char *const tfu_synth_parts[3] = {"train", "valid", "test"};

enum { MOST = 4 }; /* pictures of a patient */

/* Eyes in turn; a second visit photographs them again. EyePACS has both of each patient, once. */
static int plan_eyes(struct tfu_synth_item *item, struct tfu_random *r, enum tfu_synth_form form)
{
    static const int count[] = {1, 1, 2, 2, 2, 2, 2, 3, 4, 4};
    const bool pairs = form == TFU_SYNTH_EYEPACS;
    const int n = count[tfu_synth_count(r, 0, 9)], first = tfu_synth_count(r, 0, 1);
    for (int i = 0; i < (pairs ? 2 : n); i++) {
        item[i].left = pairs ? i == 0 : (i + first) % 2 == 1;
        item[i].visit = 1 + i / 2;
    }
    return pairs ? 2 : n;
}

/* One to three studies, each with the views that CheXpert's have, in their shares; a folder of
 * images has no column for views and gets the frontal ones alone. */
static int plan_views(struct tfu_synth_item *item, struct tfu_random *r, bool frontal, uint64_t key)
{
    static const struct {
        double share;
        enum tfu_synth_view view[2];
        int count;
    } shapes[] = {{0.811, {TFU_SYNTH_AP}, 1},
                  {0.138, {TFU_SYNTH_PA, TFU_SYNTH_LATERAL}, 2},
                  {0.026, {TFU_SYNTH_AP, TFU_SYNTH_LATERAL}, 2},
                  {0.013, {TFU_SYNTH_AP, TFU_SYNTH_AP}, 2},
                  {1, {TFU_SYNTH_PA}, 1}};
    static const int studies[] = {1, 1, 1, 1, 2, 2, 2, 3, 3, 4};
    const int count = studies[tfu_synth_count(r, 0, 9)];
    int n = 0;
    for (int s = 1; s <= count; s++) {
        double u = tfu_random_uniform(r);
        size_t k = 0;
        for (; k + 1 < sizeof shapes / sizeof shapes[0] && u >= shapes[k].share; k++)
            u -= shapes[k].share;
        for (int v = 0; v < shapes[k].count && n < MOST; v++) {
            if (frontal && shapes[k].view[v] == TFU_SYNTH_LATERAL)
                continue;
            item[n].view = shapes[k].view[v];
            item[n].study = s;
            item[n].study_key = tfu_random_subkey(key, (uint64_t)(1000 + s));
            item[n++].view_number = v + 1;
        }
    }
    return n;
}

/* The same patient is in the same part whatever the shares of the others. */
static enum tfu_synth_part choose_part(const struct tfu_synth_options *o, uint64_t key)
{
    struct tfu_random r = tfu_synth_stream(key, "part");
    const bool has_valid = o->form == TFU_SYNTH_CHEXPERT || o->form == TFU_SYNTH_IMAGE_FOLDER;
    const double u = tfu_random_uniform(&r);
    return u < o->test                           ? TFU_PART_TEST
           : has_valid && u < o->test + o->valid ? TFU_PART_VALID
                                                 : TFU_PART_TRAIN;
}

/* The pictures of one patient; returns how many. */
static int plan_patient(struct tfu_synth_item item[MOST], const struct tfu_synth_options *o,
                        uint64_t key, int64_t patient)
{
    struct tfu_random r = tfu_synth_stream(key, "pictures");
    int n = 1;
    for (int i = 0; i < MOST; i++)
        item[i] = (struct tfu_synth_item){.patient = patient,
                                          .patient_key = key,
                                          .image_key = tfu_random_subkey(key, (uint64_t)i),
                                          .part = choose_part(o, key)};
    if (o->kind == TFU_SYNTH_FUNDUS)
        n = plan_eyes(item, &r, o->form);
    else if (o->kind == TFU_SYNTH_CXR)
        n = plan_views(item, &r, o->form == TFU_SYNTH_IMAGE_FOLDER, key);
    return n;
}

enum tfu_status tfu_synth_plan_new(struct tfu_synth_plan *out, const struct tfu_synth_options *o,
                                   struct tfu_error *e)
{
    const size_t bytes = (size_t)o->images * sizeof *out->item;
    *out = (struct tfu_synth_plan){.item = malloc(bytes)};
    if (!out->item)
        return tfu_error_memory(e, "planning a data set", bytes);
    const uint64_t all = tfu_random_key(o->seed, "synth", tfu_synth_kinds[o->kind]);
    int64_t number[3] = {0};
    while (out->count < o->images) {
        struct tfu_synth_item item[MOST];
        const uint64_t key = tfu_random_subkey(all, (uint64_t)out->patients);
        const int n = plan_patient(item, o, key, out->patients++);
        for (int i = 0; i < n && out->count < o->images; i++) {
            item[i].number = number[item[i].part]++;
            out->item[out->count++] = item[i];
        }
    }
    return TFU_OK;
}

void tfu_synth_plan_free(struct tfu_synth_plan *p)
{
    free(p->item);
    p->item = NULL;
}
