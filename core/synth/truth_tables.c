/* SPDX-License-Identifier: MIT
 *
 * What is known of every picture, as tables in truth/: a row a picture in images.csv, with the
 * patient; a row a thing in boxes.csv; where disc and fovea are in landmarks.csv. In pixels from
 * the picture's upper left corner.
 */
#include <stdio.h>

#include "core/synth/layouts.h"
#include "core/synth/natural.h"

static void put_path(const struct tfu_synth_set *s, int64_t k, struct tfu_text *to)
{
    tfu_text_puts(to, "\n");
    tfu_synth_layout_of(s->options->form)
        ->put_path(s->options, &s->plan->item[k], &s->truth[k], to);
}

static double pixels(const struct tfu_synth_set *s, float place)
{
    return ((double)place + 1) * s->options->side / 2;
}

static const char *const heads[TFU_SYNTH_KINDS] = {
    "path,part,patient,eye,visit,grade,oedema_risk,MA,HE,EX,SE,NV,PH,HE_1,HE_2,HE_3,HE_4,"
    "beaded_quadrants,cup_to_disc,confounder",
    "path,part,patient,study,view,sex,age,Atelectasis,Cardiomegaly,Consolidation,Edema,"
    "Pleural Effusion,devices,cardiothoracic_ratio,confounder",
    "path,part,patient,class,confounder"};

static void put_picture(const struct tfu_synth_set *s, int64_t k, struct tfu_text *to)
{
    static const char *const views[] = {"PA", "AP", "LATERAL"};
    const struct tfu_synth_item *i = &s->plan->item[k];
    const struct tfu_synth_truth *t = &s->truth[k];
    const struct tfu_fundus_truth *f = &t->fundus;
    const struct tfu_cxr_truth *x = &t->cxr;
    put_path(s, k, to);
    tfu_text_printf(to, ",%s,%lld", tfu_synth_parts[i->part], (long long)i->patient + 1);
    switch (t->kind) {
    case TFU_SYNTH_FUNDUS:
        tfu_text_printf(to, ",%s,%d,%d,%d", f->left ? "left" : "right", i->visit, f->grade,
                        f->oedema_risk);
        for (int lesion = 0; lesion < TFU_LESIONS; lesion++)
            tfu_text_printf(to, ",%d", f->count[lesion]);
        for (int q = 0; q < 4; q++)
            tfu_text_printf(to, ",%d", f->haemorrhages[q]);
        tfu_text_printf(to, ",%d,%.3f", f->beaded, (double)f->cup_to_disc);
        break;
    case TFU_SYNTH_CXR:
        tfu_text_printf(to, ",%d,%s,%s,%d", i->study, views[x->view], x->female ? "F" : "M",
                        x->age);
        for (int finding = 0; finding < TFU_FINDINGS; finding++)
            tfu_text_printf(to, ",%.3f", (double)x->severity[finding]);
        tfu_text_printf(to, ",%d,%.3f", x->devices, (double)x->cardiothoracic);
        break;
    default:
        tfu_text_printf(to, ",%s", tfu_natural_classes[t->class]);
    }
    tfu_text_printf(to, ",%d", t->confounded);
}

static void put_boxes(const struct tfu_synth_set *s, int64_t k, struct tfu_text *to)
{
    const struct tfu_synth_truth *t = &s->truth[k];
    for (int i = 0; i < t->box_count; i++) {
        const struct tfu_synth_box *b = &t->box[i];
        put_path(s, k, to);
        tfu_text_printf(
            to, ",%s,%.2f,%.2f,%.2f,%.2f",
            t->kind == TFU_SYNTH_FUNDUS ? tfu_lesion_names[b->label] : tfu_finding_names[b->label],
            pixels(s, b->left), pixels(s, b->top), pixels(s, b->right) - pixels(s, b->left),
            pixels(s, b->bottom) - pixels(s, b->top));
    }
}

static void put_landmarks(const struct tfu_synth_set *s, int64_t k, struct tfu_text *to)
{
    const struct tfu_fundus_truth *t = &s->truth[k].fundus;
    put_path(s, k, to);
    tfu_text_printf(to, ",%.2f,%.2f,%.2f,%.2f,%.2f", pixels(s, t->disc_x), pixels(s, t->disc_y),
                    (double)t->disc_radius * s->options->side / 2, pixels(s, t->fovea_x),
                    pixels(s, t->fovea_y));
}

static enum tfu_status write(const struct tfu_synth_set *s, const char *name, const char *head,
                             void (*put)(const struct tfu_synth_set *s, int64_t k,
                                         struct tfu_text *to),
                             struct tfu_error *e)
{
    struct tfu_text table = TFU_TEXT_INIT;
    tfu_text_puts(&table, head);
    for (int64_t k = 0; k < s->plan->count; k++)
        put(s, k, &table);
    tfu_text_puts(&table, "\n");
    return tfu_synth_write_table(&table, s->folder, name, e);
}

enum tfu_status tfu_synth_write_truth(const struct tfu_synth_set *s, struct tfu_error *e)
{
    const enum tfu_synth_kind kind = s->options->kind;
    enum tfu_status st = write(s, "truth/images.csv", heads[kind], put_picture, e);
    if (st == TFU_OK && kind != TFU_SYNTH_NATURAL)
        st = write(s, "truth/boxes.csv", "path,label,x,y,width,height", put_boxes, e);
    if (st == TFU_OK && kind == TFU_SYNTH_FUNDUS)
        st = write(s, "truth/landmarks.csv", "path,disc_x,disc_y,disc_radius,fovea_x,fovea_y",
                   put_landmarks, e);
    return st;
}
