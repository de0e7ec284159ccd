/* SPDX-License-Identifier: MIT
 *
 * The memory plan, by property: of random buffers, and of random networks, whose step is played on
 * an array of bytes that know what they hold.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/random.h"
#include "core/graph/memory.h"
#include "core/graph/plan.h"
#include "tests/support/check_main.h"
#include "tests/support/networks.h"

static struct tfu_random rng;

static uint32_t below(uint64_t n)
{
    return (uint32_t)tfu_random_below(&rng, n);
}

/* ---- buffers */

static void check_buffers(const struct tfu_buffer *b, size_t count, size_t total)
{
    size_t end = 0;
    for (size_t i = 0; i < count; i++) {
        if (!b[i].size)
            continue;
        ck_assert_uint_eq(b[i].offset % TFU_MEMORY_ALIGN, 0);
        ck_assert_uint_le(b[i].offset + b[i].size, total);
        if (b[i].offset + b[i].size > end)
            end = b[i].offset + b[i].size;
        for (size_t k = 0; k < i; k++) {
            const bool together = b[i].first <= b[k].last && b[k].first <= b[i].last;
            const bool overlap =
                b[i].offset < b[k].offset + b[k].size && b[k].offset < b[i].offset + b[i].size;
            if (b[k].size && together && overlap)
                ck_abort_msg("%zu and %zu live at the same time on the same bytes", i, k);
        }
    }
    ck_assert_uint_eq(total, tfu_memory_align(end));
}

/* The bytes that are alive at the worst moment: no plan can do with less. */
static size_t peak(const struct tfu_buffer *b, size_t count, uint32_t moments)
{
    size_t worst = 0;
    for (uint32_t t = 0; t < moments; t++) {
        size_t now = 0;
        for (size_t i = 0; i < count; i++)
            now += b[i].first <= t && t <= b[i].last ? tfu_memory_align(b[i].size) : 0;
        worst = now > worst ? now : worst;
    }
    return worst;
}

START_TEST(random_buffers)
{
    enum { MOST = 60, MOMENTS = 40 };
    struct tfu_buffer b[MOST];
    tfu_random_init(&rng, tfu_random_key((uint64_t)_i, "buffers", ""));
    for (int round = 0; round < 50; round++) {
        const size_t count = below(MOST + 1);
        for (size_t i = 0; i < count; i++) {
            const uint32_t first = below(MOMENTS), length = below(1 + below(MOMENTS));
            b[i] = (struct tfu_buffer){.size = below(8) ? below(1 + below(5000)) : 0,
                                       .first = first,
                                       .last = first + length < MOMENTS ? first + length : first,
                                       .offset = 12345};
        }
        size_t total = 99;
        ck_assert_int_eq(tfu_memory_plan(b, count, &total, NULL), TFU_OK);
        check_buffers(b, count, total);
        ck_assert_uint_ge(total, peak(b, count, MOMENTS));
    }
}
END_TEST

START_TEST(buffers_that_never_meet_share)
{
    struct tfu_buffer b[] = {{.size = 100, .first = 0, .last = 1},
                             {.size = 300, .first = 2, .last = 3},
                             {.size = 200, .first = 4, .last = 4}};
    size_t total = 0;
    ck_assert_int_eq(tfu_memory_plan(b, 3, &total, NULL), TFU_OK);
    ck_assert_uint_eq(total, 320);
    ck_assert_uint_eq(b[0].offset + b[1].offset + b[2].offset, 0);
    ck_assert_int_eq(tfu_memory_plan(NULL, 0, &total, NULL), TFU_OK);
    ck_assert_uint_eq(total, 0);
}
END_TEST

/* ---- networks */

/* Draws a random graph: values of one shape, of which any may be used any number of times. */
static void random_graph(struct tfu_builder *b)
{
    enum { MOST = 24 };
    tfu_value v[MOST + 1];
    bool used[MOST + 1] = {false};
    uint32_t count = 0;
    v[count++] = b->input(b, "image");
    b->stage(b, "body");
    const uint32_t want = 2 + below(MOST - 3);
    while (count < want) {
        char name[16];
        snprintf(name, sizeof name, "n%u", count);
        /* mostly the newest, so that there are chains too */
        const uint32_t i = below(2) ? count - 1 : below(count);
        const uint32_t k = below(3) ? below(count) : i;
        tfu_value out;
        switch (below(8)) {
        case 0:
            out = tfu_batchnorm(b, name, v[i], (struct tfu_batchnorm_attrs){.frozen = below(2)});
            break;
        case 1:
            out = tfu_conv2d(b, name, v[i], (struct tfu_conv2d_attrs){.out = 3, .kernel = 1});
            break;
        case 2:
        case 3:
            out = tfu_relu(b, name, v[i]);
            break;
        case 4:
            out = tfu_dropout(b, name, v[i], 0.5);
            break;
        case 5:
            out = tfu_softmax(b, name, v[i]);
            break;
        case 6:
            out = tfu_maxpool(b, name, v[i],
                              (struct tfu_pool_attrs){.kernel = 3, .stride = 1, .pad = 1});
            break;
        default:
            out = tfu_add(b, name, v[i], v[k]);
            used[k] = true;
        }
        used[i] = true;
        v[count++] = out;
    }
    tfu_value all[MOST + 1];
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!used[i])
            all[n++] = v[i];
    if (n == 1) /* concat takes two */
        all[n++] = v[below(count)];
    b->features(b, tfu_global_avgpool(b, "pool", tfu_concat(b, "all", all, n)), "fc");
}

/* What a byte holds: a value, a gradient, a state, a share of a gradient, a value that was computed
 * once more; 0: nothing. */
enum kind { VALUE = 1, GRADIENT, STATE, SHARE, AGAIN };

struct play {
    const struct tfu_graph *graph;
    const struct tfu_plan_request *request;
    const struct tfu_plan *plan;
    uint32_t *holds;  /* per byte */
    uint32_t *shares; /* per value: added to its gradient so far */
};

static uint32_t tag(enum kind kind, uint32_t index)
{
    return (uint32_t)kind << 24 | index;
}

static size_t bytes_of(const struct play *p, uint32_t value)
{
    return (size_t)tfu_shape_count(&p->graph->value[value].shape) *
           tfu_dtype_size(p->request->value_dtype[value]);
}

static void put(struct play *p, size_t offset, size_t size, uint32_t what)
{
    if (offset == TFU_PLAN_NOWHERE)
        return;
    ck_assert_uint_eq(offset % TFU_MEMORY_ALIGN, 0);
    ck_assert_uint_le(offset + size, p->plan->total);
    for (size_t i = offset; i < offset + size; i++)
        p->holds[i] = what;
}

static void expect(const struct play *p, size_t offset, size_t size, uint32_t what)
{
    if (offset == TFU_PLAN_NOWHERE)
        return;
    for (size_t i = offset; i < offset + size; i++)
        if (p->holds[i] != what)
            ck_abort_msg("byte %zu should hold %x and holds %x", i, what, p->holds[i]);
}

/* Is it read by nobody outside the unit that makes it? */
static bool inside(const struct play *p, uint32_t v)
{
    const uint32_t node = p->graph->value[v].producer;
    if (node == TFU_GRAPH_NONE)
        return false;
    const struct tfu_units *units = p->request->units;
    return tfu_unit_out(p->graph, &units->unit[units->of[node]]) != v;
}

static void expect_value(const struct play *p, uint32_t v)
{
    if (inside(p, v)) {
        ck_assert_uint_eq(p->plan->value[v], TFU_PLAN_NOWHERE);
        return;
    }
    ck_assert((p->plan->value[v] == TFU_PLAN_NOWHERE) == p->request->pinned[v]);
    expect(p, p->plan->value[v], bytes_of(p, v), tag(VALUE, v));
}

/* Where backward finds a value: where forward left it, or where it was computed once more. */
static void expect_late(const struct play *p, uint32_t v)
{
    if (p->plan->again[v] == TFU_PLAN_NOWHERE)
        expect_value(p, v);
    else
        expect(p, p->plan->again[v], bytes_of(p, v), tag(AGAIN, v));
}

static bool elsewhere(const struct play *p, uint32_t v)
{
    return p->request->grad_pinned[v];
}

/* States of a unit, written or expected. */
static void states(struct play *p, const struct tfu_unit *unit,
                   void (*act)(struct play *p, size_t offset, size_t size, uint32_t what))
{
    for (uint32_t i = 0; i < unit->count; i++) {
        const struct tfu_graph_node *node = &p->graph->node[unit->node[i]];
        for (uint32_t s = node->first_state; s < node->first_state + node->state_count; s++) {
            ck_assert_uint_ne(p->plan->state[s], TFU_PLAN_NOWHERE);
            act(p, p->plan->state[s],
                (size_t)tfu_shape_count(&p->graph->state[s].shape) *
                    tfu_dtype_size(p->request->state_dtype[s]),
                tag(STATE, s));
        }
    }
}

static void expect_state(struct play *p, size_t offset, size_t size, uint32_t what)
{
    expect(p, offset, size, what);
}

static void expect_inputs(const struct play *p, const struct tfu_unit *unit, bool but_the_first)
{
    for (uint32_t i = 0; i < unit->count; i++)
        for (uint32_t k = 0; k < p->graph->node[unit->node[i]].in_count; k++)
            if (i > 0 || k > 0 || !but_the_first)
                expect_value(p, p->graph->node[unit->node[i]].in[k]);
}

static void play_forward(struct play *p, const struct tfu_unit *unit)
{
    const uint32_t out = tfu_unit_out(p->graph, unit), in = p->graph->node[unit->node[0]].in[0];
    expect_inputs(p, unit, false);
    if (p->request->training)
        states(p, unit, put);
    put(p, p->plan->value[out], bytes_of(p, out), tag(VALUE, out));
    /* while the unit ran, all of this was there at once */
    expect_inputs(p, unit, unit->in_place && p->plan->value[in] == p->plan->value[out]);
    if (p->request->training)
        states(p, unit, expect_state);
}

static void expect_gradient(const struct play *p, uint32_t v)
{
    uint32_t wanted = v == p->graph->output;
    for (uint32_t i = 0; i < p->graph->node_count; i++)
        for (uint32_t k = 0; k < p->graph->node[i].in_count; k++)
            wanted +=
                p->graph->node[i].in[k] == v && p->plan->use[p->request->first_use[i] + k].wanted;
    ck_assert_uint_eq(p->shares[v], wanted);
    ck_assert((p->plan->gradient[v] == TFU_PLAN_NOWHERE) == elsewhere(p, v));
    expect(p, p->plan->gradient[v], bytes_of(p, v), tag(GRADIENT, v));
}

/* What backward() of a unit reads must be there before and after it writes. */
static void expect_kept(struct play *p, const struct tfu_unit *unit, bool grad_out)
{
    const struct tfu_graph_node *first = &p->graph->node[unit->node[0]];
    const uint32_t out = tfu_unit_out(p->graph, unit);
    if (grad_out)
        expect_gradient(p, out);
    for (uint32_t k = 0; k < first->in_count && unit->keeps & TFU_KEEPS_INPUT; k++)
        expect_late(p, first->in[k]);
    if (unit->keeps & TFU_KEEPS_OUTPUT)
        expect_late(p, out);
    states(p, unit, expect_state);
}

/* What the unit's operation number i writes; true: over the gradient of its output. */
static bool write_gradients(struct play *p, const struct tfu_unit *unit, uint32_t i)
{
    const struct tfu_graph_node *node = &p->graph->node[unit->node[i]];
    const uint32_t out = tfu_unit_out(p->graph, unit), first = p->request->first_use[unit->node[i]];
    const struct tfu_plan_use *use = &p->plan->use[first];
    bool in_place = false;
    for (uint32_t k = 0; k < node->in_count; k++) {
        const uint32_t v = node->in[k];
        ck_assert(use[k].wanted == (p->request->wants_grad[v] && !inside(p, v)));
        if (!use[k].wanted)
            continue;
        ck_assert(use[k].added == (p->shares[v] > 0));
        if (use[k].added) {
            ck_assert_uint_ne(use[k].scratch, TFU_PLAN_NOWHERE);
            put(p, use[k].scratch, bytes_of(p, v), tag(SHARE, first + k));
        } else {
            put(p, p->plan->gradient[v], bytes_of(p, v), tag(GRADIENT, v));
            in_place = in_place || (i == 0 && k == 0 && unit->in_place && !elsewhere(p, v) &&
                                    p->plan->gradient[v] == p->plan->gradient[out]);
        }
        p->shares[v]++;
    }
    return in_place;
}

static void late_inputs(const struct play *p, const struct tfu_unit *unit)
{
    for (uint32_t i = 0; i < unit->count; i++)
        for (uint32_t k = 0; k < p->graph->node[unit->node[i]].in_count; k++)
            if (!inside(p, p->graph->node[unit->node[i]].in[k]))
                expect_late(p, p->graph->node[unit->node[i]].in[k]);
}

/* What runs once more before the backward pass of unit u. */
static void play_again(struct play *p, uint32_t u)
{
    for (uint32_t i = p->plan->again_first[u]; i != TFU_GRAPH_NONE; i = p->plan->again_next[i]) {
        const struct tfu_unit *unit = &p->request->units->unit[i];
        const uint32_t out = tfu_unit_out(p->graph, unit);
        ck_assert(p->request->again[i]);
        ck_assert_uint_ge(u, i);
        late_inputs(p, unit);
        put(p, p->plan->again[out], bytes_of(p, out), tag(AGAIN, out));
        late_inputs(p, unit);
        states(p, unit, expect_state);
    }
}

static void play_backward(struct play *p, uint32_t u)
{
    const struct tfu_unit *unit = &p->request->units->unit[u];
    play_again(p, u);
    if (!p->request->wants_grad[tfu_unit_out(p->graph, unit)])
        return;
    expect_kept(p, unit, true);
    bool in_place = false;
    for (uint32_t i = 0; i < unit->count; i++)
        in_place = write_gradients(p, unit, i) || in_place;
    expect_kept(p, unit, !in_place);
    for (uint32_t i = 0; i < unit->count; i++) {
        const struct tfu_graph_node *node = &p->graph->node[unit->node[i]];
        const uint32_t first = p->request->first_use[unit->node[i]];
        for (uint32_t k = 0; k < node->in_count; k++) {
            const struct tfu_plan_use *use = &p->plan->use[first + k];
            const uint32_t v = node->in[k];
            if (use->wanted && use->added)
                expect(p, use->scratch, bytes_of(p, v), tag(SHARE, first + k));
            if (use->wanted)
                expect(p, p->plan->gradient[v], bytes_of(p, v), tag(GRADIENT, v));
        }
    }
}

static void play(const struct tfu_graph *g, const struct tfu_plan_request *request,
                 const struct tfu_plan *plan)
{
    struct play p = {g, request, plan, calloc(plan->total + 1, sizeof *p.holds),
                     calloc(g->value_count, sizeof *p.shares)};
    ck_assert(p.holds && p.shares);
    put(&p, plan->value[g->input], bytes_of(&p, g->input), tag(VALUE, g->input));
    for (uint32_t u = 0; u < request->units->count; u++)
        play_forward(&p, &request->units->unit[u]);
    expect_value(&p, g->output);
    if (request->training) {
        p.shares[g->output] = 1;
        for (uint32_t u = request->units->count; u-- > 0;)
            play_backward(&p, u);
    }
    free(p.holds);
    free(p.shares);
}

/* The node that reads a value which nobody else does or may see. */
static uint32_t only_user(const struct tfu_plan_request *r, uint32_t value)
{
    const struct tfu_graph *g = r->graph;
    for (uint32_t i = 0; i < g->node_count && g->value[value].use_count == 1; i++)
        for (uint32_t k = 0; k < g->node[i].in_count; k++)
            if (g->node[i].in[k] == value && !r->pinned[value] && !r->grad_pinned[value])
                return i;
    return TFU_GRAPH_NONE;
}

/* Some chains of up to four nodes, which keep what they like. */
static struct tfu_units random_units(const struct tfu_plan_request *r, struct tfu_arena *arena)
{
    const struct tfu_graph *g = r->graph;
    struct tfu_units units;
    ck_assert_int_eq(tfu_units_single(&units, g, arena, NULL), TFU_OK);
    for (uint32_t i = 0; i < g->node_count; i++) {
        struct tfu_unit *u = &units.unit[i];
        const uint32_t most = units.of[i] == i ? 1 + below(4) : 1;
        uint32_t *chain = tfu_arena_array(arena, most, sizeof *chain);
        chain[0] = i;
        while (u->count < most) {
            const uint32_t next = only_user(r, g->node[chain[u->count - 1]].out);
            if (next == TFU_GRAPH_NONE || units.of[next] != next)
                break;
            units.of[next] = i;
            chain[u->count++] = next;
            u->in_place = u->in_place && g->node[next].layer->keeps & TFU_IN_PLACE;
            u->keeps = below(4);
        }
        u->node = chain;
    }
    ck_assert_int_eq(tfu_units_order(&units, g, arena, NULL), TFU_OK);
    return units;
}

/* Units that may be computed once more: nothing of theirs is written elsewhere, and the states and
 * inputs that they read are there until their own backward pass. */
static const bool *random_again(const struct tfu_plan_request *r, struct tfu_arena *arena)
{
    bool *again = tfu_arena_array(arena, r->units->count, sizeof *again);
    for (uint32_t u = 0; u < r->units->count; u++) {
        const struct tfu_unit *unit = &r->units->unit[u];
        const uint32_t out = tfu_unit_out(r->graph, unit);
        again[u] = below(2) && !r->pinned[out] && r->wants_grad[out] && !unit->in_place;
    }
    return again;
}

/* Numbers are kept in a type of their own, each. */
static void fill_types(uint32_t *dtype, uint32_t count)
{
    static const uint32_t types[] = {TFU_F32, TFU_F64, TFU_BF16};
    const bool mixed = below(2);
    const uint32_t all = below(TFU_COUNT(types));
    for (uint32_t i = 0; i < count; i++)
        dtype[i] = types[mixed ? below(TFU_COUNT(types)) : all];
}

START_TEST(random_networks)
{
    tfu_random_init(&rng, tfu_random_key((uint64_t)_i, "networks", ""));
    for (int round = 0; round < 40; round++) {
        struct tfu_graph *g = draw(random_graph, image(2, 3, 3, 3), NULL);
        bool pinned[64] = {false}, wants_grad[64] = {false}, grad_pinned[64] = {false};
        uint32_t first_use[64], value_dtype[64], state_dtype[64], uses = 0;
        ck_assert_uint_le(g->value_count, 64);
        ck_assert_uint_le(g->state_count, 64);
        wants_grad[g->input] = below(2);
        for (uint32_t i = 0; i < g->node_count; i++) {
            const struct tfu_graph_node *node = &g->node[i];
            bool wanted = node->param_count && below(3);
            for (uint32_t k = 0; k < node->in_count; k++)
                wanted = wanted || wants_grad[node->in[k]];
            wants_grad[node->out] = wanted;
            pinned[node->out] = below(6) == 0;
            grad_pinned[node->out] = below(6) == 0;
            first_use[i] = uses;
            uses += node->in_count;
        }
        pinned[g->input] = pinned[g->output] = true;
        grad_pinned[g->input] = grad_pinned[g->output] = true;
        for (int training = 0; training < 2; training++) {
            struct tfu_arena arena;
            tfu_arena_init(&arena, 0);
            fill_types(value_dtype, g->value_count);
            fill_types(state_dtype, g->state_count);
            struct tfu_plan_request request = {.graph = g,
                                               .training = training,
                                               .value_dtype = value_dtype,
                                               .state_dtype = state_dtype,
                                               .pinned = pinned,
                                               .wants_grad = wants_grad,
                                               .grad_pinned = grad_pinned,
                                               .first_use = first_use,
                                               .use_count = uses};
            const struct tfu_units units = random_units(&request, &arena);
            request.units = &units;
            request.again = random_again(&request, &arena);
            struct tfu_plan plan;
            ck_assert_int_eq(tfu_plan_make(&plan, &request, &arena, NULL), TFU_OK);
            play(g, &request, &plan);
            tfu_arena_free(&arena);
        }
        tfu_graph_free(g);
    }
}
END_TEST

static void relu_chain(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    x = tfu_maxpool(b, "max", x, (struct tfu_pool_attrs){.kernel = 1});
    x = tfu_dropout(b, "drop1", x, 0.5);
    x = tfu_dropout(b, "drop2", x, 0.5);
    x = tfu_relu(b, "relu", x);
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

/* A chain that may run in place takes one buffer; so do its gradients. */
START_TEST(in_place_chain)
{
    struct tfu_graph *g = draw(relu_chain, image(1, 4, 4, 3), NULL);
    bool pinned[8] = {false}, wants_grad[8], grad_pinned[8] = {false};
    uint32_t first_use[8], dtype[8];
    for (size_t i = 0; i < TFU_COUNT(dtype); i++)
        dtype[i] = TFU_F64;
    memset(wants_grad, true, sizeof wants_grad);
    for (uint32_t i = 0; i < g->node_count; i++)
        first_use[i] = i;
    pinned[g->input] = pinned[g->output] = true;
    grad_pinned[g->input] = grad_pinned[g->output] = true;
    struct tfu_arena arena;
    tfu_arena_init(&arena, 0);
    struct tfu_units units;
    ck_assert_int_eq(tfu_units_single(&units, g, &arena, NULL), TFU_OK);
    const struct tfu_plan_request request = {.graph = g,
                                             .units = &units,
                                             .training = true,
                                             .value_dtype = dtype,
                                             .state_dtype = dtype,
                                             .pinned = pinned,
                                             .wants_grad = wants_grad,
                                             .grad_pinned = grad_pinned,
                                             .first_use = first_use,
                                             .use_count = g->node_count};
    struct tfu_plan plan;
    ck_assert_int_eq(tfu_plan_make(&plan, &request, &arena, NULL), TFU_OK);
    const uint32_t last = value_called(g, "relu");
    for (uint32_t v = value_called(g, "max"); v < last; v++) {
        ck_assert_uint_eq(plan.value[v], plan.value[last]);
        ck_assert_uint_eq(plan.gradient[v], plan.gradient[last]);
    }
    ck_assert_uint_ne(plan.value[last], plan.gradient[last]);
    tfu_arena_free(&arena);
    tfu_graph_free(g);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("memory");
    TCase *t = tcase_create("buffers");
    tcase_add_loop_test(t, random_buffers, 0, 8);
    tcase_add_test(t, buffers_that_never_meet_share);
    suite_add_tcase(s, t);
    t = tcase_create("networks");
    tcase_add_loop_test(t, random_networks, 0, 8);
    tcase_add_test(t, in_place_chain);
    suite_add_tcase(s, t);
    return run_suite(s);
}
