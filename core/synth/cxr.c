/* SPDX-License-Identifier: MIT */
#include "core/synth/cxr.h"

#include <math.h>

#include "core/synth/chest.h"

/* ---- studies */

/* Rows of CheXpert's train.csv by what is said of a finding. */
static const struct {
    int yes, no, uncertain, blank;
} chexpert[TFU_FINDINGS] = {
    [TFU_FINDING_ATELECTASIS] = {33376, 1328, 33739, 154971},
    [TFU_FINDING_CARDIOMEGALY] = {27000, 11116, 8087, 177211},
    [TFU_FINDING_CONSOLIDATION] = {14783, 28097, 27742, 152792},
    [TFU_FINDING_OEDEMA] = {52246, 20726, 12984, 137458},
    [TFU_FINDING_EFFUSION] = {86187, 35396, 11628, 90203},
};
enum { ROWS = 223414 };

/* How many of the rows have the finding. */
static double present(enum tfu_finding f)
{
    return chexpert[f].yes + chexpert[f].uncertain / 2.0;
}

void tfu_cxr_draw_study(uint64_t patient, uint64_t study, struct tfu_cxr_truth *t)
{
    struct tfu_random person = tfu_synth_stream(patient, "person");
    struct tfu_random r = tfu_synth_stream(study, "findings");
    t->female = tfu_synth_chance(&person, 0.406);
    /* 18 to 90; the middle of the real ones is 62 */
    const double u = tfu_random_uniform(&person), v = tfu_random_uniform(&person);
    t->age = 18 + (int)(73 * (1 - u * v) * (0.72 + 0.28 * v));
    for (int f = 0; f < TFU_FINDINGS; f++) {
        const bool there = tfu_synth_chance(&r, present((enum tfu_finding)f) / ROWS);
        const float severity = (float)tfu_synth_between(&r, 0.02, 1);
        t->severity[f] = there ? severity : 0;
    }
    t->devices = tfu_synth_chance(&r, 0.52);
}

enum tfu_mention tfu_cxr_mention(const struct tfu_cxr_truth *t, enum tfu_finding f, uint64_t study)
{
    const double half = chexpert[f].uncertain / 2.0, there = present(f);
    struct tfu_random r = tfu_synth_stream(study, tfu_finding_names[f]);
    if (t->severity[f] > 0)
        return (t->severity[f] - 0.02) / 0.98 < half / there ? TFU_MENTION_UNCERTAIN
                                                             : TFU_MENTION_YES;
    const double u = tfu_random_uniform(&r) * (ROWS - there);
    return u < half                    ? TFU_MENTION_UNCERTAIN
           : u < half + chexpert[f].no ? TFU_MENTION_NO
                                       : TFU_MENTION_BLANK;
}

/* ---- the picture */

/* Exposure and development. */
struct exposure {
    float gain, fog, contrast, blur, noise;
    float border[4]; /* of black: left, top, right, bottom, in places */
    int quality;
};

static struct exposure expose(const struct tfu_cxr_request *q)
{
    struct tfu_random r = tfu_synth_stream(q->image, "film");
    const bool portable = q->truth.view == TFU_SYNTH_AP;
    struct exposure x;
    x.gain = (float)(1.55 + 0.16 * tfu_synth_spread(&r));
    x.fog = (float)tfu_synth_between(&r, 0, portable ? 0.07 : 0.04);
    x.contrast = (float)(1.06 + 0.05 * tfu_synth_spread(&r) - (portable ? 0.04 : 0));
    x.blur = (float)tfu_synth_between(&r, 0.001, portable ? 0.006 : 0.004);
    x.noise = (float)tfu_synth_between(&r, 0.006, portable ? 0.022 : 0.015);
    for (int i = 0; i < 4; i++)
        x.border[i] = tfu_synth_chance(&r, 0.25) ? (float)tfu_synth_between(&r, 0.01, 0.08) : 0;
    x.quality = tfu_synth_count(&r, 80, 95);
    return x;
}

static struct tfu_chest chest_of(const struct tfu_cxr_request *q, struct tfu_cxr_truth *truth)
{
    struct tfu_chest c;
    *truth = q->truth;
    tfu_chest_of(&c, q->patient, q->study, q->image, truth);
    return c;
}

static enum tfu_status add_findings(const struct tfu_chest *c, struct tfu_scene *film,
                                    struct tfu_synth_truth *boxes, struct tfu_error *e)
{
    return c->truth->view == TFU_SYNTH_LATERAL ? tfu_chest_findings_lateral(c, film, boxes, e)
                                               : tfu_chest_findings_frontal(c, film, boxes, e);
}

enum tfu_status tfu_cxr_describe(const struct tfu_cxr_request *q, struct tfu_synth_truth *t,
                                 int *quality, struct tfu_error *e)
{
    struct tfu_cxr_truth truth;
    const struct tfu_chest c = chest_of(q, &truth);
    *quality = expose(q).quality;
    t->kind = TFU_SYNTH_CXR;
    t->cxr = truth;
    t->confounded = q->confounder != TFU_CONFOUNDER_NONE;
    return add_findings(&c, NULL, t, e);
}

/* exp(-x), near enough. */
static float decay(float x)
{
    return 1 / (1 + x * (1 + x * (0.5f + x * (1.0f / 6 + x / 24))));
}

/* The letter that says which side is which. */
static void draw_letter(const struct tfu_cxr_request *q, struct tfu_scene *film)
{
    struct tfu_random r = tfu_synth_stream(q->image, "letter");
    const float x = (float)tfu_synth_between(&r, 0.72, 0.86), h = 0.035f;
    const float y = (float)tfu_synth_between(&r, -0.93, -0.82);
    struct tfu_path path = {.count = 0};
    tfu_path_add(&path, x, y - h, 0.014f);
    tfu_path_add(&path, x, y + h, 0.014f);
    tfu_path_add(&path, x + 1.1f * h, y + h, 0.014f);
    tfu_draw_path(&film->plane[TFU_FILM_WORK], &path, 0, 1);
    tfu_film_add(film, 0.001f, 0.9f);
}

/* From what the body let through to brightness. Of a scene that was shrunk. */
static void develop(struct tfu_scene *film, const struct exposure *x)
{
    struct tfu_plane *p = &film->plane[TFU_FILM_SUM];
    for (int row = 0; row < p->side; row++)
        for (int column = 0; column < p->side; column++) {
            float *v = &p->v[(size_t)row * (size_t)p->side + (size_t)column];
            const float px = tfu_plane_place(p, column), py = tfu_plane_place(p, row);
            const float dense = 1 - decay(x->gain * fmaxf(*v, 0));
            const bool outside = px < x->border[0] - 1 || py < x->border[1] - 1 ||
                                 px > 1 - x->border[2] || py > 1 - x->border[3];
            *v = outside ? 0 : x->fog + (1 - x->fog) * x->contrast * (dense - 0.04f);
        }
}

static enum tfu_status finish(struct tfu_scene *film, const struct tfu_cxr_request *q,
                              struct tfu_picture *out, struct tfu_error *e)
{
    static const struct {
        int plane;
        const char *name;
    } masks[] = {{TFU_FILM_LUNGS, "LUNGS"},
                 {TFU_FILM_HEART, "HEART"},
                 {TFU_FILM_EFFUSION, "EFFUSION"},
                 {TFU_FILM_CONSOLIDATION, "CONSOLIDATION"},
                 {TFU_FILM_ATELECTASIS, "ATELECTASIS"}};
    const struct exposure x = expose(q);
    tfu_plane_blur(&film->plane[TFU_FILM_SUM], x.blur, &film->plane[TFU_FILM_SPARE]);
    enum tfu_status st = tfu_scene_shrink(film, e);
    for (size_t i = 0; i < TFU_COUNT(masks) && st == TFU_OK; i++)
        st = tfu_scene_mask(film, masks[i].plane, masks[i].name, out, e);
    if (st != TFU_OK)
        return st;
    develop(film, &x);
    tfu_camera_noise(film, 1, x.noise, 0, tfu_random_key(q->image, "draw", "noise"));
    st = tfu_camera_confound(film, 1, q->confounder, q->image, e);
    return st == TFU_OK ? tfu_scene_pixels(film, 1, out, e) : st;
}

/* Tissue is not even. */
static void draw_texture(const struct tfu_cxr_request *q, struct tfu_scene *film)
{
    struct tfu_plane *work = &film->plane[TFU_FILM_WORK];
    tfu_plane_add_noise(work, &(struct tfu_noise){q->patient + 2, 5, 1, 1, 0.6f, 6});
    for (size_t i = 0; i < tfu_plane_count(work); i++)
        work->v[i] *= film->plane[TFU_FILM_SUM].v[i];
    tfu_film_add(film, 0, 0.05f);
}

enum tfu_status tfu_cxr_draw(const struct tfu_cxr_request *q, struct tfu_picture *out,
                             struct tfu_error *e)
{
    struct tfu_cxr_truth truth;
    struct tfu_scene film;
    *out = (struct tfu_picture){.pixel = NULL};
    const struct tfu_chest c = chest_of(q, &truth);
    enum tfu_status st = tfu_scene_new(&film, q->side, TFU_FILM_PLANES, e);
    if (st != TFU_OK)
        return st;
    if (truth.view == TFU_SYNTH_LATERAL)
        tfu_chest_draw_lateral(&c, &film);
    else
        tfu_chest_draw_frontal(&c, &film);
    draw_texture(q, &film);
    st = add_findings(&c, &film, NULL, e);
    if (truth.view != TFU_SYNTH_LATERAL)
        draw_letter(q, &film);
    if (st == TFU_OK)
        st = finish(&film, q, out, e);
    tfu_scene_free(&film);
    if (st != TFU_OK)
        tfu_picture_free(out);
    return st;
}
