/* SPDX-License-Identifier: MIT
 *
 * IDRiD: three folders, of segmentation, grading and localisation. Of the pictures, which the
 * original repeats in each, there is one copy, that of grading; masks are PNG, not TIFF.
 */
#include <string.h>

#include "core/synth/layout.h"
#include "core/synth/plane.h"

#define GRADING "B. Disease Grading/"
#define PLACES  "C. Localization/2. Groundtruths/"

static void put_name(const struct tfu_synth_item *i, struct tfu_text *to)
{
    tfu_text_printf(to, "IDRiD_%03lld", (long long)i->number + 1);
}

static const char *set_of(const struct tfu_synth_item *i)
{
    return i->part == TFU_PART_TEST ? "b. Testing Set" : "a. Training Set";
}

static void put_path(const struct tfu_synth_options *o, const struct tfu_synth_item *i,
                     const struct tfu_synth_truth *t, struct tfu_text *path)
{
    (void)o;
    (void)t;
    tfu_text_printf(path, GRADING "1. Original Images/%s/", set_of(i));
    put_name(i, path);
    tfu_text_puts(path, ".jpg");
}

static bool put_mask(const struct tfu_synth_item *i, const char *name, struct tfu_text *path)
{
    static const char *const folder[][2] = {{"MA", "1. Microaneurysms"},
                                            {"HE", "2. Haemorrhages"},
                                            {"EX", "3. Hard Exudates"},
                                            {"SE", "4. Soft Exudates"},
                                            {"OD", "5. Optic Disc"}};
    for (size_t k = 0; k < TFU_COUNT(folder); k++)
        if (strcmp(folder[k][0], name) == 0) {
            tfu_text_printf(path, "A. Segmentation/2. All Segmentation Groundtruths/%s/%s/",
                            set_of(i), folder[k][1]);
            put_name(i, path);
            tfu_text_printf(path, "_%s.png", name);
            return true;
        }
    return false;
}

/* ---- tables */

/* From a place to pixels counted from 0 at the edge of the first, in whole ones. */
static int pixel_of(float place, int side)
{
    return tfu_synth_floor((place + 1) * (float)side / 2);
}

static enum tfu_status write_part(const struct tfu_synth_set *s, bool test, struct tfu_error *e)
{
    struct tfu_text grade = TFU_TEXT_INIT, disc = TFU_TEXT_INIT, fovea = TFU_TEXT_INIT;
    tfu_text_puts(&grade, "Image name,Retinopathy grade,Risk of macular edema \n");
    tfu_text_puts(&disc, "Image No,X- Coordinate,Y - Coordinate\n");
    tfu_text_puts(&fovea, "Image No,X- Coordinate,Y - Coordinate\n");
    const int side = s->options->side;
    for (int64_t k = 0; k < s->plan->count; k++) {
        const struct tfu_synth_item *i = &s->plan->item[k];
        const struct tfu_fundus_truth *t = &s->truth[k].fundus;
        if ((i->part == TFU_PART_TEST) != test)
            continue;
        put_name(i, &grade);
        tfu_text_printf(&grade, ",%d,%d\n", t->grade, t->oedema_risk);
        put_name(i, &disc);
        tfu_text_printf(&disc, ",%d,%d\n", pixel_of(t->disc_x, side), pixel_of(t->disc_y, side));
        put_name(i, &fovea);
        tfu_text_printf(&fovea, ",%d,%d\n", pixel_of(t->fovea_x, side), pixel_of(t->fovea_y, side));
    }
    enum tfu_status st = tfu_synth_write_table(
        &grade, s->folder,
        test ? GRADING "2. Groundtruths/b. IDRiD_Disease Grading_Testing Labels.csv"
             : GRADING "2. Groundtruths/a. IDRiD_Disease Grading_Training Labels.csv",
        e);
    if (st == TFU_OK)
        st = tfu_synth_write_table(
            &disc, s->folder,
            test ? PLACES "1. Optic Disc Center Location/b. IDRiD_OD_Center_Testing Set_Markups.csv"
                 : PLACES
                "1. Optic Disc Center Location/a. IDRiD_OD_Center_Training Set_Markups.csv",
            e);
    if (st == TFU_OK)
        st = tfu_synth_write_table(
            &fovea, s->folder,
            test ? PLACES "2. Fovea Center Location/IDRiD_Fovea_Center_Testing Set_Markups.csv"
                 : PLACES "2. Fovea Center Location/IDRiD_Fovea_Center_Training Set_Markups.csv",
            e);
    tfu_text_free(&disc);
    tfu_text_free(&fovea);
    return st;
}

static enum tfu_status write_tables(const struct tfu_synth_set *s, struct tfu_error *e)
{
    const enum tfu_status st = write_part(s, false, e);
    return st == TFU_OK ? write_part(s, true, e) : st;
}

const struct tfu_synth_layout tfu_layout_idrid = {.kinds = 1u << TFU_SYNTH_FUNDUS,
                                                  .put_path = put_path,
                                                  .put_mask = put_mask,
                                                  .write_tables = write_tables};
