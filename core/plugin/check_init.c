/* SPDX-License-Identifier: MIT
 *
 * Does what an initializer writes into a parameter follow from the seed and the parameter alone?
 * The host itself refuses elements that were left out or are not finite.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/graph/network.h"
#include "core/plugin/check_tests.h"
#include "core/train/initialise.h"

#include <transfuse/ops.h>

/* ---- a network with parameters of every role and of odd sizes */

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    (void)config;
    tfu_value x = b->input(b, "image");
    b->stage(b, "block1");
    x = tfu_conv2d(b, "conv1", x,
                   (struct tfu_conv2d_attrs){.out = 7, .kernel = 3, .pad = 1, .bias = 1});
    x = tfu_batchnorm(b, "bn1", x, (struct tfu_batchnorm_attrs){0});
    b->stage(b, "block2");
    x = tfu_conv2d(b, "conv2", x, (struct tfu_conv2d_attrs){.out = 40, .kernel = 1});
    x = tfu_conv2d(b, "conv3", x, (struct tfu_conv2d_attrs){.out = 40, .kernel = 3, .groups = 40});
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
    return b->status(b);
}

static const struct tfu_arch_ops arch_ops = {.struct_size = sizeof arch_ops, .build = build};
static const struct tfu_plugin arch = {
    TFU_PLUGIN_HEADER(TFU_KIND_ARCH),
    .name = "check",
    .version = "1",
    .summary = "parameters of every role",
    .ops_size = sizeof arch_ops,
    .ops = &arch_ops,
};

struct model {
    struct tfu_graph *graph;
    struct tfu_threads *threads;
    struct tfu_network *network;
};

static enum tfu_status model_new(struct model *m, struct tfu_error *e)
{
    const struct tfu_graph_request graph = {
        .arch = &arch, .input = tfu_shape_make(4, 1, 8, 9, 3, 1), .outputs = 5};
    *m = (struct model){.graph = NULL};
    enum tfu_status st = tfu_graph_build(&m->graph, &graph, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&m->threads, 3, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_network_request network = {.graph = m->graph,
                                                .backend = &tfu_check_definitions,
                                                .threads = m->threads,
                                                .dtype = TFU_F32};
    return tfu_network_new(&m->network, &network, e);
}

/* ---- one way to fill it */

struct way {
    uint64_t seed;
    bool parallel;
    bool alone; /* an instance of its own for each parameter, in reverse order */
};

static enum tfu_status fill(const struct tfu_check *c, struct model *m, const void *config,
                            struct way way, struct tfu_error *e)
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

static enum tfu_status fill_new(struct tfu_check *c, struct model *m, struct way way,
                                struct tfu_error *e)
{
    const enum tfu_status st = model_new(m, e);
    return st == TFU_OK ? fill(c, m, c->config, way, e) : st;
}

/* The first parameter whose bits differ, or TFU_GRAPH_NONE. */
static uint32_t first_difference(const struct model *a, const struct model *b)
{
    for (uint32_t p = 0; p < a->graph->param_count; p++) {
        const struct tfu_tensor x = tfu_network_param(a->network, p);
        const struct tfu_tensor y = tfu_network_param(b->network, p);
        if (memcmp(x.data, y.data, (size_t)tfu_shape_count(&x.shape) * sizeof(float)) != 0)
            return p;
    }
    return TFU_GRAPH_NONE;
}

static enum tfu_status same_bits(struct tfu_check *c, struct way one, struct way other,
                                 const char *what, struct tfu_error *e)
{
    struct model a, b;
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
    struct model m;
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
    struct model a, b;
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

static enum tfu_status attempt(const struct tfu_check *c, const void *config,
                               struct tfu_error *said)
{
    struct model m;
    const enum tfu_status st = model_new(&m, said);
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
    {"each option at its bounds fills, or is refused in words", bounds},
    {NULL, NULL},
};
