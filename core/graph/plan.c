/* SPDX-License-Identifier: MIT
 *
 * Lifetimes. A training step of n units has the moments 0 (the input is there), i + 1 (unit i runs
 * forward), n + 1 (the loss reads the output and writes its gradient) and 2 n + 1 - i (unit i runs
 * backward). A value that is computed once more has two lives.
 */
#include "core/graph/plan.h"

#include <stdlib.h>

enum { NEVER = UINT32_MAX };

struct lifetimes {
    const struct tfu_plan_request *request;
    const struct tfu_graph *graph;
    const struct tfu_units *units;
    struct tfu_buffer *buffer; /* values, gradients, states, scratches of uses, values computed once
                                  more: in this order */
    uint32_t *root;            /* per value and gradient: the buffer whose place it shares */
    size_t count;
};

static uint32_t forward_moment(uint32_t unit)
{
    return unit + 1;
}

static uint32_t backward_moment(const struct lifetimes *l, uint32_t unit)
{
    return 2 * l->units->count + 1 - unit;
}

/* The unit that runs backward at a moment. */
static uint32_t backward_unit(const struct lifetimes *l, uint32_t moment)
{
    return 2 * l->units->count + 1 - moment;
}

/* When a value is made: by the unit that its producer is the last node of. */
static uint32_t made_at(const struct lifetimes *l, uint32_t value)
{
    const uint32_t p = l->graph->value[value].producer;
    return p == TFU_GRAPH_NONE ? 0 : forward_moment(l->units->of[p]);
}

/* Nobody outside of its unit reads it. */
static bool inside(const struct lifetimes *l, uint32_t value)
{
    const uint32_t p = l->graph->value[value].producer;
    return p != TFU_GRAPH_NONE && tfu_unit_out(l->graph, &l->units->unit[l->units->of[p]]) != value;
}

/* Does the unit run backward? Then what it keeps must still be there. */
static bool runs_backward(const struct lifetimes *l, const struct tfu_unit *unit)
{
    return l->request->training && l->request->wants_grad[tfu_unit_out(l->graph, unit)];
}

static size_t gradient_index(const struct lifetimes *l, uint32_t value)
{
    return l->graph->value_count + value;
}

static size_t state_index(const struct lifetimes *l, uint32_t state)
{
    return 2 * (size_t)l->graph->value_count + state;
}

static size_t use_index(const struct lifetimes *l, uint32_t use)
{
    return 2 * (size_t)l->graph->value_count + l->graph->state_count + use;
}

static size_t again_index(const struct lifetimes *l, uint32_t value)
{
    return use_index(l, l->request->use_count) + value;
}

static size_t value_size(const struct lifetimes *l, uint32_t value)
{
    return (size_t)tfu_shape_count(&l->graph->value[value].shape) *
           tfu_dtype_size(l->request->value_dtype[value]);
}

static size_t state_size(const struct lifetimes *l, uint32_t state)
{
    return (size_t)tfu_shape_count(&l->graph->state[state].shape) *
           tfu_dtype_size(l->request->state_dtype[state]);
}

static bool gradient_pinned(const struct lifetimes *l, uint32_t value)
{
    return l->request->grad_pinned[value];
}

static void extend(struct tfu_buffer *b, uint32_t moment)
{
    if (moment < b->first)
        b->first = moment;
    if (moment > b->last)
        b->last = moment;
}

/* When each value is first written, and last read by a forward pass. */
static void value_lives(struct lifetimes *l)
{
    const struct tfu_graph *g = l->graph;
    for (uint32_t v = 0; v < g->value_count; v++) {
        struct tfu_buffer *b = &l->buffer[v];
        b->first = b->last = made_at(l, v);
        b->size = l->request->pinned[v] || inside(l, v) ? 0 : value_size(l, v);
    }
    for (uint32_t i = 0; i < g->node_count; i++)
        for (uint32_t k = 0; k < g->node[i].in_count; k++)
            extend(&l->buffer[g->node[i].in[k]], forward_moment(l->units->of[i]));
}

/* The first `count` operations of a unit read their inputs at a moment of the backward pass. */
static void read_late(struct lifetimes *l, const struct tfu_unit *unit, uint32_t count,
                      uint32_t moment)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct tfu_graph_node *node = &l->graph->node[unit->node[i]];
        for (uint32_t k = 0; k < node->in_count; k++)
            if (!tfu_unit_inner(l->graph, unit, i, k))
                extend(&l->buffer[again_index(l, node->in[k])], moment);
    }
}

/* Values that backward reads live on, or once more from their first such reader to the last. A
 * value's readers are later units than the one that makes it, so they are known when it is met. */
static void late_lives(struct lifetimes *l, struct tfu_plan *out)
{
    for (uint32_t v = 0; v < l->graph->value_count; v++)
        l->buffer[again_index(l, v)] = (struct tfu_buffer){.first = NEVER};
    for (uint32_t u = l->units->count; u-- > 0;) {
        const struct tfu_unit *unit = &l->units->unit[u];
        const uint32_t v = tfu_unit_out(l->graph, unit), moment = backward_moment(l, u);
        const bool backward = runs_backward(l, unit);
        struct tfu_buffer *late = &l->buffer[again_index(l, v)];
        if (backward && unit->keeps & TFU_KEEPS_OUTPUT)
            extend(late, moment);
        if (late->first != NEVER && l->request->again && l->request->again[u]) {
            const uint32_t before = backward_unit(l, late->first);
            late->size = value_size(l, v);
            out->again_next[u] = out->again_first[before];
            out->again_first[before] = u;
            read_late(l, unit, unit->count, late->first);
        } else if (late->first != NEVER) {
            extend(&l->buffer[v], late->last);
        }
        if (backward && unit->keeps & TFU_KEEPS_INPUT)
            read_late(l, unit, 1, moment);
    }
}

/* The gradients that a unit's operation number i writes. */
static void gradients_of(struct lifetimes *l, uint32_t u, uint32_t i, bool *written,
                         struct tfu_plan_use *use)
{
    const struct tfu_unit *unit = &l->units->unit[u];
    const struct tfu_graph_node *node = &l->graph->node[unit->node[i]];
    const uint32_t moment = backward_moment(l, u), first = l->request->first_use[unit->node[i]];
    for (uint32_t k = 0; k < node->in_count; k++) {
        const uint32_t v = node->in[k];
        struct tfu_plan_use *to = &use[first + k];
        to->wanted = l->request->wants_grad[v] && l->request->wants_grad[node->out] &&
                     !tfu_unit_inner(l->graph, unit, i, k);
        if (!to->wanted)
            continue;
        extend(&l->buffer[gradient_index(l, v)], moment);
        to->added = written[v];
        if (written[v])
            l->buffer[use_index(l, first + k)] =
                (struct tfu_buffer){.size = value_size(l, v), .first = moment, .last = moment};
        written[v] = true;
    }
}

/* Gradients come into being at the last unit that uses the value, which runs backward first. */
static enum tfu_status gradient_lives(struct lifetimes *l, struct tfu_plan_use *use,
                                      struct tfu_error *e)
{
    const struct tfu_graph *g = l->graph;
    bool *written = calloc(g->value_count + 1, sizeof *written);
    if (!written)
        return tfu_error_memory(e, "planning memory", 0);
    for (uint32_t v = 0; v < g->value_count; v++) {
        const uint32_t p = g->value[v].producer;
        struct tfu_buffer *b = &l->buffer[gradient_index(l, v)];
        if (!l->request->wants_grad[v] || inside(l, v))
            continue;
        b->size = gradient_pinned(l, v) ? 0 : value_size(l, v);
        b->first = b->last =
            p == TFU_GRAPH_NONE ? 2 * l->units->count + 2 : backward_moment(l, l->units->of[p]);
    }
    for (uint32_t u = l->units->count; u-- > 0;)
        for (uint32_t i = 0; i < l->units->unit[u].count; i++)
            gradients_of(l, u, i, written, use);
    free(written);
    return TFU_OK;
}

/* What forward() leaves for backward(). */
static void state_lives(struct lifetimes *l)
{
    const struct tfu_graph *g = l->graph;
    for (uint32_t i = 0; i < g->node_count; i++) {
        const uint32_t u = l->units->of[i];
        const bool kept = runs_backward(l, &l->units->unit[u]);
        for (uint32_t s = g->node[i].first_state;
             s < g->node[i].first_state + g->node[i].state_count; s++)
            l->buffer[state_index(l, s)] =
                (struct tfu_buffer){.size = state_size(l, s),
                                    .first = forward_moment(u),
                                    .last = kept ? backward_moment(l, u) : forward_moment(u)};
    }
}

/* Lets `b` lie where `a` lies: one buffer with both lives. */
static void share(struct lifetimes *l, size_t a, size_t b)
{
    while (l->root[a] != a)
        a = l->root[a];
    l->root[b] = (uint32_t)a;
    extend(&l->buffer[a], l->buffer[b].first);
    extend(&l->buffer[a], l->buffer[b].last);
    l->buffer[b].size = 0;
}

/* An operation that allows it writes over its input, or its gradient over that of its output, when
 * nobody needs what was there. */
static void share_in_place(struct lifetimes *l, const struct tfu_plan_use *use)
{
    const struct tfu_graph *g = l->graph;
    for (uint32_t i = 0; i < l->units->count; i++) {
        const struct tfu_unit *unit = &l->units->unit[i];
        const struct tfu_graph_node *node = &g->node[unit->node[0]];
        if (!unit->in_place || node->in_count == 0)
            continue;
        const uint32_t in = node->in[0], out = tfu_unit_out(g, unit);
        const struct tfu_plan_use *u = &use[l->request->first_use[unit->node[0]]];
        if (value_size(l, in) != value_size(l, out) ||
            l->request->value_dtype[in] != l->request->value_dtype[out])
            continue;
        /* read by others, or later than now: then it must survive */
        if (!l->request->pinned[in] && !l->request->pinned[out] && g->value[in].use_count == 1 &&
            l->buffer[in].last == forward_moment(i))
            share(l, in, out);
        if (u->wanted && !u->added && !gradient_pinned(l, in) && !gradient_pinned(l, out))
            share(l, gradient_index(l, out), gradient_index(l, in));
    }
}

static size_t place_of(const struct lifetimes *l, size_t index)
{
    while (l->root[index] != index)
        index = l->root[index];
    return l->buffer[index].size ? l->buffer[index].offset : TFU_PLAN_NOWHERE;
}

static void read_places(const struct lifetimes *l, struct tfu_plan *out)
{
    const struct tfu_graph *g = l->graph;
    for (uint32_t v = 0; v < g->value_count; v++) {
        out->value[v] = place_of(l, v);
        out->gradient[v] = place_of(l, gradient_index(l, v));
        out->again[v] = place_of(l, again_index(l, v));
    }
    for (uint32_t s = 0; s < g->state_count; s++)
        out->state[s] = place_of(l, state_index(l, s));
    for (uint32_t u = 0; u < l->request->use_count; u++)
        out->use[u].scratch = place_of(l, use_index(l, u));
}

enum tfu_status tfu_plan_make(struct tfu_plan *out, const struct tfu_plan_request *request,
                              struct tfu_arena *arena, struct tfu_error *e)
{
    const struct tfu_graph *g = request->graph;
    struct lifetimes l = {.request = request, .graph = g, .units = request->units};
    l.count = again_index(&l, g->value_count);
    out->value = tfu_arena_array(arena, g->value_count, sizeof *out->value);
    out->gradient = tfu_arena_array(arena, g->value_count, sizeof *out->gradient);
    out->again = tfu_arena_array(arena, g->value_count, sizeof *out->again);
    out->again_first = tfu_arena_array(arena, g->node_count + 1, sizeof *out->again_first);
    out->again_next = tfu_arena_array(arena, g->node_count + 1, sizeof *out->again_next);
    out->state = tfu_arena_array(arena, g->state_count + 1, sizeof *out->state);
    out->use = tfu_arena_array(arena, request->use_count + 1, sizeof *out->use);
    l.buffer = calloc(l.count, sizeof *l.buffer);
    l.root = calloc(l.count, sizeof *l.root);
    enum tfu_status st = TFU_OK;
    if (!out->value || !out->gradient || !out->again || !out->again_first || !out->again_next ||
        !out->state || !out->use || !l.buffer || !l.root) {
        st = tfu_error_memory(e, "planning memory", 0);
        goto end;
    }
    for (size_t i = 0; i < l.count; i++)
        l.root[i] = (uint32_t)i;
    for (uint32_t u = 0; u < request->units->count; u++)
        out->again_first[u] = out->again_next[u] = TFU_GRAPH_NONE;
    value_lives(&l);
    if (request->training) {
        late_lives(&l, out);
        st = gradient_lives(&l, out->use, e);
        if (st != TFU_OK)
            goto end;
        state_lives(&l);
    }
    share_in_place(&l, out->use);
    st = tfu_memory_plan(l.buffer, l.count, &out->total, e);
    if (st == TFU_OK)
        read_places(&l, out);
end:
    free(l.buffer);
    free(l.root);
    return st;
}
