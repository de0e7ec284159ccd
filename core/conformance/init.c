/* SPDX-License-Identifier: MIT
 *
 * Does what an initializer writes into a parameter follow from the seed and the parameter alone?
 * The host itself refuses elements that were left out or are not finite.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/guarded.h"
#include "core/base/random.h"
#include "core/conformance/hooks.h"
#include "core/conformance/life.h"
#include "core/conformance/model.h"
#include "core/graph/access.h"
#include "core/train/initialise.h"

#include <transfuse/init.h>

/* ---- one way to fill it */

struct way {
    uint64_t seed;
    bool parallel;
    bool alone; /* an instance of its own for each parameter, in reverse order */
};

static enum tfu_status fill(const struct tfu_check *c, struct tfu_check_model *m,
                            const void *config, struct way way, struct tfu_error *e)
{
    const uint32_t count = way.alone ? m->graph->param_count : 1;
    struct tfu_init_rule *rule = calloc(count, sizeof *rule);
    const char **name = calloc(count, sizeof *name);
    if (!rule || !name)
        return tfu_error_memory(e, "checking a plugin", 0);
    for (uint32_t i = 0; i < count; i++) {
        rule[i].choice = *c->choice;
        rule[i].choice.config = config;
        name[i] = m->graph->param[count - 1 - i].name;
        if (way.alone)
            rule[i].match = (struct tfu_string_list){.item = &name[i], .count = 1};
    }
    const struct tfu_initialise_request r = {.network = m->network,
                                             .rule = rule,
                                             .rule_count = count,
                                             .registry = c->registry,
                                             .seed = way.seed,
                                             .threads = way.parallel ? m->threads : NULL};
    const enum tfu_status st = tfu_initialise(&r, NULL, e);
    free(name);
    free(rule);
    return st;
}

static enum tfu_status fill_new(struct tfu_check *c, struct tfu_check_model *m, struct way way,
                                struct tfu_error *e)
{
    const enum tfu_status st = tfu_check_model_new(m, e);
    return st == TFU_OK ? fill(c, m, c->config, way, e) : st;
}

/* The first parameter whose bits differ, or TFU_GRAPH_NONE. The networks are in host memory. */
static uint32_t first_difference(struct tfu_check_model *a, struct tfu_check_model *b)
{
    for (uint32_t p = 0; p < a->graph->param_count; p++) {
        const float *x = tfu_network_draft(a->network, tfu_region_param(p));
        const float *y = tfu_network_draft(b->network, tfu_region_param(p));
        const struct tfu_shape *shape = &a->graph->param[p].shape;
        if (memcmp(x, y, (size_t)tfu_shape_count(shape) * sizeof *x) != 0)
            return p;
    }
    return TFU_GRAPH_NONE;
}

static enum tfu_status same_bits(struct tfu_check *c, struct way one, struct way other,
                                 const char *what, struct tfu_error *e)
{
    struct tfu_check_model a, b;
    enum tfu_status st = fill_new(c, &a, one, e);
    if (st == TFU_OK)
        st = fill_new(c, &b, other, e);
    if (st != TFU_OK)
        return st;
    const uint32_t p = first_difference(&a, &b);
    return p == TFU_GRAPH_NONE ? TFU_OK
                               : tfu_error_set(e, TFU_EINVAL, "parameter '%s' differs %s",
                                               a.graph->param[p].name, what);
}

/* ---- tests */

static enum tfu_status fills(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_model m;
    const enum tfu_status st = fill_new(c, &m, (struct way){.seed = 1}, e);
    if (st == TFU_OK)
        tfu_check_note(c, "%u parameters", m.graph->param_count);
    return st;
}

static enum tfu_status repeats(struct tfu_check *c, struct tfu_error *e)
{
    return same_bits(c, (struct way){.seed = 1}, (struct way){.seed = 1},
                     "when filled again with the same seed; draw from the host", e);
}

static enum tfu_status threads(struct tfu_check *c, struct tfu_error *e)
{
    return same_bits(c, (struct way){.seed = 1}, (struct way){.seed = 1, .parallel = true},
                     "when parameters are filled in parallel; fill() must not share state", e);
}

static enum tfu_status order(struct tfu_check *c, struct tfu_error *e)
{
    return same_bits(c, (struct way){.seed = 1}, (struct way){.seed = 1, .alone = true},
                     "when it is filled without the others; fill() must not carry state over", e);
}

static enum tfu_status seeds(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_model a, b;
    enum tfu_status st = fill_new(c, &a, (struct way){.seed = 1}, e);
    if (st == TFU_OK)
        st = fill_new(c, &b, (struct way){.seed = 2}, e);
    if (st != TFU_OK)
        return st;
    const uint32_t p = first_difference(&a, &b);
    if (p == TFU_GRAPH_NONE)
        return tfu_check_skip(c, "it draws nothing: both seeds give the same");
    tfu_check_note(c, "'%s' differs", a.graph->param[p].name);
    return TFU_OK;
}

/* ---- one call, without the host around it */

enum { GUARD = 16, ELEMENTS = 7 * 3 * 3 * 3 };
static const float guard = 12345.5f;

/* The host's side of it. */
struct call {
    struct tfu_init_host host; /* its `host` points back here */
    struct tfu_random random;
    uint64_t draws;
    struct tfu_tensor sample; /* what sources have */
    struct tfu_error *error;
};

static double call_uniform(struct tfu_init_host *h)
{
    struct call *call = h->host;
    call->draws++;
    return tfu_random_uniform(&call->random);
}

static double call_normal(struct tfu_init_host *h)
{
    struct call *call = h->host;
    call->draws++;
    return tfu_random_normal(&call->random);
}

/* Every source has the parameter, whatever it is called. */
static const struct tfu_tensor *call_source(struct tfu_init_host *h, const char *source,
                                            const char *name)
{
    const struct call *call = h->host;
    (void)source, (void)name;
    return &call->sample;
}

static const struct tfu_tensor *call_take(struct tfu_init_host *h, const char *source,
                                          const struct tfu_param *p, uint32_t flags)
{
    (void)flags;
    return h->source(h, source, p->name);
}

static enum tfu_status call_fill_inner(struct tfu_init_host *h, const struct tfu_inner *inner,
                                       const struct tfu_param *p, const struct tfu_tensor *dst)
{
    float *w = dst->data;
    (void)inner, (void)p;
    for (int64_t i = 0; i < tfu_shape_count(&dst->shape); i++)
        w[i] = (float)h->uniform(h);
    return TFU_OK;
}

static enum tfu_status call_find_stage(struct tfu_init_host *h, const char *name, uint32_t *index)
{
    (void)h, (void)name;
    *index = 0;
    return TFU_OK;
}

static enum tfu_status call_find_param(struct tfu_init_host *h, const char *pattern)
{
    (void)h, (void)pattern;
    return TFU_OK;
}

static void call_note(struct tfu_init_host *h, const char *fmt, ...)
{
    (void)h, (void)fmt;
}

static enum tfu_status call_fail(struct tfu_init_host *h, enum tfu_status st, const char *fmt, ...)
{
    const struct call *call = h->host;
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(call->error, st, fmt, args);
    va_end(args);
    return st;
}

/* An instance of its own fills one parameter. */
static enum tfu_status one_life(const struct tfu_check *c, struct call *call,
                                const struct tfu_param *param, const struct tfu_tensor *dst)
{
    const struct tfu_init_ops *ops = c->plugin->ops;
    struct tfu_calling calling = {
        .kind = "init", .plugin = c->plugin->name, .function = "create", .where = param->name};
    const struct tfu_calling *outer = tfu_calling_begin(&calling);
    void *self = NULL;
    tfu_hooks_paint();
    enum tfu_status st = ops->create(&self, c->config, &call->host);
    if (st == TFU_OK) {
        calling.function = "fill";
        tfu_hooks_paint();
        st = ops->fill(self, param, dst, &call->host);
        calling.function = "destroy";
        ops->destroy(self);
    }
    tfu_calling_end(outer);
    return st;
}

/* Fills a parameter of a small network, in an instance of its own. `sample` is what sources have.
 */
static enum tfu_status fill_memory(const struct tfu_check *c, enum tfu_role role, const char *name,
                                   struct tfu_shape shape, float *w, float *sample, uint64_t *draws,
                                   struct tfu_error *e)
{
    const struct tfu_param param = {.struct_size = sizeof param,
                                    .role = role,
                                    .name = name,
                                    .op = role <= TFU_ROLE_BIAS ? "conv2d" : "batchnorm",
                                    .stage = "block1",
                                    .fan_in = role == TFU_ROLE_WEIGHT ? 27 : 0,
                                    .fan_out = role == TFU_ROLE_WEIGHT ? 63 : 0,
                                    .stage_count = 2,
                                    .layer_index = role > TFU_ROLE_BIAS,
                                    .layer_count = 3};
    const struct tfu_tensor dst = {
        .struct_size = sizeof dst, .dtype = TFU_F32, .place = TFU_HOST, .shape = shape, .data = w};
    struct call call = {.host = {.struct_size = sizeof call.host,
                                 .host = &call,
                                 .uniform = call_uniform,
                                 .normal = call_normal,
                                 .source = call_source,
                                 .note = call_note,
                                 .fail = call_fail,
                                 .take = call_take,
                                 .fill_inner = call_fill_inner,
                                 .find_stage = call_find_stage,
                                 .find_param = call_find_param},
                        .sample = dst,
                        .error = e};
    const int64_t n = tfu_shape_count(&shape);
    call.sample.data = sample;
    for (int64_t i = 0; i < n; i++)
        sample[i] = (float)(i + 1) / (float)n;
    tfu_random_init(&call.random, tfu_random_key(1, "init", name));
    const enum tfu_status st = one_life(c, &call, &param, &dst);
    *draws = call.draws;
    return tfu_host_check(st, c->plugin->name, "fill", e);
}

/* `w` has guards at both ends. */
static enum tfu_status fill_weights(const struct tfu_check *c, const char *name,
                                    float w[GUARD + ELEMENTS + GUARD], uint64_t *draws,
                                    struct tfu_error *e)
{
    float sample[ELEMENTS];
    for (int i = 0; i < GUARD + ELEMENTS + GUARD; i++)
        w[i] = guard;
    return fill_memory(c, TFU_ROLE_WEIGHT, name, tfu_shape_make(4, 7, 3, 3, 3, 1), w + GUARD,
                       sample, draws, e);
}

/* A parameter of each role, of whole lines of 64 bytes. */
static const struct {
    enum tfu_role role;
    const char *name;
    struct tfu_shape shape;
} parameters[] = {
    {TFU_ROLE_WEIGHT, "conv.weight", {4, {0}, {8, 3, 3, 4, 1, 1, 1, 1}}},
    {TFU_ROLE_BIAS, "conv.bias", {1, {0}, {16, 1, 1, 1, 1, 1, 1, 1}}},
    {TFU_ROLE_SCALE, "bn.weight", {1, {0}, {16, 1, 1, 1, 1, 1, 1, 1}}},
    {TFU_ROLE_SHIFT, "bn.bias", {1, {0}, {16, 1, 1, 1, 1, 1, 1, 1}}},
    {TFU_ROLE_RUNNING_MEAN, "bn.running_mean", {1, {0}, {16, 1, 1, 1, 1, 1, 1, 1}}},
    {TFU_ROLE_RUNNING_VAR, "bn.running_var", {1, {0}, {16, 1, 1, 1, 1, 1, 1, 1}}},
};

/* Parameter `which` of these; digested. */
static enum tfu_status fill_tight(const struct tfu_check *c, size_t which, enum tfu_guard kind,
                                  struct tfu_life *l, struct tfu_error *e)
{
    const struct tfu_shape shape = parameters[which].shape;
    const size_t bytes = (size_t)tfu_shape_count(&shape) * sizeof(float);
    struct tfu_guarded w, sample;
    uint64_t draws;
    enum tfu_status st = tfu_guarded_new(&w, bytes, sizeof(float), kind, "the parameter", e);
    if (st != TFU_OK)
        return st;
    st = tfu_guarded_new(&sample, bytes, sizeof(float), kind, "the source's parameter", e);
    if (st == TFU_OK) {
        memset(w.data, 0, bytes);
        st = fill_memory(c, parameters[which].role, parameters[which].name, shape, (void *)w.data,
                         (void *)sample.data, &draws, e);
    }
    if (st == TFU_OK && !tfu_guarded_intact(&w))
        st = tfu_error_set(e, TFU_EINVAL, "memory before or behind the parameter '%s' was written",
                           parameters[which].name);
    if (st == TFU_OK)
        tfu_life_add(l, w.data, bytes);
    tfu_guarded_free(&sample);
    tfu_guarded_free(&w);
    return st;
}

static enum tfu_status fill_each(const struct tfu_check *c, enum tfu_guard kind, struct tfu_life *l,
                                 struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(parameters); i++)
        st = fill_tight(c, i, kind, l, e);
    return st;
}

static enum tfu_status tight(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_life l = {0};
    enum tfu_status st = TFU_OK;
    for (int kind = TFU_GUARD_NUMBERS; st == TFU_OK && kind <= TFU_GUARD_PAGE_BEFORE; kind++)
        st = fill_each(c, (enum tfu_guard)kind, &l, e);
    return st;
}

enum tfu_status tfu_check_live_init(const struct tfu_check *c, struct tfu_life *l,
                                    struct tfu_error *e)
{
    return fill_each(c, TFU_GUARD_NUMBERS, l, e);
}

static enum tfu_status stays_inside(struct tfu_check *c, struct tfu_error *e)
{
    float w[GUARD + ELEMENTS + GUARD];
    uint64_t draws;
    const enum tfu_status st = fill_weights(c, "conv.weight", w, &draws, e);
    for (int i = 0; st == TFU_OK && i < GUARD; i++)
        if (w[i] != guard || w[GUARD + ELEMENTS + i] != guard)
            return tfu_error_set(e, TFU_EINVAL, "fill() writes before or behind its %d elements",
                                 ELEMENTS);
    return st;
}

static enum tfu_status names(struct tfu_check *c, struct tfu_error *e)
{
    float one[GUARD + ELEMENTS + GUARD], other[GUARD + ELEMENTS + GUARD];
    uint64_t draws;
    enum tfu_status st = fill_weights(c, "conv.weight", one, &draws, e);
    if (st == TFU_OK)
        st = fill_weights(c, "other.weight", other, &draws, e);
    if (st != TFU_OK)
        return st;
    if (draws == 0)
        return tfu_check_skip(c, "it draws nothing");
    return memcmp(one, other, sizeof one) != 0
               ? TFU_OK
               : tfu_error_set(e, TFU_EINVAL,
                               "'conv.weight' and 'other.weight' get the same numbers, although "
                               "%llu are drawn",
                               (unsigned long long)draws);
}

static enum tfu_status attempt(const struct tfu_check *c, const void *config,
                               struct tfu_error *said)
{
    struct tfu_check_model m;
    const enum tfu_status st = tfu_check_model_new(&m, said);
    return st == TFU_OK ? fill(c, &m, config, (struct way){.seed = 1}, said) : st;
}

static enum tfu_status bounds(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_bounds(c, attempt, "fill", e);
}

const struct tfu_check_test tfu_check_init[] = {
    {"no option has the name of a key of the host", tfu_check_names},
    {"every element of every parameter is written and finite", fills},
    {"the same seed gives the same bits", repeats},
    {"any number of threads gives the same bits", threads},
    {"a parameter filled alone gets the same bits", order},
    {"another seed gives other numbers", seeds},
    {"another name gives other numbers", names},
    {"nothing outside the parameter is written", stays_inside},
    {"not an element outside of its memory is read or written", tight},
    {"each option at its bounds fills, or is refused in words", bounds},
    {NULL, NULL},
};
