/* SPDX-License-Identifier: MIT */
#include "core/synth/chest.h"

#include <math.h>

static float between(struct tfu_random *r, double low, double high)
{
    return (float)tfu_synth_between(r, low, high);
}

static float spread(struct tfu_random *r)
{
    return (float)tfu_synth_spread(r);
}

/* Which side, and how large the heart is, belongs to the study: both of its views show it. */
static void choose_study(struct tfu_chest *c, struct tfu_cxr_truth *truth)
{
    struct tfu_random r = tfu_synth_stream(c->study, "study");
    for (int f = 0; f < TFU_FINDINGS; f++) {
        const double u = tfu_random_uniform(&r);
        c->side[f] = u < 0.4 ? 0 : u < 0.75 ? 1 : 2;
    }
    const float size = truth->severity[TFU_FINDING_CARDIOMEGALY];
    const double u = tfu_random_uniform(&r);
    truth->cardiothoracic =
        size > 0 ? 0.53f + 0.15f * size : (float)(0.385 + 0.09 * (0.5 * u + 0.5 * truth->age / 90));
}

void tfu_chest_of(struct tfu_chest *out, uint64_t patient, uint64_t study, uint64_t image,
                  struct tfu_cxr_truth *truth)
{
    struct tfu_random person = tfu_synth_stream(patient, "chest");
    struct tfu_random taken = tfu_synth_stream(image, "exposure");
    const bool lying = truth->view == TFU_SYNTH_AP;
    *out = (struct tfu_chest){.patient = patient, .study = study, .image = image, .truth = truth};
    out->width = 0.77f + 0.035f * spread(&person) - 0.03f * (float)truth->female;
    out->fat = between(&person, 0.75, 1.3);
    out->bone = between(&person, 0.8, 1.2) * (1 - 0.25f * (float)truth->age / 90);
    const float tall = 0.03f * spread(&person), dome = 0.02f * spread(&person);
    out->width *= 1 + 0.03f * spread(&taken);
    out->middle = 0.035f * spread(&taken);
    out->turn = 0.02f * spread(&taken);
    out->top = -0.79f - tall + 0.03f * spread(&taken);
    const float breath = 0.045f * spread(&taken) - (lying ? 0.09f : 0);
    out->angle = 0.56f + tall + breath;
    out->dome[0] = 0.33f + tall + dome + breath;
    out->dome[1] = 0.38f + tall + dome + breath;
    choose_study(out, truth);
    const float collapse = truth->severity[TFU_FINDING_ATELECTASIS];
    for (int s = 0; s < 2 && collapse > 0; s++)
        if (out->side[TFU_FINDING_ATELECTASIS] == s || out->side[TFU_FINDING_ATELECTASIS] == 2)
            out->dome[s] -= 0.02f + 0.05f * collapse;
    out->heart = truth->cardiothoracic * 2 * out->width;
}

float tfu_chest_wall(const struct tfu_chest *c, float y)
{
    const float t = tfu_synth_unit((y - c->top) / (0.1f - c->top));
    return c->width * (0.40f + 0.60f * sqrtf(t * (2 - t)));
}

/* ---- the film */

static void finish_layer(struct tfu_scene *film, float blur)
{
    tfu_plane_blur(&film->plane[TFU_FILM_WORK], blur, &film->plane[TFU_FILM_SPARE]);
}

void tfu_film_add(struct tfu_scene *film, float blur, float amount)
{
    finish_layer(film, blur);
    tfu_plane_add(&film->plane[TFU_FILM_SUM], &film->plane[TFU_FILM_WORK], amount);
    tfu_plane_fill(&film->plane[TFU_FILM_WORK], 0);
}

void tfu_film_add_within(struct tfu_scene *film, int plane, float blur, float amount)
{
    struct tfu_plane *work = &film->plane[TFU_FILM_WORK];
    finish_layer(film, blur);
    for (size_t i = 0; i < tfu_plane_count(work); i++)
        work->v[i] *= film->plane[plane].v[i];
    tfu_plane_add(&film->plane[TFU_FILM_SUM], work, amount);
    tfu_plane_fill(work, 0);
}

void tfu_film_add_kept(struct tfu_scene *film, int plane, float blur, float amount)
{
    tfu_plane_blur(&film->plane[plane], blur, &film->plane[TFU_FILM_SPARE]);
    tfu_plane_add(&film->plane[TFU_FILM_SUM], &film->plane[plane], amount);
}
