/* SPDX-License-Identifier: MIT
 *
 * The vessels of a retina, grown from the disc: two arcades around the fovea, branches towards it
 * that end before it, and others to the edge. A vessel goes where its neighbourhood pulls it, with
 * some chance, grows thinner and sends out branches.
 */
#include <math.h>

#include "core/synth/eye.h"

enum { STEPS = 90, PENDING = 512, DEPTH = 3 };
#define STEP 0.024f

struct vessel {
    float x, y, dx, dy; /* where it is, and where to */
    float width;
    float arc;    /* -1: along the upper arcade, 1: the lower one, 0: neither */
    float spiral; /* turns towards this side */
    int depth;    /* of branching */
    bool vein;
};

struct tree {
    const struct tfu_eye *eye;
    const struct tfu_eye_photo *photo;
    unsigned beaded;
    struct tfu_plane *arteries, *veins, *reflex;
    struct tfu_random random;
    struct vessel pending[PENDING];
    int count;
};

static void turn(struct vessel *v, float dx, float dy, float share)
{
    const float x = v->dx + share * dx, y = v->dy + share * dy, length = sqrtf(x * x + y * y);
    if (length > 1e-6f) {
        v->dx = x / length;
        v->dy = y / length;
    }
}

/* To the left (negative) or right of where it goes. */
static void swerve(struct vessel *v, float share)
{
    turn(v, -v->dy, v->dx, share);
}

/* Along an ellipse around the fovea, on the way from the disc to the far side. */
static void follow_arcade(const struct tree *t, struct vessel *v)
{
    const float a = 1.02f, b = t->eye->arcade * (v->x < 0 ? 1 - 0.25f * v->x : 1);
    const float gx = v->x / (a * a), gy = v->y / (b * b);
    const float f = sqrtf(v->x * gx + v->y * gy), g = sqrtf(gx * gx + gy * gy) + 1e-6f;
    /* against the clock above, with it below */
    turn(v, v->arc * -gy / g, v->arc * gx / g, 0.22f);
    turn(v, gx / g, gy / g, 0.35f * (1 - f));
}

static void steer(struct tree *t, struct vessel *v)
{
    const float wiggle = t->eye->wiggle * (v->depth ? 0.16f : 0.08f);
    if (v->arc != 0)
        follow_arcade(t, v);
    swerve(v, v->spiral + wiggle * (float)tfu_synth_spread(&t->random));
    const float near = sqrtf(v->x * v->x + v->y * v->y);
    if (v->arc == 0 && v->depth && near < 0.75f && near > 1e-3f && v->spiral != 0)
        turn(v, -v->x / near, -v->y / near, 0.025f); /* the fovea has to be fed */
}

static void add_branch(struct tree *t, const struct vessel *v)
{
    const float side = tfu_synth_chance(&t->random, 0.5) ? 1.f : -1.f;
    struct vessel b = *v;
    b.depth++;
    b.arc = 0;
    b.width *= (float)tfu_synth_between(&t->random, 0.45, 0.72);
    swerve(&b, side * (float)tfu_synth_between(&t->random, 0.5, 1.1));
    b.spiral = -side * (float)tfu_synth_between(&t->random, 0.0, 0.03);
    if (b.width > 0.0042f && b.depth <= DEPTH && t->count < PENDING)
        t->pending[t->count++] = b;
}

/* How thick it is drawn here. */
static float drawn_width(const struct tree *t, const struct vessel *v, int step)
{
    float width = v->width * t->photo->scale;
    if (v->vein && t->beaded & 1u << tfu_eye_quadrant(v->x, v->y) && v->depth < 3)
        width *= 1 + 0.5f * (float)tfu_synth_sin(step / 3.3);
    return width;
}

static void draw(struct tree *t, const struct tfu_path *path, bool vein, float width)
{
    tfu_draw_path(vein ? t->veins : t->arteries, path, 0, fminf(0.5f + width * 30, 1));
    if (width < 0.012f)
        return;
    struct tfu_path middle = *path;
    for (int i = 0; i < middle.count; i++)
        middle.width[i] *= vein ? 0.22f : 0.32f;
    tfu_draw_path(t->reflex, &middle, 0, vein ? 0.35f : 1);
}

static void grow(struct tree *t, struct vessel v)
{
    struct tfu_path path = {.count = 0};
    const float begin = v.width;
    float until = (float)tfu_synth_between(&t->random, 0.04, 0.16);
    const int most = v.depth ? 12 + tfu_synth_count(&t->random, 0, 40) : STEPS;
    for (int i = 0; i < most; i++) {
        const struct tfu_point at = tfu_eye_place(t->photo, v.x, v.y);
        tfu_path_add(&path, at.x, at.y, drawn_width(t, &v, i));
        const float near2 = v.x * v.x + v.y * v.y;
        if (near2 < 0.15f * 0.15f || v.width < 0.003f || near2 > 2.6f)
            break;
        steer(t, &v);
        v.x += STEP * v.dx;
        v.y += STEP * v.dy;
        v.width *= v.depth ? 0.978f : 0.988f;
        until -= STEP;
        if (until <= 0 && i > 2) {
            add_branch(t, &v);
            v.width *= 0.95f;
            until = (float)tfu_synth_between(&t->random, 0.08, v.depth ? 0.5 : 0.3);
        }
    }
    draw(t, &path, v.vein, begin);
}

/* The eight vessels that leave the disc, and small ones. `turns` is the direction of each; the
 * nasal side is to the right, 0; up is 0.75. */
static void sprout(struct tree *t)
{
    static const struct {
        float turns, arc, width;
        bool vein;
    } first[] = {
        {0.70f, -1, 0.030f, true},  {0.735f, -1, 0.022f, false}, {0.30f, 1, 0.030f, true},
        {0.265f, 1, 0.022f, false}, {0.86f, 0, 0.021f, true},    {0.90f, 0, 0.016f, false},
        {0.14f, 0, 0.021f, true},   {0.10f, 0, 0.016f, false},   {0.50f, 0, 0.008f, false},
        {0.46f, 0, 0.008f, true},   {0.98f, 0, 0.010f, false},   {0.03f, 0, 0.011f, true},
        {0.55f, 0, 0.007f, true},
    };
    const struct tfu_eye *eye = t->eye;
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        const double turns = (double)first[i].turns + 0.018 * tfu_synth_spread(&t->random);
        const float x = 0.01f * (float)tfu_synth_spread(&t->random);
        const float y = 0.01f * (float)tfu_synth_spread(&t->random);
        const float wide = eye->vessel_width * (float)tfu_synth_between(&t->random, 0.88, 1.12);
        const struct vessel v = {.x = eye->disc_x + x,
                                 .y = eye->disc_y + y,
                                 .dx = (float)tfu_synth_cos(turns),
                                 .dy = (float)tfu_synth_sin(turns),
                                 .width = first[i].width * wide,
                                 .arc = first[i].arc,
                                 .vein = first[i].vein};
        t->pending[t->count++] = v;
    }
}

void tfu_eye_draw_vessels(const struct tfu_eye *eye, const struct tfu_eye_photo *photo,
                          unsigned beaded, struct tfu_plane *arteries, struct tfu_plane *veins,
                          struct tfu_plane *reflex)
{
    struct tree t = {.eye = eye,
                     .photo = photo,
                     .beaded = beaded,
                     .arteries = arteries,
                     .veins = veins,
                     .reflex = reflex,
                     .random = tfu_synth_stream(eye->key, "vessels")};
    sprout(&t);
    for (int i = 0; i < t.count; i++)
        grow(&t, t.pending[i]);
}
