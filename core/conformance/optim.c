/* SPDX-License-Identifier: MIT
 *
 * Does an update rule work element by element, descend, and stay finite?
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/guarded.h"
#include "core/conformance/hooks.h"
#include "core/conformance/life.h"

#include <transfuse/optim.h>
#include <transfuse/random.h>

enum { N = 1000, MAX_SLOTS = 8, GUARD = 16 };
static const float guard = 12345.5f;

/* Weights, gradients and slots of N elements, each between guards. */
struct state {
    float w[GUARD + N + GUARD], g[N];
    float slot[MAX_SLOTS][GUARD + N + GUARD];
};

static float draw(uint64_t key, int64_t i)
{
    return 2 * tfu_uniform_float(tfu_philox(key, (uint64_t)i).word[0]) - 1;
}

static struct state *state_new(void)
{
    struct state *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    for (int i = 0; i < GUARD; i++) {
        s->w[i] = s->w[GUARD + N + i] = guard;
        for (int k = 0; k < MAX_SLOTS; k++)
            s->slot[k][i] = s->slot[k][GUARD + N + i] = guard;
    }
    for (int i = 0; i < N; i++)
        s->w[GUARD + i] = draw(1, i);
    return s;
}

/* Both, or an error. */
static enum tfu_status two_states(struct state **a, struct state **b, struct tfu_error *e)
{
    *a = state_new();
    *b = state_new();
    return *a && *b ? TFU_OK : tfu_error_memory(e, "checking a plugin", sizeof **a);
}

static enum tfu_status call_step(const struct tfu_check *c, const void *config,
                                 const struct tfu_optim_step *call, struct tfu_error *said)
{
    const struct tfu_optim_ops *ops = c->plugin->ops;
    struct tfu_host_call host;
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "optim", .plugin = c->plugin->name, .function = "step"});
    const enum tfu_status st = ops->step(config, call, tfu_host_call_init(&host, NULL, said));
    tfu_calling_end(outer);
    return st;
}

/* One update of the elements first..first + n - 1. */
static enum tfu_status step(const struct tfu_check *c, const void *config, struct state *s,
                            int64_t first, int64_t n, int64_t t, enum tfu_role role,
                            double lr_scale, struct tfu_error *said)
{
    float *slot[MAX_SLOTS];
    for (int k = 0; k < MAX_SLOTS; k++)
        slot[k] = s->slot[k] + GUARD + first;
    const struct tfu_optim_step call = {.struct_size = sizeof call,
                                        .role = role,
                                        .n = (uint64_t)n,
                                        .w = s->w + GUARD + first,
                                        .g = s->g + first,
                                        .slot = slot,
                                        .lr_scale = lr_scale,
                                        .t = t,
                                        .name = "check.weight",
                                        .offset = (uint64_t)first,
                                        .total = N};
    return call_step(c, config, &call, said);
}

static enum tfu_status all_finite(const struct tfu_check *c, const struct state *s,
                                  struct tfu_error *e)
{
    const struct tfu_optim_ops *ops = c->plugin->ops;
    for (int i = 0; i < N; i++) {
        if (!isfinite(s->w[GUARD + i]))
            return tfu_error_set(e, TFU_ENUMERIC, "weight %d becomes %g with gradient %g", i,
                                 (double)s->w[GUARD + i], (double)s->g[i]);
        for (uint32_t k = 0; k < ops->slot_count; k++)
            if (isnan(s->slot[k][GUARD + i]))
                return tfu_error_set(e, TFU_ENUMERIC,
                                     "element %d of slot '%s' becomes not-a-number with gradient "
                                     "%g",
                                     i, ops->slot_names[k], (double)s->g[i]);
    }
    return TFU_OK;
}

static enum tfu_status unchanged(const struct state *before, const struct state *after,
                                 const char *when, struct tfu_error *e)
{
    for (int i = 0; i < N; i++)
        if (before->w[GUARD + i] != after->w[GUARD + i])
            return tfu_error_set(e, TFU_EINVAL, "%s, weight %d changes from %.9g to %.9g", when, i,
                                 (double)before->w[GUARD + i], (double)after->w[GUARD + i]);
    return TFU_OK;
}

/* Does what changed move towards 0, from where it was? Decay does, in every rule and for every
 * role: torch.optim decays biases too unless told otherwise. Its last step may go beyond. */
static enum tfu_status decays_at_most(const struct state *before, const struct state *after,
                                      const char *when, struct tfu_error *e)
{
    for (int i = 0; i < N; i++) {
        const float from = before->w[GUARD + i], to = after->w[GUARD + i];
        if (!(from > 0 ? to <= from : from < 0 ? to >= from : to == 0))
            return tfu_error_set(e, TFU_EINVAL,
                                 "%s, weight %d changes from %.9g to %.9g, which is no decay "
                                 "towards 0",
                                 when, i, (double)from, (double)to);
    }
    return TFU_OK;
}

/* Some that are 0: no decay moves them. */
static void set_zeros(struct state *s)
{
    for (int i = 0; i < N; i += 10)
        s->w[GUARD + i] = 0;
}

static enum tfu_status zero_gradient(struct tfu_check *c, struct tfu_error *e)
{
    static const enum tfu_role roles[] = {TFU_ROLE_BIAS, TFU_ROLE_WEIGHT};
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(roles); i++) {
        struct state *before, *after;
        st = two_states(&before, &after, e);
        if (st != TFU_OK)
            return st;
        set_zeros(before);
        set_zeros(after);
        st = step(c, c->config, after, 0, N, 1, roles[i], 1, e);
        if (st == TFU_OK)
            st = decays_at_most(before, after, "with gradient 0 in step 1", e);
        if (st == TFU_OK)
            st = all_finite(c, after, e);
        free(before);
        free(after);
    }
    return st;
}

static enum tfu_status no_rate(struct tfu_check *c, struct tfu_error *e)
{
    struct state *before, *after;
    enum tfu_status st = two_states(&before, &after, e);
    for (int64_t t = 1; st == TFU_OK && t <= 3; t++) {
        for (int i = 0; i < N; i++)
            after->g[i] = draw(2, i);
        st = step(c, c->config, after, 0, N, t, TFU_ROLE_BIAS, 0, e);
    }
    return st == TFU_OK ? unchanged(before, after, "with lr_scale 0", e) : st;
}

/* A copy of the config struct with another weight decay, or NULL when there is no such option. */
static void *config_with_decay(const struct tfu_check *c, double decay, struct tfu_error *e)
{
    const struct tfu_plugin *p = c->plugin;
    for (uint32_t i = 0; i < p->option_count; i++) {
        const struct tfu_option *o = tfu_plugin_option(p, i);
        if (strcmp(o->name, "weight_decay") != 0 || o->type != TFU_FLOAT || decay < o->fmin ||
            decay > o->fmax)
            continue;
        char *config = malloc(p->config_size);
        if (!config) {
            tfu_error_memory(e, "checking a plugin", p->config_size);
            return NULL;
        }
        memcpy(config, c->config, p->config_size);
        memcpy(config + o->offset, &decay, sizeof decay);
        return config;
    }
    return NULL;
}

static enum tfu_status decay(struct tfu_check *c, struct tfu_error *e)
{
    static const struct {
        enum tfu_role role;
        const char *what;
    } roles[] = {{TFU_ROLE_WEIGHT, "a weight"},
                 {TFU_ROLE_BIAS, "a bias"},
                 {TFU_ROLE_SCALE, "a scale"},
                 {TFU_ROLE_SHIFT, "a shift"}};
    const void *none = config_with_decay(c, 0, e), *some = config_with_decay(c, 0.1, e);
    if (e->status == TFU_OK && (!none || !some))
        return tfu_check_skip(c, "it has no option weight_decay that may be 0 and 0.1");
    enum tfu_status st = e->status;
    for (size_t i = 0; st == TFU_OK && i < 2 * TFU_COUNT(roles); i++) {
        const bool decays = i & 1;
        char when[64];
        struct state *before, *after;
        snprintf(when, sizeof when, "%s with gradient 0 and weight_decay %s", roles[i / 2].what,
                 decays ? "0.1" : "0");
        st = two_states(&before, &after, e);
        for (int64_t t = 1; st == TFU_OK && t <= 3; t++) {
            memcpy(before->w, after->w, sizeof after->w);
            st = step(c, decays ? some : none, after, 0, N, t, roles[i / 2].role, 1, e);
            if (st == TFU_OK)
                st = decays && t == 1 ? decays_at_most(before, after, when, e)
                     : decays         ? all_finite(c, after, e)
                                      : unchanged(before, after, when, e);
        }
        free(before);
        free(after);
    }
    return st;
}

/* A second pair of hands: the same steps, piece by piece from the end. */
static enum tfu_status step_in_pieces(const struct tfu_check *c, struct state *s, int64_t t,
                                      struct tfu_error *e)
{
    static const int64_t first[] = {0, 1, 8, 300, 301, 999, N};
    enum tfu_status st = TFU_OK;
    for (size_t i = TFU_COUNT(first) - 1; st == TFU_OK && i > 0; i--)
        st = step(c, c->config, s, first[i - 1], first[i] - first[i - 1], t, TFU_ROLE_WEIGHT, 0.5,
                  e);
    return st;
}

static enum tfu_status pieces(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_optim_ops *ops = c->plugin->ops;
    struct state *whole, *cut;
    enum tfu_status st = two_states(&whole, &cut, e);
    for (int64_t t = 1; st == TFU_OK && t <= 5; t++) {
        for (int i = 0; i < N; i++)
            whole->g[i] = cut->g[i] = draw(2 + (uint64_t)t, i);
        st = step(c, c->config, whole, 0, N, t, TFU_ROLE_WEIGHT, 0.5, e);
        if (st == TFU_OK)
            st = step_in_pieces(c, cut, t, e);
    }
    if (st != TFU_OK)
        return st;
    for (int i = GUARD; i < GUARD + N; i++) {
        if (memcmp(&whole->w[i], &cut->w[i], sizeof cut->w[i]) != 0)
            return tfu_error_set(e, TFU_EINVAL,
                                 "weight %d is %.9g when updated as a whole and %.9g in pieces",
                                 i - GUARD, (double)whole->w[i], (double)cut->w[i]);
        for (uint32_t k = 0; k < ops->slot_count; k++)
            if (memcmp(&whole->slot[k][i], &cut->slot[k][i], sizeof cut->w[i]) != 0)
                return tfu_error_set(e, TFU_EINVAL,
                                     "element %d of slot '%s' differs when updated in pieces",
                                     i - GUARD, ops->slot_names[k]);
    }
    return TFU_OK;
}

static enum tfu_status stays_inside(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_optim_ops *ops = c->plugin->ops;
    struct state *s, *before;
    enum tfu_status st = two_states(&s, &before, e);
    if (st != TFU_OK)
        return st;
    for (int i = 0; i < N; i++)
        s->g[i] = before->g[i] = draw(2, i);
    st = step(c, c->config, s, 0, N, 1, TFU_ROLE_WEIGHT, 1, e);
    if (st == TFU_OK && memcmp(s->g, before->g, sizeof s->g) != 0)
        return tfu_error_set(e, TFU_EINVAL, "step() changes the gradient");
    for (int i = 0; st == TFU_OK && i < GUARD; i++) {
        if (s->w[i] != guard || s->w[GUARD + N + i] != guard)
            return tfu_error_set(e, TFU_EINVAL, "step() writes before or behind the weights");
        for (uint32_t k = 0; k < MAX_SLOTS; k++)
            if (s->slot[k][i] != guard || s->slot[k][GUARD + N + i] != guard)
                return tfu_error_set(e, TFU_EINVAL, "step() writes before or behind slot %u", k);
    }
    for (uint32_t k = ops->slot_count; st == TFU_OK && k < MAX_SLOTS; k++)
        for (int i = GUARD; i < GUARD + N; i++)
            if (s->slot[k][i] != 0)
                return tfu_error_set(e, TFU_EINVAL, "step() writes slot %u of %u", k,
                                     ops->slot_count);
    return st;
}

static enum tfu_status stays_finite(struct tfu_check *c, struct tfu_error *e)
{
    static const float size[] = {0, 1e-30f, 1e-10f, 1e-3f, 1, 1e3f, 1e10f};
    struct state *s = state_new();
    if (!s)
        return tfu_error_memory(e, "checking a plugin", sizeof *s);
    enum tfu_status st = TFU_OK;
    for (int64_t k = 1; st == TFU_OK && k <= 40; k++) {
        const int64_t t = k <= 20 ? k : k * 1000000000; /* a very long run, too */
        for (int i = 0; i < N; i++)
            s->g[i] = size[(size_t)i % TFU_COUNT(size)] * draw((uint64_t)k, i);
        st = step(c, c->config, s, 0, N, t, TFU_ROLE_WEIGHT, 1, e);
        if (st == TFU_OK)
            st = all_finite(c, s, e);
    }
    free(s);
    return st;
}

/* ---- a quadratic: sum of a (w - b)^2 / 2, a from 0.5 to 1 */

static double steepness(int i)
{
    return 0.75 + 0.25 * (double)draw(20, i);
}

static double quadratic(struct state *s)
{
    double sum = 0;
    for (int i = 0; i < N; i++) {
        const double a = steepness(i), away = (double)(s->w[GUARD + i] - draw(21, i));
        s->g[i] = (float)(a * away);
        sum += a * away * away / 2;
    }
    return sum;
}

static enum tfu_status descends(struct tfu_check *c, struct tfu_error *e)
{
    enum { STEPS = 2000 };
    struct state *s = state_new();
    if (!s)
        return tfu_error_memory(e, "checking a plugin", sizeof *s);
    const double before = quadratic(s);
    enum tfu_status st = TFU_OK;
    for (int64_t t = 1; st == TFU_OK && t <= STEPS; t++) {
        st = step(c, c->config, s, 0, N, t, TFU_ROLE_BIAS, 1, e);
        quadratic(s);
    }
    const double after = quadratic(s);
    free(s);
    if (st == TFU_OK && !(after < 0.9 * before))
        st = tfu_error_set(e, TFU_EINVAL,
                           "a quadratic of %.6g is %.6g after %d steps; is the sign right, and the "
                           "learning rate?",
                           before, after, STEPS);
    tfu_check_note(c, "from %.4g to %.4g in %d steps", before, after, STEPS);
    return st;
}

static enum tfu_status attempt(const struct tfu_check *c, const void *config,
                               struct tfu_error *said)
{
    struct state *s = state_new();
    enum tfu_status st = s ? TFU_OK : tfu_error_memory(said, "checking a plugin", 0);
    for (int64_t t = 1; st == TFU_OK && t <= 2; t++) {
        for (int i = 0; i < N; i++)
            s->g[i] = draw((uint64_t)t, i);
        st = step(c, config, s, 0, N, t, TFU_ROLE_WEIGHT, 1, said);
    }
    free(s);
    return st;
}

static enum tfu_status bounds(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_bounds(c, attempt, "step", e);
}

/* ---- memory with nothing beside it */

enum { TIGHT = 512 }; /* elements: whole lines of 64 bytes */

/* Three updates in memory of this kind; digested. */
static enum tfu_status step_tight(const struct tfu_check *c, enum tfu_guard kind,
                                  enum tfu_role role, struct tfu_life *l, struct tfu_error *e)
{
    static const char *const names[2 + MAX_SLOTS] = {
        "the weights", "the gradient", "slot 0", "slot 1", "slot 2",
        "slot 3",      "slot 4",       "slot 5", "slot 6", "slot 7"};
    const struct tfu_optim_ops *ops = c->plugin->ops;
    const uint32_t count = 2 + (ops->slot_count < MAX_SLOTS ? ops->slot_count : MAX_SLOTS);
    struct tfu_guarded memory[2 + MAX_SLOTS] = {{.block = NULL}};
    float *slot[MAX_SLOTS] = {NULL}, *w = NULL, *g = NULL;
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && i < count; i++) {
        st = tfu_guarded_new(&memory[i], TIGHT * sizeof(float), sizeof(float), kind, names[i], e);
        if (st == TFU_OK)
            memset(memory[i].data, 0, memory[i].bytes);
        if (i >= 2)
            slot[i - 2] = (void *)memory[i].data;
    }
    w = (void *)memory[0].data;
    g = (void *)memory[1].data;
    for (int64_t i = 0; st == TFU_OK && i < TIGHT; i++)
        w[i] = draw(1, i);
    for (int64_t t = 1; st == TFU_OK && t <= 3; t++) {
        for (int64_t i = 0; i < TIGHT; i++)
            g[i] = draw((uint64_t)t + 40, i);
        const struct tfu_optim_step call = {.struct_size = sizeof call,
                                            .role = role,
                                            .n = TIGHT,
                                            .w = w,
                                            .g = g,
                                            .slot = slot,
                                            .lr_scale = 1,
                                            .t = t,
                                            .name = "check.weight",
                                            .total = TIGHT};
        tfu_hooks_paint();
        st = call_step(c, c->config, &call, e);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (st == TFU_OK && !tfu_guarded_intact(&memory[i]))
            st = tfu_error_set(e, TFU_EINVAL, "memory before or behind %s was written", names[i]);
        if (st == TFU_OK)
            tfu_life_add(l, memory[i].data, memory[i].bytes);
        tfu_guarded_free(&memory[i]);
    }
    return st;
}

static enum tfu_status tight(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_life l = {0};
    enum tfu_status st = TFU_OK;
    for (int kind = TFU_GUARD_NUMBERS; st == TFU_OK && kind <= TFU_GUARD_PAGE_BEFORE; kind++)
        st = step_tight(c, (enum tfu_guard)kind, TFU_ROLE_WEIGHT, &l, e);
    return st;
}

enum tfu_status tfu_check_live_optim(const struct tfu_check *c, struct tfu_life *l,
                                     struct tfu_error *e)
{
    tfu_hooks_forbid(true);
    enum tfu_status st = step_tight(c, TFU_GUARD_NUMBERS, TFU_ROLE_WEIGHT, l, e);
    if (st == TFU_OK)
        st = step_tight(c, TFU_GUARD_NUMBERS, TFU_ROLE_BIAS, l, e);
    tfu_hooks_forbid(false);
    return st;
}

const struct tfu_check_test tfu_check_optim[] = {
    {"gradient 0 from empty slots moves nothing but by decay", zero_gradient},
    {"lr_scale 0 changes no bias", no_rate},
    {"weight decay goes towards 0, and only as far as asked", decay},
    {"pieces of a parameter get the same bits as the whole", pieces},
    {"nothing outside the piece is written", stays_inside},
    {"not an element outside of its memory is read or written", tight},
    {"gradients from 1e-30 to 1e10 leave numbers", stays_finite},
    {"descends a quadratic", descends},
    {"each option at its bounds works, or is refused in words", bounds},
    {NULL, NULL},
};
