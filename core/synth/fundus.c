/* SPDX-License-Identifier: MIT */
#include "core/synth/fundus.h"

#include <math.h>

#include "core/synth/fundus_lesions.h"

/* ---- grades */

int tfu_fundus_draw_grade(uint64_t patient, bool left, enum tfu_fundus_shares shares)
{
    /* images of a grade: EyePACS' training part, APTOS 2019's, all of IDRiD's grading */
    static const int images[][5] = {
        {25810, 2443, 5292, 873, 708}, {1805, 370, 999, 193, 295}, {168, 25, 168, 93, 62}};
    const int *n = images[shares];
    struct tfu_random r = tfu_synth_stream(patient, "grade");
    int at = (int)tfu_random_below(&r, (uint64_t)(n[0] + n[1] + n[2] + n[3] + n[4])), grade = 0;
    for (; at >= n[grade]; grade++)
        at -= n[grade];
    const double u = tfu_random_uniform(&r);
    /* the second eye: one in five is a step away, kept within the scale */
    if (left && grade > 0 && u < 0.2)
        grade += u < 0.1 ? -1 : grade < 4;
    return grade;
}

/* ---- truth */

struct taken {
    struct tfu_eye eye;
    struct tfu_eye_photo photo;
    struct tfu_lesion_list lesions;
    struct tfu_fundus_truth truth;
};

static void take(struct taken *t, const struct tfu_fundus_request *q)
{
    tfu_eye_of(&t->eye, q->patient, q->left);
    tfu_eye_photo_of(&t->photo, &t->eye, q->image);
    const struct tfu_eye *eye = &t->eye;
    const struct tfu_point disc = tfu_eye_place(&t->photo, eye->disc_x, eye->disc_y);
    t->truth = (struct tfu_fundus_truth){.left = q->left,
                                         .cup_to_disc = eye->cup_to_disc,
                                         .disc_x = disc.x,
                                         .disc_y = disc.y,
                                         .fovea_x = t->photo.x,
                                         .fovea_y = t->photo.y,
                                         .disc_radius = eye->disc_radius * t->photo.scale};
    tfu_lesions_choose(&t->lesions, eye, &t->photo, q->grade, &t->truth);
}

enum tfu_status tfu_fundus_describe(const struct tfu_fundus_request *q, struct tfu_synth_truth *t,
                                    int *quality, struct tfu_error *e)
{
    struct taken taken;
    take(&taken, q);
    *quality = taken.photo.quality;
    t->kind = TFU_SYNTH_FUNDUS;
    t->fundus = taken.truth;
    t->confounded = q->confounder != TFU_CONFOUNDER_NONE;
    enum tfu_status st = TFU_OK;
    for (int i = 0; i < taken.lesions.count && st == TFU_OK; i++) {
        const struct tfu_lesion_shape *s = &taken.lesions.shape[i];
        const struct tfu_point at = tfu_eye_place(&taken.photo, s->x, s->y);
        const float c = (float)tfu_synth_cos((double)s->angle);
        const float k = (float)tfu_synth_sin((double)s->angle), scale = taken.photo.scale;
        const float rx = s->radius_x * scale, ry = s->radius_y * scale;
        st =
            tfu_truth_add_box(t, (int)s->kind, at.x, at.y, sqrtf(rx * rx * c * c + ry * ry * k * k),
                              sqrtf(rx * rx * k * k + ry * ry * c * c), e);
    }
    return st;
}

/* ---- the picture */

enum { RED, GREEN, BLUE, WORK, SPARE, ARTERIES, VEINS, REFLEX, DISC, MA, HE, EX, SE, NV, PLANES };

/* The retina without vessels and lesions; light falls off in paint_light(). */
static void paint_ground(struct tfu_scene *s, const struct taken *t)
{
    const struct tfu_eye *eye = &t->eye;
    const struct tfu_eye_photo *p = &t->photo;
    struct tfu_plane *low = &s->plane[WORK], *net = &s->plane[SPARE];
    tfu_plane_add_noise(low, &(struct tfu_noise){eye->key, 3, 1, 0.6f, 0.55f, 5});
    tfu_plane_add_noise(net, &(struct tfu_noise){eye->key + 1, 9, 1, 1, 0.35f, 2});
    for (int y = 0; y < low->side; y++)
        for (int x = 0; x < low->side; x++) {
            const size_t i = (size_t)y * (size_t)low->side + (size_t)x;
            const float px = tfu_plane_place(low, x) - p->x, py = tfu_plane_place(low, y) - p->y;
            const float u = (p->cosine * px + p->sine * py) * p->mirror / p->scale;
            const float v = (p->cosine * py - p->sine * px) / p->scale;
            const float du = u - eye->disc_x, dv = v - eye->disc_y;
            const float glow = tfu_synth_bell((du * du + dv * dv) * 7);
            const float macula = tfu_synth_bell((u * u + v * v) * 34);
            const float around = tfu_synth_bell((u * u + v * v) * 7);
            const float n = low->v[i];
            const float lines = tfu_synth_step(0.55f, 0.95f, 1 - fabsf(net->v[i])) * eye->choroid *
                                (1 - around) * (1 - glow);
            const float dark = eye->pigment;
            const float red = 0.90f - 0.07f * dark + 0.05f * n + 0.05f * lines + 0.05f * glow;
            const float green = 0.365f - 0.08f * dark + 0.045f * n + 0.085f * lines + 0.085f * glow;
            const float blue = 0.245f - 0.07f * dark + 0.035f * n + 0.035f * lines + 0.05f * glow;
            s->plane[RED].v[i] = red * (1 - 0.16f * macula - 0.05f * around);
            s->plane[GREEN].v[i] = green * (1 - 0.40f * macula - 0.14f * around);
            s->plane[BLUE].v[i] = blue * (1 - 0.42f * macula - 0.14f * around);
        }
}

static void cover(struct tfu_scene *s, const struct tfu_plane *share, float red, float green,
                  float blue, float amount)
{
    tfu_plane_cover(&s->plane[RED], share, red, amount);
    tfu_plane_cover(&s->plane[GREEN], share, green, amount);
    tfu_plane_cover(&s->plane[BLUE], share, blue, amount);
}

static void weaken(struct tfu_scene *s, const struct tfu_plane *share, float red, float green,
                   float blue)
{
    tfu_plane_weaken(&s->plane[RED], share, red);
    tfu_plane_weaken(&s->plane[GREEN], share, green);
    tfu_plane_weaken(&s->plane[BLUE], share, blue);
}

static void paint_disc(struct tfu_scene *s, const struct taken *t)
{
    const struct tfu_eye *eye = &t->eye;
    const float r = eye->disc_radius * t->photo.scale;
    const struct tfu_point at = tfu_eye_place(&t->photo, eye->disc_x, eye->disc_y);
    struct tfu_ellipse disc = {.x = at.x,
                               .y = at.y,
                               .radius_x = 0.91f * r,
                               .radius_y = r,
                               .soft = 0.16f,
                               .ragged = 0.035f,
                               .key = (uint32_t)eye->key,
                               .value = 1};
    struct tfu_plane *work = &s->plane[WORK];
    if (eye->atrophy > 0) { /* to the temporal side, beyond the edge */
        tfu_plane_fill(work, 0);
        struct tfu_ellipse pale = disc;
        pale.x -= t->photo.mirror * 0.22f * r;
        pale.radius_x *= 1.05f;
        pale.soft = 0.3f;
        pale.ragged = 0.12f;
        tfu_draw_ellipse(work, &pale);
        cover(s, work, 0.96f, 0.66f, 0.42f, 0.55f * eye->atrophy);
    }
    tfu_draw_ellipse(&s->plane[DISC], &disc);
    cover(s, &s->plane[DISC], 0.98f, 0.63f, 0.40f, 0.88f);
    tfu_plane_fill(work, 0); /* the rim is paler towards the fovea */
    struct tfu_ellipse part = disc;
    part.x -= t->photo.mirror * 0.3f * r;
    part.radius_x *= 0.7f;
    part.radius_y *= 0.75f;
    part.soft = 1;
    tfu_draw_ellipse(work, &part);
    cover(s, work, 1.0f, 0.78f, 0.52f, 0.6f);
    tfu_plane_fill(work, 0);
    part = disc;
    part.x -= t->photo.mirror * 0.06f * r;
    part.radius_x = eye->cup_to_disc * 0.88f * r;
    part.radius_y = eye->cup_to_disc * r;
    part.soft = 0.5f;
    tfu_draw_ellipse(work, &part);
    cover(s, work, 1.0f, 0.90f, 0.70f, eye->cup_pale);
}

static void paint_vessels(struct tfu_scene *s, const struct taken *t)
{
    struct tfu_plane *arteries = &s->plane[ARTERIES], *veins = &s->plane[VEINS];
    struct tfu_plane *reflex = &s->plane[REFLEX], *spare = &s->plane[SPARE];
    tfu_eye_draw_vessels(&t->eye, &t->photo, t->lesions.beaded, arteries, veins, reflex);
    tfu_plane_blur(arteries, 0.0035f, spare);
    tfu_plane_blur(veins, 0.0035f, spare);
    weaken(s, arteries, 0.13f, 0.44f, 0.38f);
    weaken(s, veins, 0.27f, 0.58f, 0.48f);
    cover(s, reflex, 0.98f, 0.55f, 0.42f, 0.35f * (1.2f - t->eye.age));
}

/* What old eyes have and diabetes does not make: pale spots under the retina. */
static void paint_drusen(struct tfu_scene *s, const struct taken *t)
{
    struct tfu_random r = tfu_synth_stream(t->eye.key, "drusen");
    if (t->eye.age < 0.5f || !tfu_synth_chance(&r, 0.4))
        return;
    struct tfu_plane *work = &s->plane[WORK];
    tfu_plane_fill(work, 0);
    for (int i = tfu_synth_count(&r, 4, 22); i > 0; i--) {
        const float x = 0.2f * (float)tfu_synth_spread(&r), y = 0.18f * (float)tfu_synth_spread(&r);
        const struct tfu_point at = tfu_eye_place(&t->photo, x, y);
        const float size = (float)tfu_synth_between(&r, 0.008, 0.02);
        tfu_draw_ellipse(
            work,
            &(struct tfu_ellipse){
                .x = at.x, .y = at.y, .radius_x = size, .radius_y = size, .soft = 1, .value = 1});
    }
    cover(s, work, 0.98f, 0.66f, 0.38f, 0.5f);
}

/* Nor of these: pigment in the retina, dust on the lens. */
static void paint_specks(struct tfu_scene *s, const struct taken *t)
{
    struct tfu_random r = tfu_synth_stream(t->photo.key, "specks");
    if (!tfu_synth_chance(&r, 0.35))
        return;
    struct tfu_plane *work = &s->plane[WORK];
    tfu_plane_fill(work, 0);
    for (int i = tfu_synth_count(&r, 1, 5); i > 0; i--) {
        const float x = 0.4f * (float)tfu_synth_spread(&r), y = 0.4f * (float)tfu_synth_spread(&r);
        const float size = (float)tfu_synth_between(&r, 0.006, 0.024);
        const float value = (float)tfu_synth_between(&r, 0.3, 1);
        tfu_draw_ellipse(work, &(struct tfu_ellipse){.x = x,
                                                     .y = y,
                                                     .radius_x = size,
                                                     .radius_y = size,
                                                     .soft = 1.2f,
                                                     .ragged = 0.2f,
                                                     .key = (uint32_t)i,
                                                     .value = value});
    }
    /* browner than blood */
    weaken(s, work, 0.45f, 0.42f, 0.40f);
}

static void paint_lesions(struct tfu_scene *s, const struct taken *t)
{
    struct tfu_plane *const plane[TFU_LESIONS] = {&s->plane[MA], &s->plane[HE], &s->plane[EX],
                                                  &s->plane[SE], &s->plane[NV], &s->plane[HE]};
    tfu_lesions_draw(&t->lesions, &t->photo, plane);
    if (!t->lesions.count)
        return;
    cover(s, &s->plane[SE], 0.96f, 0.80f, 0.62f, 0.72f);
    weaken(s, &s->plane[HE], 0.40f, 0.72f, 0.50f);
    weaken(s, &s->plane[MA], 0.34f, 0.66f, 0.42f);
    cover(s, &s->plane[EX], 0.99f, 0.86f, 0.48f, 0.86f);
    weaken(s, &s->plane[NV], 0.18f, 0.52f, 0.32f);
}

/* 1 in the field of the camera, 0 outside. */
static float in_field(const struct tfu_eye_photo *p, float x, float y, float pixel)
{
    float covered = tfu_synth_unit((p->radius - sqrtf(x * x + y * y)) / pixel + 0.5f);
    if (p->notch && covered < 1) {
        const float dx = fabsf(x - p->notch_x), dy = fabsf(y - p->notch_y);
        const float d = 0.05f - (dx + dy) * 0.7071f;
        covered = fmaxf(covered, tfu_synth_unit(d / pixel + 0.5f));
    }
    return covered * tfu_synth_unit((p->cut - fabsf(y)) / pixel + 0.5f);
}

/* Light, lens and the black around. Of a scene that was shrunk. */
static void paint_light(struct tfu_scene *s, const struct tfu_eye_photo *p)
{
    static const float milk[3] = {0.80f, 0.58f, 0.44f}, black[3] = {0.010f, 0.003f, 0.005f};
    struct tfu_plane *red = &s->plane[RED];
    const float pixel = 2 / (float)red->side;
    for (int y = 0; y < red->side; y++)
        for (int x = 0; x < red->side; x++) {
            const size_t i = (size_t)y * (size_t)red->side + (size_t)x;
            const float px = tfu_plane_place(red, x), py = tfu_plane_place(red, y);
            const float r2 = (px * px + py * py) / (p->radius * p->radius);
            const float edge = 1 - 0.35f * tfu_synth_step(0.90f, 1.02f, r2);
            const float light =
                (1 - 0.24f * r2 * r2) * edge * (1 + p->shade * (px * p->shade_x + py * p->shade_y));
            const float inside = in_field(p, px, py, pixel);
            for (int c = 0; c < 3; c++) {
                float *v = &s->plane[c].v[i];
                const float lit = tfu_synth_mix(*v, milk[c], 0.6f * p->haze) * light * p->gain[c];
                /* film and sensor give in slowly near white */
                const float held = lit > 0.85f ? 0.85f + (lit - 0.85f) * 0.62f : lit;
                *v = tfu_synth_mix(black[c], held, inside);
            }
        }
}

static enum tfu_status finish(struct tfu_scene *s, const struct tfu_fundus_request *q,
                              const struct taken *t, struct tfu_picture *out, struct tfu_error *e)
{
    static const struct {
        int plane;
        const char *name;
    } masks[] = {{DISC, "OD"}, {MA, "MA"}, {HE, "HE"}, {EX, "EX"}, {SE, "SE"}, {NV, "NV"}};
    for (int c = RED; c <= BLUE; c++)
        tfu_plane_blur(&s->plane[c], t->photo.blur, &s->plane[SPARE]);
    enum tfu_status st = tfu_scene_shrink(s, e);
    for (size_t i = 0; i < TFU_COUNT(masks) && st == TFU_OK; i++)
        st = tfu_scene_mask(s, masks[i].plane, masks[i].name, out, e);
    if (st != TFU_OK)
        return st;
    paint_light(s, &t->photo);
    tfu_camera_noise(s, 3, t->photo.noise, 0.4f, tfu_random_key(q->image, "draw", "noise"));
    st = tfu_camera_confound(s, 3, q->confounder, q->image, e);
    return st == TFU_OK ? tfu_scene_pixels(s, 3, out, e) : st;
}

enum tfu_status tfu_fundus_draw(const struct tfu_fundus_request *q, struct tfu_picture *out,
                                struct tfu_error *e)
{
    struct taken t;
    struct tfu_scene s;
    *out = (struct tfu_picture){.pixel = NULL};
    take(&t, q);
    enum tfu_status st = tfu_scene_new(&s, q->side, PLANES, e);
    if (st != TFU_OK)
        return st;
    paint_ground(&s, &t);
    paint_drusen(&s, &t);
    paint_specks(&s, &t);
    paint_disc(&s, &t);
    paint_vessels(&s, &t);
    paint_lesions(&s, &t);
    st = finish(&s, q, &t, out, e);
    tfu_scene_free(&s);
    if (st != TFU_OK)
        tfu_picture_free(out);
    return st;
}
