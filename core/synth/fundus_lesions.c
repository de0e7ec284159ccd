/* SPDX-License-Identifier: MIT */
#include "core/synth/fundus_lesions.h"

#include <math.h>

struct chooser {
    struct tfu_lesion_list *list;
    const struct tfu_eye *eye;
    const struct tfu_eye_photo *photo;
    struct tfu_fundus_truth *truth;
    struct tfu_random random;
};

static float between(struct chooser *c, double low, double high)
{
    return (float)tfu_synth_between(&c->random, low, high);
}

/* ---- where */

static float distance(float x, float y)
{
    return sqrtf(x * x + y * y);
}

/* Is a thing of that radius seen, and not on the disc? */
static bool fits(const struct chooser *c, float x, float y, float radius)
{
    const struct tfu_eye_photo *p = c->photo;
    const struct tfu_point at = tfu_eye_place(p, x, y);
    const float r = radius * p->scale;
    return distance(at.x, at.y) + r < 0.95f * p->radius && fabsf(at.y) + r < p->cut - 0.03f &&
           distance(x - c->eye->disc_x, y - c->eye->disc_y) > 1.25f * c->eye->disc_radius + radius;
}

/* A place in a quadrant (-1: any), rather near the middle than not, at least `away` from the
 * fovea. False: there was none. */
static bool find_place(struct chooser *c, int quadrant, float away, float radius, float *x,
                       float *y)
{
    for (int i = 0; i < 400; i++) {
        const double turns = tfu_random_uniform(&c->random), u = tfu_random_uniform(&c->random);
        const float far = 0.08f + 1.05f * (float)sqrt(u) * (0.55f + 0.45f * (float)u);
        *x = 0.2f + far * (float)tfu_synth_cos(turns);
        *y = far * (float)tfu_synth_sin(turns);
        if ((quadrant < 0 || tfu_eye_quadrant(*x, *y) == quadrant) && distance(*x, *y) > away &&
            fits(c, *x, *y, radius))
            return true;
    }
    return false;
}

/* ---- what */

static void add(struct chooser *c, enum tfu_lesion kind, float x, float y, float radius_x,
                float radius_y, float angle)
{
    if (c->list->count == TFU_LESION_SHAPES_MAX)
        return;
    c->list->shape[c->list->count++] = (struct tfu_lesion_shape){
        kind, x, y, radius_x, radius_y, angle, (uint32_t)tfu_random_below(&c->random, 1u << 31)};
    c->truth->count[kind]++;
    if (kind == TFU_LESION_HAEMORRHAGE)
        c->truth->haemorrhages[tfu_eye_quadrant(x, y)]++;
}

static void add_microaneurysms(struct chooser *c, int count)
{
    float x, y;
    for (int i = 0; i < count; i++)
        if (find_place(c, -1, 0.06f, 0.01f, &x, &y)) {
            const float r = between(c, 0.007, 0.0125);
            add(c, TFU_LESION_MICROANEURYSM, x, y, r, r, 0);
        }
}

/* Flames lie along the nerve fibres, which run from the disc: in the picture's turns. */
static float fibre_angle(const struct chooser *c, float x, float y)
{
    const struct tfu_point here = tfu_eye_place(c->photo, x, y);
    const struct tfu_point disc = tfu_eye_place(c->photo, c->eye->disc_x, c->eye->disc_y);
    const float dx = here.x - disc.x, dy = here.y - disc.y;
    /* no arctangent: the nearest of some directions */
    float best = -1, angle = 0;
    for (int i = 0; i < 32; i++) {
        const double turns = i / 64.0;
        const float along =
            fabsf(dx * (float)tfu_synth_cos(turns) + dy * (float)tfu_synth_sin(turns));
        if (along > best) {
            best = along;
            angle = (float)turns;
        }
    }
    return angle;
}

static void add_haemorrhages(struct chooser *c, int quadrant, int count)
{
    float x, y;
    for (int i = 0; i < count; i++) {
        const bool flame = tfu_synth_chance(&c->random, 0.35);
        const float r = flame ? between(c, 0.022, 0.05) : between(c, 0.010, 0.030);
        if (!find_place(c, quadrant, 0.1f, r, &x, &y))
            continue;
        const float narrow = flame ? between(c, 0.25, 0.4) : between(c, 0.7, 1);
        const float angle = flame ? fibre_angle(c, x, y) : between(c, 0, 1);
        add(c, TFU_LESION_HAEMORRHAGE, x, y, r, r * narrow, angle);
    }
}

/* In groups: some in rings around a leak, others in heaps. */
static void add_hard_exudates(struct chooser *c, int count)
{
    float x, y;
    while (count > 0) {
        const bool ring = tfu_synth_chance(&c->random, 0.4);
        const float size = ring ? between(c, 0.07, 0.14) : between(c, 0.03, 0.1);
        const int group =
            ring ? tfu_synth_count(&c->random, 8, 16) : tfu_synth_count(&c->random, 3, 10);
        if (!find_place(c, -1, 0.12f, size, &x, &y))
            return;
        for (int i = 0; i < group && count > 0; i++, count--) {
            const double turns = tfu_random_uniform(&c->random);
            const float far = ring ? size * between(c, 0.85, 1.1)
                                   : size * (float)sqrt(tfu_random_uniform(&c->random));
            const float ex = x + far * (float)tfu_synth_cos(turns);
            const float ey = y + far * (float)tfu_synth_sin(turns), r = between(c, 0.007, 0.018);
            const float narrow = between(c, 0.6, 1), angle = between(c, 0, 1);
            if (fits(c, ex, ey, r))
                add(c, TFU_LESION_HARD_EXUDATE, ex, ey, r, r * narrow, angle);
        }
    }
}

static void add_soft_exudates(struct chooser *c, int count)
{
    float x, y;
    for (int i = 0; i < count; i++) {
        const float r = between(c, 0.03, 0.058);
        const float narrow = between(c, 0.6, 0.9), angle = between(c, 0, 1);
        if (find_place(c, -1, 0.25f, r, &x, &y))
            add(c, TFU_LESION_SOFT_EXUDATE, x, y, r, r * narrow, angle);
    }
}

/* At least one: on the disc where there is no other place. */
static void add_new_vessels(struct chooser *c, int count)
{
    float x, y;
    for (int i = 0; i < count; i++) {
        const float r = between(c, 0.08, 0.16);
        if (tfu_synth_chance(&c->random, 0.5) || !find_place(c, -1, 0.35f, r, &x, &y)) {
            x = c->eye->disc_x - 0.3f * r;
            y = c->eye->disc_y + 0.3f * r;
        }
        add(c, TFU_LESION_NEW_VESSEL, x, y, r, r, 0);
    }
    if (tfu_synth_chance(&c->random, 0.4)) {
        const float r = between(c, 0.12, 0.24);
        if (find_place(c, -1, 0.3f, r, &x, &y))
            add(c, TFU_LESION_PRERETINAL, x, y, r, 0.6f * r, 0);
    }
}

/* A count from `low` to `high`, small ones oftener: half of them in the first quarter. */
static int rather_few(struct chooser *c, int low, int high)
{
    const double u = tfu_random_uniform(&c->random);
    return low + (int)(u * u * (high - low + 1));
}

static int exudates_of(struct chooser *c)
{
    return tfu_synth_chance(&c->random, 0.5) ? rather_few(c, 2, 30) : 0;
}

static void choose_severe(struct chooser *c)
{
    if (tfu_synth_chance(&c->random, 0.6)) {
        for (int q = 0; q < 4; q++)
            add_haemorrhages(c, q, tfu_synth_count(&c->random, 21, 27));
        /* a quadrant may be hardly in the picture */
        if (tfu_fundus_grade(c->truth) >= 3)
            return;
    } else {
        add_haemorrhages(c, -1, tfu_synth_count(&c->random, 8, 30));
    }
    const int first = tfu_synth_count(&c->random, 0, 3), most = tfu_synth_count(&c->random, 2, 4);
    for (int q = 0; q < most; q++)
        c->list->beaded |= 1u << (first + q) % 4;
    c->truth->beaded = most;
}

/* The size of macular oedema cannot be seen in one photograph; IDRiD goes by hard exudates. */
static int oedema_risk(const struct chooser *c)
{
    int risk = 0;
    for (int i = 0; i < c->list->count; i++) {
        const struct tfu_lesion_shape *s = &c->list->shape[i];
        if (s->kind != TFU_LESION_HARD_EXUDATE)
            continue;
        const bool near = distance(s->x, s->y) < 2 * c->eye->disc_radius;
        risk = near ? 2 : risk ? risk : 1;
    }
    return risk;
}

void tfu_lesions_choose(struct tfu_lesion_list *out, const struct tfu_eye *eye,
                        const struct tfu_eye_photo *photo, int grade,
                        struct tfu_fundus_truth *truth)
{
    struct chooser c = {out, eye, photo, truth, tfu_synth_stream(photo->key, "lesions")};
    out->count = 0;
    out->beaded = 0;
    switch (grade) {
    case 0:
        break;
    case 1:
        add_microaneurysms(&c, rather_few(&c, 1, 9));
        break;
    case 2:
        add_haemorrhages(&c, -1, rather_few(&c, 1, 12));
        add_microaneurysms(&c, rather_few(&c, 2, 14));
        add_hard_exudates(&c, exudates_of(&c));
        add_soft_exudates(&c, rather_few(&c, 0, 2));
        break;
    case 3:
        choose_severe(&c);
        add_microaneurysms(&c, tfu_synth_count(&c.random, 8, 24));
        add_hard_exudates(&c, exudates_of(&c));
        add_soft_exudates(&c, tfu_synth_count(&c.random, 0, 5));
        break;
    default:
        add_new_vessels(&c, tfu_synth_count(&c.random, 1, 3));
        add_haemorrhages(&c, -1, tfu_synth_count(&c.random, 4, 36));
        add_microaneurysms(&c, tfu_synth_count(&c.random, 6, 20));
        add_hard_exudates(&c, exudates_of(&c));
        add_soft_exudates(&c, tfu_synth_count(&c.random, 0, 4));
    }
    truth->grade = tfu_fundus_grade(truth);
    truth->oedema_risk = oedema_risk(&c);
}

/* ---- drawing */

/* Loops of thin vessels around a place. */
static void draw_new_vessels(const struct tfu_lesion_shape *s, const struct tfu_eye_photo *photo,
                             struct tfu_plane *plane)
{
    struct tfu_random r = tfu_synth_stream(s->key, "new vessels");
    const struct tfu_point at = tfu_eye_place(photo, s->x, s->y);
    const float size = s->radius_x * photo->scale;
    for (int i = 0; i < 14; i++) {
        struct tfu_path path = {.count = 0};
        double heading = tfu_random_uniform(&r), bend = 0.03 * tfu_synth_spread(&r);
        float x = at.x + 0.2f * size * (float)tfu_synth_spread(&r);
        float y = at.y + 0.2f * size * (float)tfu_synth_spread(&r);
        for (int k = 0; k < 30; k++) {
            const float dx = x - at.x, dy = y - at.y;
            if (dx * dx + dy * dy > size * size)
                break;
            tfu_path_add(&path, x, y, photo->scale * 0.0055f);
            x += 0.09f * size * (float)tfu_synth_cos(heading);
            y += 0.09f * size * (float)tfu_synth_sin(heading);
            heading += bend + 0.05 * tfu_synth_spread(&r);
        }
        tfu_draw_path(plane, &path, 0, 1);
    }
}

/* Blood that settles: flat above, round below. */
static void draw_preretinal(const struct tfu_lesion_shape *s, const struct tfu_eye_photo *photo,
                            struct tfu_plane *plane)
{
    struct tfu_point p[24];
    const struct tfu_point at = tfu_eye_place(photo, s->x, s->y);
    const float rx = s->radius_x * photo->scale, ry = s->radius_y * photo->scale;
    for (int i = 0; i < 24; i++) {
        const float y = (float)tfu_synth_sin(i / 24.0);
        p[i] = (struct tfu_point){at.x + rx * (float)tfu_synth_cos(i / 24.0),
                                  at.y + ry * (y < 0 ? 0.25f * y : y)};
    }
    tfu_draw_region(plane, p, 24, 1);
}

/* Old blood is paler, and not all exudates are dense. */
static float spot_value(const struct tfu_lesion_shape *s)
{
    return 0.45f + 0.5f * (float)(s->key & 255) / 255;
}

static void draw_spot(const struct tfu_lesion_shape *s, const struct tfu_eye_photo *photo,
                      struct tfu_plane *plane)
{
    static const struct {
        float soft, ragged;
    } edge[TFU_LESIONS] = {
        [TFU_LESION_MICROANEURYSM] = {0.6f, 0},
        [TFU_LESION_HAEMORRHAGE] = {0.5f, 0.35f},
        [TFU_LESION_HARD_EXUDATE] = {0.35f, 0.3f},
        [TFU_LESION_SOFT_EXUDATE] = {1.1f, 0.4f},
    };
    const struct tfu_point at = tfu_eye_place(photo, s->x, s->y);
    tfu_draw_ellipse(plane, &(struct tfu_ellipse){.x = at.x,
                                                  .y = at.y,
                                                  .radius_x = s->radius_x * photo->scale,
                                                  .radius_y = s->radius_y * photo->scale,
                                                  .angle = s->angle,
                                                  .soft = edge[s->kind].soft,
                                                  .ragged = edge[s->kind].ragged,
                                                  .key = s->key,
                                                  .value = spot_value(s)});
}

void tfu_lesions_draw(const struct tfu_lesion_list *list, const struct tfu_eye_photo *photo,
                      struct tfu_plane *const plane[TFU_LESIONS])
{
    for (int i = 0; i < list->count; i++) {
        const struct tfu_lesion_shape *s = &list->shape[i];
        if (s->kind == TFU_LESION_NEW_VESSEL)
            draw_new_vessels(s, photo, plane[s->kind]);
        else if (s->kind == TFU_LESION_PRERETINAL)
            draw_preretinal(s, photo, plane[s->kind]);
        else
            draw_spot(s, photo, plane[s->kind]);
    }
}
