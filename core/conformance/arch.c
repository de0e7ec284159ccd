/* SPDX-License-Identifier: MIT
 *
 * Does an architecture describe whole networks, the same ones every time? That names are unique,
 * every value is used and every operation belongs to a stage is checked by each build.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/random.h"
#include "core/conformance/life.h"
#include "core/graph/access.h"

/* Sides of square images: networks of many stages refuse the smaller ones. */
static const int64_t sides[] = {32, 80, 128, 224, 299};
enum { OUTPUTS = 3, BATCH = 2 };

static enum tfu_status build(const struct tfu_check *c, const void *config, int64_t height,
                             int64_t width, int64_t channels, struct tfu_graph **out,
                             struct tfu_error *said)
{
    const struct tfu_graph_request r = {
        .arch = c->plugin,
        .config = config,
        .input = tfu_shape_make(4, BATCH, height, width, channels, 1),
        .outputs = OUTPUTS,
        .layers = c->registry,
    };
    return tfu_graph_build(out, &r, said);
}

/* The graph for the smallest of the sides that the architecture takes. */
static enum tfu_status build_smallest(const struct tfu_check *c, const void *config, int64_t *side,
                                      struct tfu_graph **out, struct tfu_error *said)
{
    enum tfu_status st = TFU_EINVAL;
    for (size_t i = 0; st != TFU_OK && i < TFU_COUNT(sides); i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        *side = sides[i];
        st = build(c, config, sides[i], sides[i], 3, out, &e);
        if (i + 1 == TFU_COUNT(sides) && st != TFU_OK)
            *said = e;
    }
    return st;
}

static enum tfu_status builds(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_graph *g;
    int64_t side;
    const enum tfu_status st = build_smallest(c, c->config, &side, &g, e);
    if (st != TFU_OK)
        return st;
    tfu_check_note(c,
                   "%u operations in %u stages, %" PRId64 " parameters, from %" PRId64 "x%" PRId64,
                   g->node_count, g->stage_count, tfu_graph_trained_count(g), side, side);
    tfu_graph_free(g);
    return TFU_OK;
}

static enum tfu_status attempt(const struct tfu_check *c, const void *config,
                               struct tfu_error *said)
{
    struct tfu_graph *g = NULL;
    int64_t side;
    const enum tfu_status st = build_smallest(c, config, &side, &g, said);
    tfu_graph_free(g);
    return st;
}

static enum tfu_status bounds(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_bounds(c, attempt, "build", e);
}

/* ---- the same graph again */

static bool same_attr(const struct tfu_graph_node *a, const struct tfu_graph_node *b)
{
    for (uint32_t i = 0; i < a->attr_count; i++)
        if (a->attr[i].i != b->attr[i].i || a->attr[i].f != b->attr[i].f)
            return false;
    return true;
}

static bool same_node(const struct tfu_graph_node *a, const struct tfu_graph_node *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->op, b->op) == 0 &&
           a->attr_count == b->attr_count && a->in_count == b->in_count && a->stage == b->stage &&
           memcmp(a->in, b->in, a->in_count * sizeof *a->in) == 0 && same_attr(a, b);
}

static enum tfu_status same_graph(const struct tfu_graph *a, const struct tfu_graph *b,
                                  struct tfu_error *e)
{
    if (a->node_count != b->node_count || a->stage_count != b->stage_count)
        return tfu_error_set(e, TFU_EINVAL,
                             "the second build has %u operations in %u stages, the first %u in %u",
                             b->node_count, b->stage_count, a->node_count, a->stage_count);
    for (uint32_t i = 0; i < a->node_count; i++)
        if (!same_node(&a->node[i], &b->node[i]))
            return tfu_error_set(e, TFU_EINVAL,
                                 "operation %u is '%s' (%s) in the first build and '%s' (%s) with "
                                 "other inputs, attributes or stage in the second",
                                 i, a->node[i].name, a->node[i].op, b->node[i].name, b->node[i].op);
    for (uint32_t i = 0; i < a->stage_count; i++)
        if (strcmp(a->stage[i].name, b->stage[i].name) != 0)
            return tfu_error_set(e, TFU_EINVAL, "stage %u is '%s' in the first build, then '%s'", i,
                                 a->stage[i].name, b->stage[i].name);
    return TFU_OK;
}

static enum tfu_status repeats(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_graph *a, *b;
    int64_t side;
    enum tfu_status st = build_smallest(c, c->config, &side, &a, e);
    if (st == TFU_OK)
        st = build(c, c->config, side, side, 3, &b, e);
    return st == TFU_OK ? same_graph(a, b, e) : st;
}

/* ---- images of other sizes */

static enum tfu_status sizes(struct tfu_check *c, struct tfu_error *e)
{
    int accepted = 0, refused = 0;
    for (size_t i = 0; i < TFU_COUNT(sides); i++)
        for (int64_t channels = 1; channels <= 3; channels += 2)
            for (int64_t wider = 0; wider <= 5; wider += 5) {
                struct tfu_graph *g = NULL;
                struct tfu_error said = TFU_ERROR_INIT;
                enum tfu_status st =
                    build(c, c->config, sides[i], sides[i] + wider, channels, &g, &said);
                accepted += st == TFU_OK;
                refused += st != TFU_OK;
                st = tfu_check_manners(st, &said, "build", e);
                if (st != TFU_OK)
                    return tfu_error_prefix(e, "images of %" PRId64 "x%" PRId64 "x%" PRId64,
                                            sides[i], sides[i] + wider, channels);
                tfu_graph_free(g);
            }
    tfu_check_note(c, "%d sizes, %d of them refused in words", accepted + refused, refused);
    return accepted ? TFU_OK
                    : tfu_error_set(e, TFU_EINVAL, "it takes no image of 32x32 to 299x299");
}

/* ---- numbers */

/* He's initialisation; scales and variances 1, all else 0. */
static enum tfu_status draw_weights(struct tfu_network *n, uint64_t seed, struct tfu_error *e)
{
    const struct tfu_graph *g = tfu_network_graph(n);
    struct tfu_random random;
    tfu_random_init(&random, tfu_random_key(seed, "check", "weights"));
    enum tfu_status st = TFU_OK;
    for (uint32_t p = 0; st == TFU_OK && p < g->param_count; p++) {
        const uint32_t role = g->param[p].role;
        const double fan = g->param[p].fan_in > 0 ? (double)g->param[p].fan_in : 1;
        const double constant = role == TFU_ROLE_SCALE || role == TFU_ROLE_RUNNING_VAR;
        float *w = tfu_network_draft(n, tfu_region_param(p));
        for (int64_t i = 0; i < tfu_shape_count(&g->param[p].shape); i++)
            w[i] = (float)(role == TFU_ROLE_WEIGHT ? sqrt(2 / fan) * tfu_random_normal(&random)
                                                   : constant);
        st = tfu_network_commit(n, tfu_region_param(p), e);
    }
    return st;
}

static enum tfu_status draw_images(struct tfu_network *n, uint64_t seed, struct tfu_error *e)
{
    const struct tfu_graph *g = tfu_network_graph(n);
    struct tfu_random random;
    tfu_random_init(&random, tfu_random_key(seed, "check", "images"));
    const struct tfu_region images = tfu_region_value(g->input, 0);
    float *image = tfu_network_draft(n, images);
    for (int64_t i = 0; i < tfu_shape_count(&g->value[g->input].shape); i++)
        image[i] = (float)tfu_random_uniform(&random);
    return tfu_network_commit(n, images, e);
}

static enum tfu_status all_finite(const struct tfu_network *n, struct tfu_region region,
                                  int64_t count, const char *what, const char *name,
                                  struct tfu_error *e)
{
    const float *x;
    const enum tfu_status st = tfu_network_look(n, region, &x, e);
    if (st != TFU_OK)
        return st;
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(x[i]))
            return tfu_error_set(e, TFU_ENUMERIC, "element %" PRId64 " of the %s%s is %g", i, what,
                                 name, (double)x[i]);
    return TFU_OK;
}

static enum tfu_status run_both_passes(struct tfu_network *n, struct tfu_error *e)
{
    const struct tfu_graph *g = tfu_network_graph(n);
    enum tfu_status st = tfu_network_forward(n, BATCH, true, 1, e);
    if (st == TFU_OK)
        st = all_finite(n, tfu_region_output(g, 0), BATCH * OUTPUTS, "output", "", e);
    float *grad = tfu_network_draft(n, tfu_region_output_grad(g, 0));
    for (int64_t i = 0; i < BATCH * OUTPUTS; i++)
        grad[i] = i % 2 ? -0.5f : 1;
    if (st == TFU_OK)
        st = tfu_network_commit(n, tfu_region_output_grad(g, 0), e);
    if (st == TFU_OK)
        st = tfu_network_backward(n, e);
    for (uint32_t p = 0; st == TFU_OK && p < g->param_count; p++)
        if (tfu_network_has(n, tfu_region_param_grad(p)))
            st = all_finite(n, tfu_region_param_grad(p), tfu_shape_count(&g->param[p].shape),
                            "gradient by ", g->param[p].name, e);
    return st;
}

/* A network of the smallest size, with weights and images; it lives as long as the process. */
static enum tfu_status network_new(struct tfu_check *c, struct tfu_network **out, int64_t *side,
                                   struct tfu_error *e)
{
    struct tfu_graph *g = NULL;
    struct tfu_threads *threads = NULL;
    enum tfu_status st = build_smallest(c, c->config, side, &g, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&threads, 1, e);
    if (st == TFU_OK)
        st = tfu_network_new(out,
                             &(struct tfu_network_request){.graph = g,
                                                           .backend = &tfu_check_definitions,
                                                           .threads = threads,
                                                           .dtype = TFU_F32,
                                                           .training = true,
                                                           .seed = 1},
                             e);
    if (st != TFU_OK)
        return st;
    st = draw_weights(*out, 1, e);
    return st == TFU_OK ? draw_images(*out, 1, e) : st;
}

static enum tfu_status trains(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_network *n;
    int64_t side;
    const enum tfu_status st = network_new(c, &n, &side, e);
    if (st != TFU_OK)
        return st;
    tfu_check_note(c, "%d images of %" PRId64 "x%" PRId64, BATCH, side, side);
    return run_both_passes(n, e);
}

/* What it puts out without training. */
static enum tfu_status infer(struct tfu_network *n, float out[BATCH * OUTPUTS], struct tfu_error *e)
{
    const struct tfu_region output = tfu_region_output(tfu_network_graph(n), 0);
    enum tfu_status st = tfu_network_forward(n, BATCH, false, 0, e);
    if (st == TFU_OK)
        st = tfu_network_read(n, output, out, e);
    return st == TFU_OK ? all_finite(n, output, BATCH * OUTPUTS, "output", "", e) : st;
}

static enum tfu_status depends(struct tfu_check *c, struct tfu_error *e)
{
    static const struct {
        enum tfu_status (*draw)(struct tfu_network *n, uint64_t seed, struct tfu_error *e);
        const char *what;
    } drawn[] = {{draw_images, "images"}, {draw_weights, "weights"}};
    float before[BATCH * OUTPUTS], after[BATCH * OUTPUTS];
    struct tfu_network *n;
    int64_t side;
    enum tfu_status st = network_new(c, &n, &side, e);
    if (st == TFU_OK)
        st = infer(n, before, e);
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(drawn); i++) {
        st = drawn[i].draw(n, 2, e);
        if (st == TFU_OK)
            st = infer(n, after, e);
        if (st == TFU_OK && memcmp(before, after, sizeof before) == 0)
            st = tfu_error_set(e, TFU_EINVAL, "other %s give the same output, to the last bit",
                               drawn[i].what);
        memcpy(before, after, sizeof before);
    }
    return st;
}

static void add_node(struct tfu_life *l, const struct tfu_graph_node *n)
{
    tfu_life_add_text(l, n->name);
    tfu_life_add_text(l, n->op);
    tfu_life_add(l, &n->stage, sizeof n->stage);
    tfu_life_add(l, n->in, n->in_count * sizeof *n->in);
    for (uint32_t i = 0; i < n->attr_count; i++) {
        tfu_life_add(l, &n->attr[i].i, sizeof n->attr[i].i);
        tfu_life_add(l, &n->attr[i].f, sizeof n->attr[i].f);
    }
}

enum tfu_status tfu_check_live_arch(const struct tfu_check *c, struct tfu_life *l,
                                    struct tfu_error *e)
{
    struct tfu_graph *g;
    int64_t side;
    const enum tfu_status st = build_smallest(c, c->config, &side, &g, e);
    if (st != TFU_OK)
        return st;
    for (uint32_t i = 0; i < g->node_count; i++)
        add_node(l, &g->node[i]);
    for (uint32_t i = 0; i < g->stage_count; i++)
        tfu_life_add_text(l, g->stage[i].name);
    tfu_graph_free(g);
    return TFU_OK;
}

const struct tfu_check_test tfu_check_arch[] = {
    {"builds a whole network", builds},
    {"each option at its bounds builds, or is refused in words", bounds},
    {"the same configuration gives the same network", repeats},
    {"grey and colour images of several sizes build, or are refused in words", sizes},
    {"a forward and a backward pass are finite", trains},
    {"the output depends on the images and on the weights", depends},
    {NULL, NULL},
};
